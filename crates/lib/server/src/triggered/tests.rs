// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole lives of a triggered program, on sockets and FIFOs of a test directory.

use super::*;
use crate::listen::Listeners;
use crate::program::{Privileges, Startup};
use ipc::client::Endpoint;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

#[derive(Default)]
struct Bell {
    heard: Vec<Vec<u8>>,
    timers: usize,
    end_after: usize,
}

impl Program for Bell {
    const NAME: &'static str = "bell";
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(_start: &Startup) -> Result<Bell, String> {
        Ok(Bell::default())
    }
}

impl Triggered for Bell {
    type Event = &'static str;

    fn started(&mut self, ctx: &mut Loop<&'static str>) {
        ctx.set_timer(Duration::ZERO, "timer");
    }

    fn triggered(&mut self, requests: &[u8], ctx: &mut Loop<&'static str>) {
        self.heard.push(requests.to_vec());
        if self.heard.len() == self.end_after {
            ctx.end();
        }
    }

    fn event(&mut self, event: &'static str, _ctx: &mut Loop<&'static str>) {
        assert_eq!(event, "timer");
        self.timers += 1;
    }
}

fn world(transport: Transport) -> (tempfile::TempDir, PathBuf, Life) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bell");
    let socket = if transport == Transport::Fifo {
        sys::files::mkfifo(&path, 0o600).unwrap();
        OwnedFd::from(File::options().read(true).write(true).open(&path).unwrap())
    } else {
        sys::socket::unix_listen(&path, 200, 0o600).unwrap()
    };
    let mut life = Life::for_test(Listeners::over(transport, vec![socket]).unwrap());
    life.max_idle = Some(Duration::from_secs(5));
    (directory, path, life)
}

fn ring(path: &std::path::Path, bytes: &[u8]) {
    trigger::send(&Endpoint::at(path), bytes, Duration::from_secs(5)).unwrap();
}

#[test]
fn bytes_of_several_triggers_come_together_and_once() {
    for transport in [Transport::Unix, Transport::Fifo] {
        let (_directory, path, mut life) = world(transport);
        ring(&path, b"WW");
        ring(&path, b"DWF");
        let mut bell = Bell {
            end_after: 1,
            ..Bell::default()
        };
        run(&mut bell, Jail::for_test("bell"), &mut life);
        assert_eq!(bell.heard, [b"WDF".to_vec()]);
        assert_eq!(bell.timers, 1);
    }
}

#[test]
fn a_silent_connection_does_not_hold_up_the_others() {
    let (_directory, path, mut life) = world(Transport::Unix);
    let _silent: Vec<UnixStream> = (0..PENDING_LIMIT + 20)
        .map(|_| UnixStream::connect(&path).unwrap())
        .collect();
    ring(&path, b"W");
    let mut bell = Bell {
        end_after: 1,
        ..Bell::default()
    };
    run(&mut bell, Jail::for_test("bell"), &mut life);
    assert_eq!(bell.heard, [b"W".to_vec()]);
}

#[test]
fn an_idle_program_ends() {
    let (_directory, _path, mut life) = world(Transport::Unix);
    life.max_idle = Some(Duration::from_millis(20));
    let mut bell = Bell::default();
    run(&mut bell, Jail::for_test("bell"), &mut life);
    assert_eq!((bell.heard.len(), bell.timers), (0, 1));
}
