// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole lives of a program that echoes one line to each client, on sockets of a test directory.

use super::*;
use crate::listen::Listeners;
use crate::master::{Flow, Status};
use crate::program::{Privileges, Startup};
use ipc::client::Endpoint;
use ipc::services::master::Report;
use ipc::services::pass;
use std::fs::File;
use std::io::{BufRead as _, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

struct Echo {
    served: usize,
    changed: bool,
    attributes: pass::Attributes,
}

impl Program for Echo {
    const NAME: &'static str = "echo";
    const PRIVILEGES: Privileges = Privileges {
        in_flow_delay: true,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(_start: &Startup) -> Result<Echo, String> {
        Ok(Echo {
            served: 0,
            changed: false,
            attributes: Vec::new(),
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.changed.then(|| "hash:/etc/aliases".to_owned())
    }
}

impl SingleClient for Echo {
    fn serve(&mut self, mut client: Client, _jail: &Jail) {
        let mut line = Vec::new();
        client.stream.read_until(b'\n', 100, &mut line).unwrap();
        client.stream.write_all(&line).unwrap();
        client.stream.flush().unwrap();
        self.served += 1;
        self.attributes = client.attributes;
    }
}

struct World {
    path: PathBuf,
    life: Life,
    echo: Echo,
    _directory: tempfile::TempDir,
}

impl World {
    fn new(transport: Transport) -> World {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("echo");
        let socket = sys::socket::unix_listen(&path, 5, 0o600).unwrap();
        let mut life = Life::for_test(Listeners::over(transport, vec![socket]).unwrap());
        life.max_idle = Some(Duration::ZERO);
        let echo = Echo {
            served: 0,
            changed: false,
            attributes: Vec::new(),
        };
        World {
            path,
            life,
            echo,
            _directory: directory,
        }
    }

    fn client(&self, text: &str) -> UnixStream {
        let mut client = UnixStream::connect(&self.path).unwrap();
        client.write_all(text.as_bytes()).unwrap();
        client
    }

    fn master(&mut self) -> File {
        let (ours, masters) = sys::socket::pair().unwrap();
        self.life.status = Some(Status::over(ours, 1));
        File::from(masters)
    }

    fn run(&mut self) {
        run(&mut self.echo, &Jail::for_test("echo"), &mut self.life);
    }
}

fn reply(mut client: UnixStream) -> String {
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    text
}

fn reports(mut master: File) -> Vec<Availability> {
    let mut bytes = Vec::new();
    master.read_to_end(&mut bytes).unwrap();
    let reports = bytes
        .chunks_exact(12)
        .map(|bytes| <[u8; 12]>::try_from(bytes).unwrap());
    reports
        .map(|bytes| Report::decode(&bytes).unwrap().status)
        .collect()
}

#[test]
fn clients_are_served_one_after_the_other_until_none_is_left() {
    let mut world = World::new(Transport::Unix);
    let (one, two) = (world.client("one\n"), world.client("two\n"));
    world.run();
    assert_eq!(
        (reply(one).as_str(), reply(two).as_str()),
        ("one\n", "two\n")
    );
    assert_eq!(world.echo.served, 2);
}

#[test]
fn master_hears_only_when_the_process_becomes_taken_or_free() {
    let mut world = World::new(Transport::Unix);
    let master = world.master();
    let _clients = (
        world.client("one\n"),
        world.client("two\n"),
        world.client("three\n"),
    );
    world.run();
    drop(world.life);
    assert_eq!(
        reports(master),
        [Availability::Taken, Availability::Available]
    );
}

#[test]
fn the_process_ends_after_its_number_of_clients() {
    let mut world = World::new(Transport::Unix);
    world.life.max_use = Some(2);
    let _clients = (
        world.client("one\n"),
        world.client("two\n"),
        world.client("three\n"),
    );
    world.run();
    assert_eq!(world.echo.served, 2);
}

#[test]
fn the_process_ends_when_master_is_gone() {
    let mut world = World::new(Transport::Unix);
    world.life.max_idle = None;
    drop(world.master());
    let _client = world.client("one\n");
    world.run();
    assert_eq!(world.echo.served, 0);
}

#[test]
fn a_changed_table_ends_the_process_before_the_next_client() {
    let mut world = World::new(Transport::Unix);
    let _client = world.client("one\n");
    world.echo.changed = true;
    world.run();
    assert_eq!(world.echo.served, 0);
}

#[test]
fn the_lock_is_given_back_before_a_client_is_served() {
    let mut world = World::new(Transport::Unix);
    let lock = tempfile::NamedTempFile::new().unwrap();
    world.life.lock = Some(File::options().write(true).open(lock.path()).unwrap());
    let client = world.client("one\n");
    world.run();
    assert_eq!(reply(client), "one\n");
    assert!(sys::lock::try_lock(lock.as_file(), sys::lock::Kind::Exclusive).unwrap());
}

#[test]
fn each_client_costs_a_flow_token_if_there_is_one() {
    let mut world = World::new(Transport::Unix);
    let (reader, writer) = sys::fd::pipe().unwrap();
    let mut flow = Flow::over(reader, writer).unwrap();
    flow.put(3);
    world.life.flow = Some(flow);
    let _clients = (world.client("one\n"), world.client("two\n"));
    world.run();
    assert_eq!(world.life.flow.unwrap().count().unwrap(), 1);
}

#[test]
fn a_connection_that_was_handed_over_is_served_with_its_attributes() {
    let mut world = World::new(Transport::Pass);
    let (far, near) = sys::socket::pair().unwrap();
    let mut near = File::from(near);
    near.write_all(b"passed\n").unwrap();
    let attributes = [("client_address", &b"192.0.2.1"[..])];
    pass::send(
        &Endpoint::at(&world.path),
        &far,
        &attributes,
        Duration::from_secs(5),
    )
    .unwrap();
    drop(far);
    world.run();
    let mut line = String::new();
    std::io::BufReader::new(near).read_line(&mut line).unwrap();
    assert_eq!(line, "passed\n");
    let expected = [(b"client_address".to_vec(), b"192.0.2.1".to_vec())];
    assert_eq!(world.echo.attributes, expected);
}

#[test]
fn a_pass_client_without_a_descriptor_does_not_stop_the_service() {
    let mut world = World::new(Transport::Pass);
    drop(world.client("no descriptor"));
    drop(UnixStream::connect(&world.path).unwrap());
    world.run();
    assert_eq!(world.echo.served, 0);
}
