// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole requests against a spool of the test's own.

use crate::Flush;
use ipc::client::read_status;
use ipc::services::flush::{PROTOCOL, Request, Status};
use queue::{Layout, Queue};
use runtime::stream::Stream;
use server::{Client, Jail, Program, SingleClient, Startup};
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

struct Fixture {
    directory: tempfile::TempDir,
    flush: Flush,
    jail: Jail,
}

fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    for queue in Queue::ALL {
        fs::create_dir(directory.path().join(queue.name())).unwrap();
    }
    let main_cf =
        config::MainCf::from_text(Path::new("."), "fast_flush_domains = example.org\n").unwrap();
    let mut flush = Flush::prepare(&Startup::for_test(main_cf, "flush")).unwrap();
    flush.layout = Layout::new(directory.path(), "", 0);
    Fixture {
        directory,
        flush,
        jail: Jail::for_test("flush"),
    }
}

impl Fixture {
    fn deferred(&self, id: &str) {
        let path = self.directory.path().join("deferred").join(id);
        fs::write(&path, "x").unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(&path, private).unwrap();
        let later = SystemTime::now() + Duration::from_secs(1000);
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(later)
            .unwrap();
    }

    fn say(&mut self, bytes: &[u8]) -> Stream {
        let (server, mut client) = Stream::pair().unwrap();
        client.write_all(bytes).unwrap();
        client.flush().unwrap();
        self.flush.serve(Client::for_test(server), &self.jail);
        ipc::client::expect_protocol(&mut client, PROTOCOL, "flush").unwrap();
        client
    }

    fn ask(&mut self, request: &Request) -> Status {
        let bytes = request.encode().as_bytes().to_vec();
        let mut list_end = bytes;
        list_end.push(0);
        let mut client = self.say(&list_end);
        Status::from_code(read_status(&mut client, "flush").unwrap())
    }

    fn incoming(&self, id: &str) -> Option<fs::Metadata> {
        fs::metadata(self.directory.path().join("incoming").join(id)).ok()
    }
}

#[test]
fn what_waits_for_a_site_is_due_when_the_site_asks() {
    let mut fixture = fixture();
    fixture.deferred("A1");
    let add = Request::Add {
        site: b"example.org".to_vec(),
        queue_id: b"A1".to_vec(),
    };
    assert_eq!(fixture.ask(&add), Status::Ok);
    assert_eq!(
        fixture.ask(&Request::SendSite {
            site: b"Example.ORG".to_vec()
        }),
        Status::Ok
    );
    let released = fixture.incoming("A1").unwrap();
    assert!(released.modified().unwrap() <= SystemTime::now());
    assert_eq!(released.mode() & 0o040, 0o040);
}

#[test]
fn sites_that_are_not_covered_are_denied() {
    let mut fixture = fixture();
    let add = Request::Add {
        site: b"example.net".to_vec(),
        queue_id: b"A1".to_vec(),
    };
    assert_eq!(fixture.ask(&add), Status::Deny);
    assert_eq!(
        fixture.ask(&Request::SendSite {
            site: b"example.net".to_vec()
        }),
        Status::Deny
    );
}

#[test]
fn one_message_is_released_by_its_id() {
    let mut fixture = fixture();
    fixture.deferred("A1");
    assert_eq!(
        fixture.ask(&Request::SendFile {
            queue_id: b"A1".to_vec()
        }),
        Status::Ok
    );
    assert!(fixture.incoming("A1").is_some());
    assert_eq!(
        fixture.ask(&Request::SendFile {
            queue_id: b"../A1".to_vec()
        }),
        Status::Bad
    );
}

#[test]
fn purge_sends_every_log() {
    let mut fixture = fixture();
    fixture.deferred("A1");
    let add = Request::Add {
        site: b"example.org".to_vec(),
        queue_id: b"A1".to_vec(),
    };
    assert_eq!(fixture.ask(&add), Status::Ok);
    assert_eq!(fixture.ask(&Request::Refresh), Status::Ok);
    assert!(fixture.incoming("A1").is_none(), "the log is fresh");
    assert_eq!(fixture.ask(&Request::Purge), Status::Ok);
    assert_eq!(
        fixture.incoming("A1").unwrap().mode() & 0o040,
        0,
        "only looked at again"
    );
}

#[test]
fn wake_ups_and_noise_are_survived() {
    let mut fixture = fixture();
    drop(fixture.say(b"W"));
    let mut noise = vec![0xff; 3000];
    noise.extend(b"\0x\0\0");
    let mut client = fixture.say(&noise);
    let status = read_status(&mut client, "flush").map(Status::from_code);
    assert!(matches!(status, Ok(Status::Bad)), "{status:?}");
}
