// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole lives of a program that answers lines, on sockets of a test directory.

use super::*;
use crate::listen::Listeners;
use crate::master::Status;
use crate::program::{Privileges, Startup};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

struct Counter {
    answered: usize,
    gone: usize,
    changed: bool,
}

impl Program for Counter {
    const NAME: &'static str = "counter";
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(_start: &Startup) -> Result<Counter, String> {
        Ok(Counter {
            answered: 0,
            gone: 0,
            changed: false,
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.changed.then(|| "t".to_owned())
    }
}

impl MultiClient for Counter {
    type Session = usize;

    fn connected(&mut self, stream: &mut Stream, _jail: &Jail) -> io::Result<usize> {
        stream.write_all(b"hello\n")?;
        stream.flush()?;
        Ok(0)
    }

    fn request(&mut self, session: &mut usize, stream: &mut Stream, _jail: &Jail) -> Keep {
        let mut line = Vec::new();
        std::io::BufRead::read_until(stream, b'\n', &mut line).unwrap();
        *session += 1;
        self.answered += 1;
        stream.write_all(format!("{session}\n").as_bytes()).unwrap();
        stream.flush().unwrap();
        if line == b"bye\n" {
            Keep::Close
        } else {
            Keep::Open
        }
    }

    fn disconnected(&mut self, _session: usize) {
        self.gone += 1;
    }
}

fn world() -> (tempfile::TempDir, PathBuf, Life, Counter) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("counter");
    let socket = sys::socket::unix_listen(&path, 5, 0o600).unwrap();
    let mut life = Life::for_test(Listeners::over(Transport::Unix, vec![socket]).unwrap());
    life.max_idle = Some(Duration::ZERO);
    (
        directory,
        path,
        life,
        Counter {
            answered: 0,
            gone: 0,
            changed: false,
        },
    )
}

fn client(path: &std::path::Path, text: &str) -> UnixStream {
    let mut client = UnixStream::connect(path).unwrap();
    client.write_all(text.as_bytes()).unwrap();
    client
}

fn replies(mut client: UnixStream) -> String {
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn each_client_has_its_own_session_and_all_its_requests_are_answered() {
    let (_directory, path, mut life, mut program) = world();
    let one = client(&path, "a\nb\nbye\n");
    let two = client(&path, "bye\n");
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!(replies(one), "hello\n1\n2\n3\n");
    assert_eq!(replies(two), "hello\n1\n");
    assert_eq!((program.answered, program.gone), (4, 2));
}

#[test]
fn a_client_that_hangs_up_is_forgotten() {
    let (_directory, path, mut life, mut program) = world();
    let half = client(&path, "a\n");
    half.shutdown(std::net::Shutdown::Write).unwrap();
    drop(client(&path, "never greeted\n"));
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!((program.answered, program.gone), (1, 1));
    assert_eq!(replies(half), "hello\n1\n");
}

#[test]
fn a_flood_of_requests_is_answered_completely() {
    let (_directory, path, mut life, mut program) = world();
    let flood = client(&path, &format!("{}bye\n", "a\n".repeat(100)));
    let _other = client(&path, "bye\n");
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!(program.answered, 102);
    assert!(replies(flood).ends_with("\n100\n101\n"));
}

#[test]
fn a_changed_table_ends_the_process_before_the_next_request() {
    let (_directory, path, mut life, mut program) = world();
    program.changed = true;
    life.max_idle = None;
    let client = client(&path, "a\n");
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!(program.answered, 0);
    drop(life);
    // Never accepted: the next process would find it.
    drop(client);
}

#[test]
fn the_process_ends_when_master_is_gone() {
    let (_directory, path, mut life, mut program) = world();
    let (ours, masters) = sys::socket::pair().unwrap();
    life.status = Some(Status::over(ours, 1));
    life.max_idle = None;
    drop(masters);
    let one = client(&path, "a\n");
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!(replies(one), "hello\n1\n");
}

#[test]
fn the_last_client_before_max_use_is_served_to_its_end() {
    let (_directory, path, mut life, mut program) = world();
    life.max_use = Some(1);
    life.max_idle = None;
    let mut client = UnixStream::connect(path).unwrap();
    let talk = std::thread::spawn(move || {
        let mut hello = [0; 6];
        client.read_exact(&mut hello).unwrap();
        // A moment with nothing to do must not end the process: a client is connected.
        client.write_all(b"a\n").unwrap();
        let mut one = [0; 2];
        client.read_exact(&mut one).unwrap();
        client.write_all(b"bye\n").unwrap();
        (one, replies(client))
    });
    run(&mut program, Jail::for_test("counter"), &mut life);
    assert_eq!(talk.join().unwrap(), (*b"1\n", "2\n".to_owned()));
}
