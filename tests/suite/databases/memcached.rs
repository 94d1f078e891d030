// SPDX-License-Identifier: MIT OR Apache-2.0
//! memcached, alone and in front of another table.

use super::{complaint, query};
use kit::Setup;
use kit::server::Memcached;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;

/// One command to the server, and the first line of its reply.
fn tell(command: &str) -> String {
    let mut stream = UnixStream::connect(Memcached::shared().socket()).expect("memcached");
    stream.write_all(command.as_bytes()).expect("command");
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("reply");
    line.trim_end().to_owned()
}

fn settings(more: &str) -> String {
    let socket = Memcached::shared().socket();
    format!("memcache = unix:{}\n{more}", socket.display())
}

#[test]
fn values_are_found_under_formatted_keys() {
    let instance = Setup::new()
        .file("m.cf", &settings("key_format = plain:%s\n"))
        .build();
    let table = format!("memcache:{}", instance.path("etc/m.cf").display());
    assert_eq!(tell("set plain:a@b 0 60 5\r\nvalue\r\n"), "STORED");
    assert_eq!(query(&instance, &table, "A@b").as_deref(), Some("value"));
    assert_eq!(query(&instance, &table, "b@b"), None);
    assert_eq!(query(&instance, &table, "a b\r\nflush_all"), None);
    assert_eq!(query(&instance, &table, &"x".repeat(300)), None);
    tell(&format!(
        "set plain:long 0 60 20000\r\n{}\r\n",
        "x".repeat(20000)
    ));
    assert!(complaint(&instance, &table, "long").contains("reply data is too long"));
}

#[test]
fn what_the_backup_knows_is_told_to_the_server() {
    let instance = Setup::new()
        .file(
            "m.cf",
            &settings("key_format = backed:%s\nbackup = inline:{ a=one, b=two }\nttl = 100\n"),
        )
        .build();
    let table = format!("memcache:{}", instance.path("etc/m.cf").display());
    assert_eq!(tell("get backed:a\r\n"), "END");
    assert_eq!(query(&instance, &table, "a").as_deref(), Some("one"));
    assert_eq!(tell("get backed:a\r\n"), "VALUE backed:a 0 3");
    assert_eq!(query(&instance, &table, "c"), None);
}

#[test]
fn without_a_server_the_backup_answers_and_without_both_it_is_a_temporary_error() {
    let nowhere = "memcache = unix:/nonexistent/socket\nretry_pause = 0\n";
    let instance = Setup::new()
        .file("alone.cf", nowhere)
        .file(
            "backed.cf",
            &format!("{nowhere}backup = inline:{{a=one}}\n"),
        )
        .build();
    let table = |name: &str| format!("memcache:{}", instance.path(name).display());
    let error = complaint(&instance, &table("etc/alone.cf"), "a");
    assert!(error.contains("No such file or directory"), "{error}");
    let found = query(&instance, &table("etc/backed.cf"), "a");
    assert_eq!(found.as_deref(), Some("one"));
}
