// SPDX-License-Identifier: MIT OR Apache-2.0
//! From the command line to the loop: checks, locks, leaving the terminal.
//!
//! *Invariants:* the lock on master.pid is held from before the first socket is opened until
//! the process ends, so that there is one master per queue directory; the lock on master.lock
//! does the same for the data directory.
//!
//! *Errors:* each is one fatal line and exit status 1; under `-w` also for the waiting parent.
//!
//! *Postfix:* master.c, master_monitor.c, open_lock(3).

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use runtime::event::master::MasterStarted;
use runtime::log;
use runtime::text::reason;
use sys::files::{Expect, FileKind, OpenFlags, safe_open};

use crate::options::Options;
use crate::params::{self, Params};
use crate::run::{End, Master};

/// The user and group that own the mail system's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// How long `-w` waits for the child.
const INITIALIZATION: Duration = Duration::from_secs(100);

/// Width of the number in master.pid.
const PID_WIDTH: usize = 32;

/// The program.
pub(crate) fn main() -> ! {
    sys::fd::ensure_stdio();
    sys::fd::close_from(3);
    sys::files::umask(0o077);
    // One service may have hundreds of processes, and children inherit the limit.
    sys::limits::raise_open_files();
    log::early("master", true, true);
    log::catch_panics();
    match start() {
        Ok(()) => std::process::exit(0),
        Err(error) => log::fatal(error),
    }
}

fn start() -> Result<(), String> {
    let mut options = Options::parse(std::env::args_os().skip(1))?;
    if std::env::var_os("MAIL_VERBOSE").is_some() {
        options.verbose = options.verbose.max(1);
    }
    options.debug |= std::env::var_os("MAIL_DEBUG").is_some() && !options.init;
    log::set_verbose(options.verbose);
    let directory = config::locate(options.config_directory.as_deref());
    let (params, owner) = params::read(&directory.map_err(|error| error.to_string())?)?;
    check_caller(&params, owner)?;
    if options.test {
        std::process::exit(i32::from(is_locked(&params)));
    }
    let monitor = if options.wait {
        wait_for_child()?
    } else {
        None
    };
    leave_terminal(&options)?;
    params.log_setup(options.stay || options.debug).apply();
    let queue = &params.queue_directory;
    std::env::set_current_dir(queue)
        .map_err(|error| format!("chdir {}: {}", queue.display(), reason(&error)))?;
    let _locks = take_locks(&params, owner)?;
    serve(options, params, owner, monitor)
}

fn serve(
    options: Options,
    params: Params,
    owner: Owner,
    monitor: Option<OwnedFd>,
) -> Result<(), String> {
    let debug = options.debug.then(|| params.debugger_command.clone());
    let mut master = Master::new(options, params, owner).map_err(|error| error.to_string())?;
    master.start_services()?;
    log::info(MasterStarted {
        version: &master.params.mail_version,
        configuration: &master.params.config_directory.to_string_lossy(),
    });
    if let Some(monitor) = monitor {
        let _ = File::from(monitor).write_all(b"\0");
    }
    if let Some(command) = debug {
        start_debugger(&command);
    }
    match master.run().map_err(|error| error.to_string())? {
        End::Time => Ok(()),
        End::Signal(signal) => master.terminate(signal),
    }
}

/// Only root and the owner of the mail system may start it.
fn check_caller(params: &Params, owner: Owner) -> Result<(), String> {
    if sys::users::is_set_id() {
        return Err("the master command must not run as a set-uid process".to_owned());
    }
    let me = sys::users::real_uid();
    if me == 0 || me == owner.uid {
        return Ok(());
    }
    Err(format!(
        "the master command is reserved for the superuser, or for the mail_owner ({})",
        params.mail_owner
    ))
}

