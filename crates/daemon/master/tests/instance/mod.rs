// SPDX-License-Identifier: MIT OR Apache-2.0
//! A private queue directory, configuration and master.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sys::signal::Signal;
use sys::spawn::{Ended, Spawn};

/// Longest wait for something that should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the master ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Exited(i32),
    Signaled(i32),
}

pub(crate) struct Instance {
    directory: tempfile::TempDir,
    master: Option<u32>,
    port: Option<u16>,
}

/// What the fake service says first.
pub(crate) struct Hello {
    pub(crate) pid: String,
    pub(crate) generation: String,
    pub(crate) arguments: String,
    pub(crate) descriptors: String,
    pub(crate) variables: String,
}

pub(crate) struct Client {
    stream: BufReader<std::fs::File>,
}

impl Instance {
    /// Files and directories, without a running master.
    pub(crate) fn build(master_cf: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let instance = Self {
            directory,
            master: None,
            port: None,
        };
        let me = sys::users::real_uid();
        let owner = if me == 0 {
            sys::users::by_name("nobody").unwrap().unwrap()
        } else {
            sys::users::by_uid(me).unwrap().unwrap()
        };
        for name in [
            "config",
            "queue",
            "data",
            "daemons",
            "queue/pid",
            "queue/private",
            "queue/public",
        ] {
            std::fs::create_dir(instance.path(name)).unwrap();
        }
        for name in ["data", "queue/private", "queue/public"] {
            std::os::unix::fs::chown(instance.path(name), Some(owner.uid), Some(owner.gid))
                .unwrap();
        }
        let at = instance.directory.path().display();
        // Root keeps the accounts apart; an ordinary user has one.
        let (privileges, group) = if me == 0 {
            ("daemon".to_owned(), "mail".to_owned())
        } else {
            let group = sys::users::group_name(owner.gid).unwrap().unwrap();
            (owner.name.clone(), group)
        };
        let main_cf = format!(
            "queue_directory = {at}/queue\ndata_directory = {at}/data\n\
             daemon_directory = {at}/daemons\nmail_owner = {}\nmaillog_file = {at}/maillog\n\
             maillog_file_prefixes = /\ncompatibility_level = 3.12\nmyhostname = test.example\n\
             inet_protocols = ipv4\ndefault_privs = {}\nsetgid_group = {}\n",
            owner.name, privileges, group
        );
        std::fs::write(instance.path("config/main.cf"), main_cf).unwrap();
        std::fs::write(instance.path("config/master.cf"), master_cf).unwrap();
        let me = std::env::current_exe().unwrap();
        let service = format!(
            "#!/bin/sh\nFAKE_ARGUMENTS=\"$*\" FAKE_SERVICE=1 FAKE_DIRECTORY={at} \\\n\
             exec {} --exact fake_service --nocapture --test-threads=1 >/dev/null\n",
            me.display()
        );
        instance.program("service", &service);
        instance.program("failing", "#!/bin/sh\nexit 3\n");
        instance
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.path("daemons").join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    /// A running master with these services.
    pub(crate) fn boot(master_cf: &str) -> Self {
        let mut instance = Self::build(master_cf);
        instance.start();
        instance
    }

    /// A running master with one service that counts as public, on a free port.
    pub(crate) fn boot_public(rest: &str) -> Self {
        let free = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut instance = Self::build(&format!("0.0.0.0:{port} inet n - n - {rest}"));
        instance.port = Some(port);
        instance.start();
        instance
    }

    fn start(&mut self) {
        let child = self
            .master_command(&["-d"])
            .process_group()
            .spawn()
            .unwrap();
        self.master = Some(child.pid);
        self.wait_for_log("daemon started");
    }

    fn master_command(&self, arguments: &[&str]) -> Spawn {
        Spawn::new(env!("CARGO_BIN_EXE_master"))
            .args(["-c", self.path("config").to_str().unwrap()])
            .args(arguments)
            .env("SECRET", "x")
    }

    /// Runs master to its end: status and standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let (reader, writer) = sys::fd::pipe().unwrap();
        let child = self
            .master_command(arguments)
            .fd(2, writer)
            .spawn()
            .unwrap();
        let mut text = String::new();
        std::fs::File::from(reader)
            .read_to_string(&mut text)
            .unwrap();
        match sys::spawn::wait(child.pid, Some(PATIENCE)).unwrap() {
            Some(Ended::Exited(status)) => (status, text),
            other => panic!("{other:?}: {text}"),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn inode(&self, name: &str) -> u64 {
        std::fs::metadata(self.path("queue").join(name))
            .unwrap()
            .ino()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.master.unwrap()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        sys::spawn::kill(self.pid(), signal).unwrap();
    }

    pub(crate) fn wait(&mut self) -> Outcome {
        let pid = self.master.take().unwrap();
        match sys::spawn::wait(pid, Some(PATIENCE)).unwrap().unwrap() {
            Ended::Exited(status) => Outcome::Exited(status),
            Ended::Signaled(signal) => Outcome::Signaled(signal),
        }
    }

    pub(crate) fn rewrite_master_cf(&mut self, text: &str) {
        std::fs::write(self.path("config/master.cf"), text).unwrap();
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("maillog")).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn wait_for_log(&self, text: &str) {
        self.wait_until(|| self.log().contains(text), text);
    }

    #[track_caller]
    pub(crate) fn wait_for_file(&self, name: &str, content: &str) {
        let path = self.path(name);
        self.wait_until(
            || std::fs::read_to_string(&path).is_ok_and(|t| t == content),
            name,
        );
    }

    #[track_caller]
    pub(crate) fn wait_for_end_of(&self, pid: &str) {
        // A child of this test's master, or a zombie that nobody waits for any more.
        let stat = PathBuf::from(format!("/proc/{pid}/stat"));
        let is_gone = || std::fs::read_to_string(&stat).map_or(true, |text| text.contains(") Z "));
        self.wait_until(is_gone, pid);
    }

    #[track_caller]
    fn wait_until(&self, condition: impl Fn() -> bool, what: &str) {
        let until = Instant::now() + PATIENCE;
        let (reader, _writer) = sys::fd::pipe().unwrap();
        while !condition() {
            assert!(Instant::now() < until, "no {what} in:\n{}", self.log());
            let _ = sys::fd::wait_readable(&reader, Some(Duration::from_millis(5)));
        }
    }

    pub(crate) fn try_connect(&self, name: &str) -> std::io::Result<Client> {
        let stream = UnixStream::connect(self.path("queue").join(name))?;
        Ok(Client::new(OwnedFd::from(stream)))
    }

    #[track_caller]
    pub(crate) fn connect(&self, name: &str) -> Client {
        self.try_connect(name)
            .unwrap_or_else(|error| panic!("{name}: {error}\n{}", self.log()))
    }

    pub(crate) fn connect_port(&self) -> Client {
        let stream = std::net::TcpStream::connect(("127.0.0.1", self.port.unwrap())).unwrap();
        Client::new(OwnedFd::from(stream))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(pid) = self.master {
            let _ = sys::spawn::kill_group(pid, Signal::SIGKILL);
            let _ = sys::spawn::wait(pid, Some(PATIENCE));
        }
    }
}

impl Client {
    fn new(fd: OwnedFd) -> Self {
        Self {
            stream: BufReader::new(std::fs::File::from(fd)),
        }
    }

    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        assert!(self.has_input_within(30_000), "no answer");
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    #[track_caller]
    pub(crate) fn hello(&mut self) -> Hello {
        let line = self.line();
        let mut parts = line.split('|').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        Hello {
            pid: next(),
            generation: next(),
            arguments: next(),
            descriptors: next(),
            variables: next(),
        }
    }

    pub(crate) fn say(&mut self, text: &str) {
        writeln!(self.stream.get_ref(), "{text}").unwrap();
    }

    pub(crate) fn has_input_within(&self, milliseconds: u64) -> bool {
        let limit = Duration::from_millis(milliseconds);
        !self.stream.buffer().is_empty()
            || sys::fd::wait_readable(self.stream.get_ref(), Some(limit)).unwrap()
    }

    #[track_caller]
    pub(crate) fn wait_closed(&mut self) {
        assert_eq!(self.line(), "");
    }
}
