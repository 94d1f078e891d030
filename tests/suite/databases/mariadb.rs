// SPDX-License-Identifier: MIT OR Apache-2.0
//! MariaDB: queries and procedures, ways to log in, and servers that are not what they seem.

use super::{complaint, query};
use kit::server::MariaDb;
use kit::{Instance, Setup};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Statements stand on one line each: the server reads them when it starts.
const SQL: &str = "set names utf8mb4;
create database mail character set utf8mb4;
create user 'postfix'@'%' identified by 'it''s secret';
create user 'open'@'%' identified by '';
create user 'sealed'@'%' identified by '' require x509;
grant select on mail.* to 'sealed'@'%';
grant select, execute on mail.* to 'postfix'@'%';
grant select on mail.* to 'open'@'%';
create table mail.alias (address varchar(255) primary key, goto text, domain varchar(255));
insert into mail.alias values ('sales@example.com', 'alice@example.com,bob@example.com', 'example.com'), ('o''neil@example.com', 'x@example.com', 'example.com'), ('back\\\\slash@example.com', 'y', null), ('jürgen@example.com', 'jürgen@example.org', 'example.com');
create procedure mail.lookup(in wanted varchar(255)) reads sql data sql security invoker select goto from mail.alias where address = wanted;
create procedure mail.nothing() reads sql data sql security invoker set @x = 1;
create procedure mail.twice() reads sql data sql security invoker begin select 1; select 2; end;
";

pub(super) fn server() -> &'static MariaDb {
    MariaDb::shared(SQL)
}

fn login() -> String {
    format!(
        "user = postfix\npassword = it's secret\ndbname = mail\nhosts = 127.0.0.1:{}\n",
        server().port()
    )
}

const QUERY: &str = "query = SELECT goto FROM alias WHERE address='%s'\n";

fn table(instance: &Instance, name: &str) -> String {
    format!(
        "mysql:{}",
        instance.path(&format!("etc/{name}.cf")).display()
    )
}

#[test]
fn rows_are_found_by_keys_with_any_characters() {
    let instance = Setup::new()
        .file("alias.cf", &format!("{}{QUERY}", login()))
        .build();
    let table = table(&instance, "alias");
    for (key, value) in [
        (
            "Sales@example.com",
            Some("alice@example.com,bob@example.com"),
        ),
        ("o'neil@example.com", Some("x@example.com")),
        ("back\\slash@example.com", Some("y")),
        ("jürgen@example.com", Some("jürgen@example.org")),
        ("' OR '1'='1", None),
        ("\\' OR 1=1 -- ", None),
        ("\" OR 1=1 -- ", None),
    ] {
        assert_eq!(query(&instance, &table, key).as_deref(), value, "{key}");
    }
}

#[test]
fn every_way_to_reach_a_server_and_to_log_in_works() {
    let port = server().port();
    let socket = server().socket().display().to_string();
    let files = [
        (
            "local",
            format!("user = postfix\npassword = it's secret\nhosts = unix:{socket}\n"),
        ),
        (
            "open",
            format!("user = open\nhosts = inet:127.0.0.1:{port}\n"),
        ),
        (
            "second",
            format!("user = open\nhosts = unix:/nonexistent 127.0.0.1:{port}\ncharset = latin1\n"),
        ),
    ];
    let mut setup = Setup::new();
    for (name, text) in &files {
        setup = setup.file(
            &format!("{name}.cf"),
            &format!("{text}dbname = mail\n{QUERY}"),
        );
    }
    let instance = setup.build();
    for (name, _) in &files {
        let found = query(&instance, &table(&instance, name), "o'neil@example.com");
        assert_eq!(found.as_deref(), Some("x@example.com"), "{name}");
    }
}

#[test]
fn procedures_have_one_result_set_or_none_where_that_is_allowed() {
    let login = login();
    let instance = Setup::new()
        .file("call.cf", &format!("{login}query = CALL lookup('%s')\n"))
        .file("none.cf", &format!("{login}query = CALL nothing()\n"))
        .file(
            "allowed.cf",
            &format!("{login}query = CALL nothing()\nrequire_result_set = no\n"),
        )
        .file("twice.cf", &format!("{login}query = CALL twice()\n"))
        .file("wrong.cf", &format!("{login}query = SELECT FROM\n"))
        .build();
    let key = "o'neil@example.com";
    let found = query(&instance, &table(&instance, "call"), key);
    assert_eq!(found.as_deref(), Some("x@example.com"));
    assert_eq!(query(&instance, &table(&instance, "allowed"), key), None);
    for (name, words) in [
        (
            "none",
            "query returned no result set(require_result_set = yes)",
        ),
        (
            "twice",
            "multiple result sets returning data are not supported",
        ),
        ("wrong", "You have an error in your SQL syntax"),
    ] {
        let errors = complaint(&instance, &table(&instance, name), key);
        assert!(errors.contains(words), "{name}: {errors}");
    }
}

#[test]
fn a_wrong_password_is_a_temporary_error() {
    let text = login().replace("it's secret", "guess");
    let instance = Setup::new()
        .file("wrong.cf", &format!("{text}{QUERY}"))
        .build();
    let errors = complaint(&instance, &table(&instance, "wrong"), "a@b");
    assert!(
        errors.contains("warning: connect to mysql server 127.0.0.1:"),
        "{errors}"
    );
    assert!(
        errors.contains("Access denied for user 'postfix'"),
        "{errors}"
    );
}

/// A server that greets each client with these bytes, and says no more.
fn impostor(greeting: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            while stream.write_all(greeting).is_ok()
                && stream.read(&mut request).is_ok_and(|count| count > 0)
            {}
        }
    });
    port
}

#[test]
fn a_server_that_talks_nonsense_is_a_temporary_error() {
    let answers: [&[u8]; 4] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xff\xff\0",
        b"\x05\0\0\0\x0a8.0\0",
        b"\x10\0\0\0\xff\x15\x04Too many connections",
    ];
    let mut setup = Setup::new();
    for (number, answer) in answers.iter().enumerate() {
        let text = format!("hosts = 127.0.0.1:{}\nquery = x\n", impostor(answer));
        setup = setup.file(&format!("bad{number}.cf"), &text);
    }
    let instance = setup.build();
    for number in 0..answers.len() {
        let errors = complaint(&instance, &table(&instance, &format!("bad{number}")), "key");
        assert!(
            errors.contains("warning: connect to mysql server"),
            "{number}: {errors}"
        );
    }
}