/// Forks; the child goes on and gets something to write to when it has started, the parent
/// waits for that and exits.
fn wait_for_child() -> Result<Option<OwnedFd>, String> {
    let (reader, writer) = sys::fd::pipe().map_err(|error| format!("pipe: {}", reason(&error)))?;
    let forked = sys::spawn::fork().map_err(|error| format!("fork: {}", reason(&error)))?;
    let Some(child) = forked else {
        return Ok(Some(writer));
    };
    drop(writer);
    if !matches!(
        sys::fd::wait_readable(&reader, Some(INITIALIZATION)),
        Ok(true)
    ) {
        let _ = sys::spawn::kill(child.pid, sys::signal::Signal::SIGKILL);
        return Err("Connection timed out while waiting for daemon initialization".to_owned());
    }
    match File::from(reader).read(&mut [0]) {
        Ok(1) => std::process::exit(0),
        _ => Err("daemon initialization failure -- see logs for details".to_owned()),
    }
}

/// Becomes the leader of a session of its own, so that "postfix stop" can end all processes of
/// the mail system and nobody else's, and gives the terminal up.
fn leave_terminal(options: &Options) -> Result<(), String> {
    if options.stay || options.debug {
        return Ok(());
    }
    if !options.init && sys::spawn::own_group() != std::process::id() {
        sys::spawn::new_session().map_err(|error| {
            format!(
                "unable to set session and process group ID: {}",
                reason(&error)
            )
        })?;
    }
    let null = File::options().read(true).write(true).open("/dev/null");
    let null = null.map_err(|error| format!("open /dev/null: {}", reason(&error)))?;
    let keep_stdout = options.keep_stdout || options.init;
    for number in [0, 1, 2] {
        if number != 1 || !keep_stdout {
            sys::fd::replace_standard(number, &null)
                .map_err(|error| format!("dup(0): {}", reason(&error)))?;
        }
    }
    Ok(())
}

/// Whether another master holds the lock.
fn is_locked(params: &Params) -> bool {
    let path = params
        .queue_directory
        .join(&params.process_id_directory)
        .join("master.pid");
    if !path.exists() {
        return false;
    }
    open_lock(&path).is_err()
}

/// The locks that keep a second master out.
fn take_locks(params: &Params, owner: Owner) -> Result<(File, File), String> {
    let failed = |path: &Path, why: String| format!("open lock file {}: {why}", path.display());
    let path = params.process_id_directory.join("master.pid");
    let mut pid_file = open_lock(&path).map_err(|why| failed(&path, why))?;
    let pid = std::process::id();
    pid_file
        .set_len(0)
        .and_then(|()| writeln!(pid_file, "{pid:>PID_WIDTH$}"))
        .map_err(|error| {
            format!(
                "cannot update lock file {}: {}",
                path.display(),
                reason(&error)
            )
        })?;
    let data = params.data_directory.join("master.lock");
    let locked = sys::identity::with_effective(owner.uid, owner.gid, || open_lock(&data));
    let locked = locked
        .map_err(|error| reason(&error))
        .and_then(|result| result);
    Ok((pid_file, locked.map_err(|why| failed(&data, why))?))
}

fn open_lock(path: &Path) -> Result<File, String> {
    let flags = OpenFlags::O_RDWR | OpenFlags::O_CREAT;
    let expect = Expect {
        owner: None,
        kind: FileKind::Regular,
    };
    // Readable for everybody, whatever the umask: scripts and service managers look at it.
    let old = sys::files::umask(0o022);
    let opened = safe_open(path, flags, 0o644, expect);
    sys::files::umask(old);
    let file = opened.map_err(|error| match error {
        sys::files::SafeOpenError::Io(error) => reason(&error),
        other @ sys::files::SafeOpenError::Unsafe(_) => other.to_string(),
    })?;
    match sys::lock::try_lock(&file, sys::lock::Kind::Exclusive) {
        Ok(true) => Ok(file),
        Ok(false) => {
            Err("unable to set exclusive lock: Resource temporarily unavailable".to_owned())
        }
        Err(error) => Err(format!("unable to set exclusive lock: {}", reason(&error))),
    }
}

/// Starts the administrator's debugger command on this process.
fn start_debugger(command: &str) {
    if command.is_empty() {
        log::warning("-D or MAIL_DEBUG was given, but debugger_command is empty");
        return;
    }
    let started = sys::spawn::Spawn::new("/bin/sh")
        .args(["-c", command])
        .env("process_name", "master")
        .env("process_id", std::process::id().to_string())
        .spawn();
    if let Err(error) = started {
        log::warning(format_args!(
            "cannot start debugger_command: {}",
            reason(&error)
        ));
    }
}
