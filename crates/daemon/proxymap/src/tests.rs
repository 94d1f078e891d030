// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations over a socket pair.

use super::*;
use config::MainCf;
use ipc::services::proxymap::Dialect;
use std::io::Write as _;
use std::path::Path;

fn program(service: &str, main_cf: &str) -> Proxymap {
    let main_cf = MainCf::from_text(Path::new("/nowhere"), main_cf).unwrap();
    Proxymap::prepare(&Startup::for_test(main_cf, service)).unwrap()
}

fn ask(program: &mut Proxymap, table: &str, action: Action) -> Reply {
    let request = Request {
        dialect: Dialect::Current,
        table: table.into(),
        flags: TableFlags::FOLD_FIXED | TableFlags::LOCK,
        action,
    };
    let (mut server, mut client) = Stream::pair().unwrap();
    client.write_all(&request.encode()).unwrap();
    client.flush().unwrap();
    let jail = Jail::for_test("proxymap");
    assert_eq!(program.request(&mut (), &mut server, &jail), Keep::Open);
    Reply::read(&mut client, &request, "proxymap").unwrap()
}

fn lookup(program: &mut Proxymap, table: &str, key: &str) -> (Status, String) {
    let reply = ask(program, table, Action::Lookup { key: key.into() });
    (reply.status, String::from_utf8(reply.value).unwrap())
}

#[test]
fn an_approved_table_answers_and_another_one_does_not() {
    let main_cf = "virtual_alias_maps = proxy:inline:{a=1}\n";
    let mut program = program("proxymap", main_cf);
    let table = "inline:{a=1}";
    assert_eq!(ask(&mut program, table, Action::Open).status, Status::Ok);
    assert_eq!(lookup(&mut program, table, "A"), (Status::Ok, "1".into()));
    assert_eq!(lookup(&mut program, table, "b").0, Status::NotFound);
    assert_eq!(lookup(&mut program, "inline:{b=2}", "b").0, Status::Denied);
    assert_eq!(lookup(&mut program, "nothing", "b").0, Status::Bad);
    assert_eq!(
        lookup(&mut program, "proxy:proxy:inline:{a=1}", "a").0,
        Status::Ok
    );
}

#[test]
fn the_type_of_a_table_is_told() {
    let main_cf = "mynetworks = proxy:cidr:{{1.2.3.4/32 x}}\nrelay_domains = proxy:inline:{a=1}\n";
    let mut program = program("proxymap", main_cf);
    let pattern = ask(&mut program, "cidr:{{1.2.3.4/32 x}}", Action::Open);
    assert!(pattern.flags.contains(TableFlags::PATTERN));
    let fixed = ask(&mut program, "inline:{a=1}", Action::Open);
    assert!(fixed.flags.contains(TableFlags::FIXED));
}

#[test]
fn a_failing_table_is_told_from_an_empty_one() {
    let main_cf = "relay_domains = proxy:fail:x proxy:hash:/no/such/table\n";
    let mut program = program("proxymap", main_cf);
    for table in ["fail:x", "hash:/no/such/table"] {
        assert_eq!(lookup(&mut program, table, "a").0, Status::Retry);
    }
}

#[test]
fn the_reading_service_changes_nothing() {
    let mut program = program("proxymap", "virtual_alias_maps = proxy:inline:{a=1}\n");
    let key = b"a".to_vec();
    let update = Action::Update {
        key: key.clone(),
        value: b"2".to_vec(),
    };
    for action in [update, Action::Delete { key }] {
        assert_eq!(
            ask(&mut program, "inline:{a=1}", action).status,
            Status::Denied
        );
    }
}

#[test]
fn the_writing_service_creates_changes_and_lists_a_table() {
    let directory = tempfile::tempdir().unwrap();
    for kind in ["btree", "hash", "lmdb"] {
        let table = format!("{kind}:{}/{kind}", directory.path().display());
        let mut program = program("proxywrite", &format!("proxy_write_maps = proxy:{table}\n"));
        assert_eq!(ask(&mut program, &table, Action::Open).status, Status::Ok);
        for key in ["One", "two"] {
            let (key, value) = (key.into(), b"value".to_vec());
            let done = ask(&mut program, &table, Action::Update { key, value });
            assert_eq!(done.status, Status::Ok);
        }
        assert_eq!(
            lookup(&mut program, &table, "one"),
            (Status::Ok, "value".into())
        );
        let mut keys = Vec::new();
        let mut first = true;
        loop {
            let reply = ask(&mut program, &table, Action::Sequence { first });
            first = false;
            if reply.status == Status::NotFound {
                break;
            }
            keys.push(String::from_utf8(reply.key).unwrap());
        }
        keys.sort();
        assert_eq!(keys, ["one", "two"]);
        let delete = || Action::Delete {
            key: b"one".to_vec(),
        };
        assert_eq!(ask(&mut program, &table, delete()).status, Status::Ok);
        assert_eq!(ask(&mut program, &table, delete()).status, Status::NotFound);
    }
}

#[test]
fn a_service_of_another_name_is_refused() {
    let main_cf = MainCf::from_text(Path::new("/nowhere"), "").unwrap();
    let refused = Proxymap::prepare(&Startup::for_test(main_cf, "proxy"));
    assert_eq!(
        refused.err().unwrap(),
        "service name must be one of proxywrite or proxymap"
    );
}
