// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starting the other programs of the mail system, with the instance's environment.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use runtime::text::reason;
use sys::spawn::{Child, Ended, Spawn};

use crate::Outcome;
use crate::instance::Instance;

/// A program with its arguments.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<String>,
    quiet: bool,
}

impl Program {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            arguments: Vec::new(),
            quiet: false,
        }
    }

    /// A command of this mail system.
    pub(crate) fn command(instance: &Instance, name: &str) -> Self {
        Self::new(&instance.params.command_directory.join(name))
    }

    /// Its first process.
    pub(crate) fn master(instance: &Instance) -> Self {
        Self::new(&instance.params.daemon_directory.join("master"))
    }

    pub(crate) fn args<S: AsRef<str>>(mut self, arguments: &[S]) -> Self {
        self.arguments
            .extend(arguments.iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Throws its standard output away.
    pub(crate) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Starts it without waiting.
    pub(crate) fn start(self, instance: &Instance) -> Result<Child, String> {
        let path = self.path.clone();
        let failed = |error| format!("cannot execute {}: {}", path.display(), reason(&error));
        self.prepare(instance)
            .and_then(Spawn::spawn)
            .map_err(failed)
    }

    /// Runs it to its end; its exit status, or 128 and the number of the signal that ended it.
    pub(crate) fn run(self, instance: &Instance) -> Outcome {
        let path = self.path.clone();
        let child = self.start(instance)?;
        match sys::spawn::wait(child.pid, None) {
            Ok(Some(Ended::Exited(status))) => Ok(status),
            Ok(Some(Ended::Signaled(signal))) => Ok(128 + signal),
            Ok(None) => Ok(runtime::exit::FATAL),
            Err(error) => Err(format!(
                "cannot wait for {}: {}",
                path.display(),
                reason(&error)
            )),
        }
    }

    /// Takes this process over; comes back only when that fails.
    pub(crate) fn become_it(self, instance: &Instance) -> Outcome {
        let path = self.path.clone();
        let error = match self.prepare(instance) {
            Ok(spawn) => spawn.exec(),
            Err(error) => error,
        };
        Err(format!("{}: {}", path.display(), reason(&error)))
    }

    fn prepare(self, instance: &Instance) -> std::io::Result<Spawn> {
        let mut spawn = Spawn::new(&self.path).args(&self.arguments).env_clear();
        for (name, value) in &instance.environment {
            spawn = spawn.env(name, value);
        }
        if self.quiet {
            let null = File::options().write(true).open("/dev/null")?;
            spawn = spawn.fd(1, OwnedFd::from(null));
        }
        Ok(spawn)
    }
}

/// Finds a program by name in the places where the system keeps programs.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name));
    }
    let places = ["/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"];
    places
        .iter()
        .map(|place| Path::new(place).join(name))
        .find(|path| path.is_file())
}
