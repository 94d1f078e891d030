// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole lives of a datagram program, on sockets of a test directory.

use super::*;
use crate::listen::Listeners;
use crate::program::{Privileges, Startup};
use std::time::Duration;

#[derive(Default)]
struct Sink {
    taken: Vec<Vec<u8>>,
    writes: usize,
}

impl Program for Sink {
    const NAME: &'static str = "sink";
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(_start: &Startup) -> Result<Sink, String> {
        Ok(Sink::default())
    }
}

impl Datagram for Sink {
    const DATAGRAM_LIMIT: usize = 10;

    fn datagram(&mut self, bytes: &[u8], _jail: &Jail) {
        self.taken.push(bytes.to_vec());
    }

    fn drained(&mut self, _jail: &Jail) {
        self.writes += 1;
    }
}

#[test]
fn all_waiting_datagrams_are_taken_before_the_program_acts() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sink");
    let socket = sys::socket::unix_datagram_bind(&path, 0o600).unwrap();
    let sender = UnixDatagram::unbound().unwrap();
    for text in ["one", "two", "three is too long"] {
        sender.send_to(text.as_bytes(), &path).unwrap();
    }
    let listeners = Listeners::over(Transport::UnixDatagram, vec![socket]).unwrap();
    let mut life = Life::for_test(listeners);
    life.max_idle = Some(Duration::from_millis(10));
    let mut sink = Sink::default();
    run(&mut sink, Jail::for_test("sink"), &mut life);
    assert_eq!(
        sink.taken,
        [b"one".to_vec(), b"two".to_vec(), b"three is t".to_vec()]
    );
    assert_eq!(sink.writes, 1);
}
