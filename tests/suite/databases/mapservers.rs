// SPDX-License-Identifier: MIT OR Apache-2.0
//! `tcp:` and `socketmap:`: servers that a site writes itself, and what they may do wrong.

use super::{complaint, query};
use kit::Setup;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixListener;

/// A server on a port that answers each request, as `answer` says, over any number of connections.
fn serve(answer: impl Fn(&str) -> String + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            converse(stream, &answer);
        }
    });
    port
}

fn converse(mut stream: TcpStream, answer: &impl Fn(&str) -> String) {
    let mut request = [0; 4096];
    while let Ok(count) = stream.read(&mut request) {
        let text = String::from_utf8_lossy(&request[..count]).into_owned();
        if count == 0 || stream.write_all(answer(&text).as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn a_tcp_table_encodes_keys_and_decodes_values() {
    let port = serve(|request| match request {
        "get a%20b%25\n" => "200 one%0Atwo%20%25\n".to_owned(),
        "get temporary\n" => "400 in%20trouble\n".to_owned(),
        "get nonsense\n" => "250 Ok\n".to_owned(),
        "get long\n" => format!("200 {}\n", "x".repeat(5000)),
        _ => "500 no\n".to_owned(),
    });
    let instance = Setup::new().build();
    let table = format!("tcp:127.0.0.1:{port}");
    assert_eq!(
        query(&instance, &table, "a b%").as_deref(),
        Some("one\ntwo %")
    );
    assert_eq!(query(&instance, &table, "unknown"), None);
    for (key, words) in [
        ("temporary", "lookup failed: 400 in%20trouble"),
        ("nonsense", "unexpected reply: 250 Ok"),
        ("long", "reply is too long"),
    ] {
        let errors = complaint(&instance, &table, key);
        assert!(errors.contains(words), "{key}: {errors}");
    }
}

#[test]
fn a_socket_map_says_ok_notfound_or_what_is_wrong() {
    let port = serve(|request| {
        let text = match request {
            "8:virt a@b," => "OK c@d, e@f",
            "9:virt temp," => "TEMP in trouble",
            "9:virt time," => "TIMEOUT too slow",
            "9:virt perm," => "PERM no such map",
            "12:virt strange," => "WHAT",
            "12:virt noreply," => return "9999999999:x".to_owned(),
            _ => "NOTFOUND ",
        };
        format!("{}:{text},", text.len())
    });
    let instance = Setup::new().build();
    let table = format!("socketmap:inet:127.0.0.1:{port}:virt");
    assert_eq!(query(&instance, &table, "a@b").as_deref(), Some("c@d, e@f"));
    assert_eq!(query(&instance, &table, "unknown"), None);
    assert_eq!(query(&instance, &table, &"x".repeat(20_000)), None);
    for (key, words) in [
        ("temp", "temporary error: in trouble"),
        ("time", "timeout error: too slow"),
        ("perm", "permanent error: no such map"),
        ("strange", "unexpected reply: WHAT"),
        ("noreply", "netstring size limit exceeded"),
    ] {
        let errors = complaint(&instance, &table, key);
        assert!(errors.contains(words), "{key}: {errors}");
    }
}

#[test]
fn a_server_that_is_not_there_defers_mail_and_one_that_came_back_is_used() {
    let mut instance = Setup::new()
        .main(
            "virtual_alias_maps = socketmap:unix:$DIR/lib/map.sock:virt
             default_transport = discard
             mynetworks = 127.0.0.0/8",
        )
        .build();
    instance.start();
    let deliver = || instance.deliver("a@client.example", &["b@else.example"], "x\n\ny");
    let reply = deliver();
    assert!(reply.starts_with("451 4.3.0 "), "{reply}");
    let path = instance.path("lib/map.sock");
    let listener = UnixListener::bind(&path).expect("socket");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .expect("mode");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Each connection has its own thread: smtpd and cleanup keep theirs.
            std::thread::spawn(move || {
                let mut request = [0; 1000];
                while stream.read(&mut request).is_ok_and(|count| count > 0) {
                    if stream.write_all(b"9:NOTFOUND ,").is_err() {
                        return;
                    }
                }
            });
        }
    });
    let reply = deliver();
    assert!(
        reply.starts_with("250 2.0.0"),
        "{reply}\n{}",
        instance.log()
    );
}
