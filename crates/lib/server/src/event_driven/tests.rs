// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole lives of a program that looks after its clients itself.

use super::*;
use crate::listen::Listeners;
use crate::master::Status;
use crate::program::{Privileges, Startup};
use runtime::events::Watch;
use runtime::stream::Stream;
use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// Says to each client how many came before it, when the client has said something.
#[derive(Default)]
struct Porter {
    guests: HashMap<u32, (Stream, Watch)>,
    came: u32,
    drained: bool,
}

#[derive(Clone)]
enum Event {
    Spoke(u32),
    Late,
}

impl Program for Porter {
    const NAME: &'static str = "porter";
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(_start: &Startup) -> Result<Porter, String> {
        Ok(Porter::default())
    }
}

impl EventDriven for Porter {
    type Event = Event;

    fn started(&mut self, ctx: &mut Loop<Event>) {
        ctx.set_timer(Duration::from_secs(60), Event::Late);
    }

    fn connected(&mut self, client: Client, ctx: &mut Loop<Event>) {
        self.came += 1;
        let watch = ctx
            .watch_read(&client.stream, Event::Spoke(self.came))
            .unwrap();
        self.guests.insert(self.came, (client.stream, watch));
    }

    fn event(&mut self, event: Event, ctx: &mut Loop<Event>) {
        match event {
            Event::Spoke(number) => {
                let (mut stream, watch) = self.guests.remove(&number).unwrap();
                stream.write_all(format!("{number}\n").as_bytes()).unwrap();
                stream.flush().unwrap();
                ctx.unwatch(watch);
            }
            Event::Late => panic!("nobody came"),
        }
    }

    fn clients(&self) -> usize {
        self.guests.len()
    }

    fn draining(&mut self, _ctx: &mut Loop<Event>) {
        self.drained = true;
    }
}

fn world() -> (tempfile::TempDir, PathBuf, Life) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("porter");
    let socket = sys::socket::unix_listen(&path, 5, 0o600).unwrap();
    let life = Life::for_test(Listeners::over(Transport::Unix, vec![socket]).unwrap());
    (directory, path, life)
}

fn client(path: &std::path::Path) -> UnixStream {
    let mut client = UnixStream::connect(path).unwrap();
    client.write_all(b"hello\n").unwrap();
    client
}

fn answer(mut client: UnixStream) -> String {
    let mut text = String::new();
    // The program hangs up without having read the greeting.
    let _ = client.read_to_string(&mut text);
    text
}

#[test]
fn clients_are_looked_after_until_the_number_is_reached() {
    let (_directory, path, mut life) = world();
    life.max_use = Some(2);
    let (one, two) = (client(&path), client(&path));
    let mut porter = Porter::default();
    run(&mut porter, Jail::for_test("porter"), &mut life);
    assert_eq!((porter.came, porter.clients()), (2, 0));
    assert_eq!(
        (answer(one), answer(two)),
        ("1\n".to_owned(), "2\n".to_owned())
    );
}

#[test]
fn without_master_the_clients_that_are_there_are_served_to_their_end() {
    let (_directory, path, mut life) = world();
    let (ours, masters) = sys::socket::pair().unwrap();
    life.status = Some(Status::over(ours, 1));
    drop(masters);
    let one = client(&path);
    let mut porter = Porter::default();
    run(&mut porter, Jail::for_test("porter"), &mut life);
    assert!(porter.drained);
    assert_eq!(porter.clients(), 0);
    drop(one);
}
