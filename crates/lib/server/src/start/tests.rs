// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole processes, started with the descriptors, options and environment that master gives.
//!
//! The test binary starts itself: asked to by the environment, one test becomes the daemon.

use super::*;
use crate::program::Client;
use crate::single_client::SingleClient;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use sys::spawn::{Ended, Spawn, wait};

const PATIENCE: Duration = Duration::from_secs(60);

/// Answers each client with what its process may do.
struct Echo;

impl Program for Echo {
    const NAME: &'static str = "echo";
    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Echo, String> {
        match start.arguments.first() {
            Some(argument) => Err(format!("unexpected command-line argument: {argument}")),
            None => Ok(Echo),
        }
    }
}

impl SingleClient for Echo {
    fn serve(&mut self, mut client: Client, jail: &Jail) {
        let outside = File::create("/tmp/posthorn-must-not-exist").is_ok();
        let inside = File::create("active").is_ok();
        let internet = std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
        let program = std::process::Command::new("/bin/true").spawn().is_ok();
        let can = format!(
            "{} {outside} {inside} {internet} {program}\n",
            jail.service()
        );
        client.stream.write_all(can.as_bytes()).unwrap();
        client.stream.flush().unwrap();
    }
}

#[test]
fn become_the_daemon_when_asked() {
    let Ok(line) = std::env::var("DAEMON") else {
        return;
    };
    let arguments = line
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(OsString::from);
    let arguments = std::iter::once(OsString::from("/x/echo")).chain(arguments);
    let mut ready = start_with::<Echo>(arguments, &[Transport::Unix]);
    crate::single_client::run(&mut ready.program, &ready.jail, &mut ready.life);
    std::process::exit(0)
}

/// A mail system of one service.
struct World {
    directory: tempfile::TempDir,
    master: File,
    pid: u32,
    said: Option<File>,
}

fn owner() -> Option<String> {
    match sys::users::effective_uid() {
        0 => sys::users::by_name("daemon").unwrap(),
        uid => sys::users::by_uid(uid).unwrap(),
    }
    .map(|user| user.name)
}

impl World {
    fn start(options: &str, with_master: bool) -> Option<World> {
        let owner = owner()?;
        let directory = tempfile::tempdir().unwrap();
        let spool = directory.path().join("spool");
        fs::create_dir_all(spool.join("pid")).unwrap();
        // What the daemon may write to, though nothing else.
        fs::write(spool.join("active"), "").unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        fs::set_permissions(spool.join("active"), open).unwrap();
        let text = format!(
            "queue_directory = {0}/spool\ndata_directory = {0}/spool\nmail_owner = {owner}\n\
             compatibility_level = 3.6\nmyhostname = a.example\n",
            directory.path().display()
        );
        fs::write(directory.path().join("main.cf"), text).unwrap();
        let (masters, ours) = sys::socket::pair().unwrap();
        let (said, stderr) = sys::fd::pipe().unwrap();
        let mut spawn = Spawn::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "start::tests::become_the_daemon_when_asked",
                "--nocapture",
            ])
            .env("DAEMON", options)
            .env("GENERATION", "17")
            .env("MAIL_CONFIG", directory.path())
            .fd(0, null())
            .fd(1, null())
            .fd(2, stderr);
        if with_master {
            let (flow_read, flow_write) = sys::fd::pipe().unwrap();
            let listener = sys::socket::unix_listen(&directory.path().join("s"), 5, 0o600).unwrap();
            spawn = spawn
                .fd(3, flow_read)
                .fd(4, flow_write)
                .fd(5, ours)
                .fd(6, listener);
        }
        let pid = spawn.spawn().unwrap().pid;
        let (master, said) = (File::from(masters), Some(File::from(said)));
        Some(World {
            directory,
            master,
            pid,
            said,
        })
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("s")
    }

    fn ask(&self) -> String {
        let mut client = UnixStream::connect(self.socket()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    }

    fn end(mut self) -> (Option<Ended>, String) {
        drop(self.master);
        let ended = wait(self.pid, Some(PATIENCE)).unwrap();
        let mut said = String::new();
        self.said.take().unwrap().read_to_string(&mut said).unwrap();
        (ended, said)
    }
}

fn null() -> OwnedFd {
    OwnedFd::from(
        OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/null")
            .unwrap(),
    )
}

#[test]
fn a_process_of_master_serves_reports_and_ends_with_master() {
    let Some(mut world) = World::start("-n some.service -t unix -V", true) else {
        return;
    };
    assert!(world.ask().starts_with("some.service "));
    let mut report = [0; 24];
    world.master.read_exact(&mut report).unwrap();
    let mut expected = Vec::new();
    for status in [0i32, 1] {
        expected.extend_from_slice(&world.pid.to_ne_bytes());
        expected.extend_from_slice(&0o17u32.to_ne_bytes());
        expected.extend_from_slice(&status.to_ne_bytes());
    }
    assert_eq!(report[..], expected);
    assert!(
        world
            .directory
            .path()
            .join("spool/pid/unix.some.service")
            .exists()
    );
    assert_eq!(world.end().0, Some(Ended::Exited(0)));
}

#[test]
fn what_a_daemon_gave_up_the_kernel_refuses() {
    let root = sys::users::effective_uid() == 0;
    let options = if root { "-t unix -u -c" } else { "-t unix -u" };
    let Some(world) = World::start(options, true) else {
        return;
    };
    let answer = world.ask();
    if root {
        let jail = fs::read_link(format!("/proc/{}/root", world.pid)).unwrap();
        let spool = fs::canonicalize(world.directory.path().join("spool")).unwrap();
        assert_eq!(jail, spool);
    }
    // In the jail there is no /tmp; outside, it takes a kernel with Landlock.
    let confined = std::thread::spawn(|| sys::sandbox::write_only_beneath(&[])).join();
    let outside = !root && !confined.unwrap().unwrap_or(false);
    assert_eq!(answer, format!("echo {outside} true false false\n"));
    assert_eq!(world.end().0, Some(Ended::Exited(0)));
}

#[test]
fn a_daemon_started_by_hand_says_what_is_wrong() {
    for (options, complaint) in [
        ("-t unix", "do not run this command by hand"),
        ("", "no transport type specified"),
        ("-x", "invalid option: x"),
        (
            "-t unix -o smtpd_timeout",
            "invalid \"-o smtpd_timeout\" option value: missing '='",
        ),
        ("-t unix extra", "unexpected command-line argument: extra"),
        ("-t inet", "unsupported transport type: inet"),
    ] {
        let Some(world) = World::start(options, false) else {
            return;
        };
        let (ended, said) = world.end();
        assert_eq!(ended, Some(Ended::Exited(1)), "{options}");
        assert!(
            said.contains(&format!("echo: fatal: {complaint}")),
            "{options}: {said}"
        );
    }
}
