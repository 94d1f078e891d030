// SPDX-License-Identifier: MIT OR Apache-2.0
//! The resolver against a name server of our own, on loopback.
//!
//! The server runs on the resolver's own executor: it gets its turn whenever a question waits
//! for its answer, so no second thread is needed.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, PTR};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::{TcpListener, UdpSocket};

use crate::{ClientName, Failure, FailureKind, Families, Forward, Mx, Resolver, Settings, Unnamed};

/// What the fake server answers.
fn zone(name: &str, record_type: RecordType) -> Result<Vec<RData>, ResponseCode> {
    let mx = |preference, host: &str| RData::MX(MX::new(preference, fqdn(host)));
    let a = |text: &str| RData::A(A(text.parse().unwrap()));
    let aaaa = |text: &str| RData::AAAA(AAAA(text.parse().unwrap()));
    let ptr = |host: &str| RData::PTR(PTR(fqdn(host)));
    Ok(match (name, record_type) {
        ("example.test", RecordType::MX) => {
            vec![mx(20, "b.example.test"), mx(10, "a_1.example.test")]
        }
        ("null.test", RecordType::MX) => vec![mx(0, ".")],
        ("odd.test", RecordType::MX) => vec![mx(5, "."), mx(6, "192.0.2.7"), mx(7, "-bad-.test")],
        ("bad.test", RecordType::MX) => vec![mx(7, "-bad-.test")],
        ("many.test", RecordType::MX) => (0..120)
            .map(|n| mx(n, &format!("h{n}.many.test")))
            .collect(),
        ("a_1.example.test" | "real.test", RecordType::A) => vec![a("192.0.2.1")],
        ("a_1.example.test", RecordType::AAAA) => vec![aaaa("2001:db8::1")],
        ("alias.test", _) => vec![RData::CNAME(CNAME(fqdn("real.test")))],
        ("broken.test", _) => return Err(ResponseCode::ServFail),
        ("refused.test", _) => return Err(ResponseCode::Refused),
        ("half.test", RecordType::A) => vec![a("192.0.2.5")],
        ("half.test", _) => return Err(ResponseCode::ServFail),
        ("1.2.0.192.in-addr.arpa", RecordType::PTR) => vec![ptr("real.test")],
        ("2.2.0.192.in-addr.arpa", RecordType::PTR) => vec![ptr("real.test")],
        ("3.2.0.192.in-addr.arpa", RecordType::PTR) => vec![ptr("nowhere.test")],
        ("4.2.0.192.in-addr.arpa", RecordType::PTR) => return Err(ResponseCode::ServFail),
        ("5.2.0.192.in-addr.arpa", RecordType::PTR) => vec![ptr("192.0.2.5")],
        ("empty.test" | "real.test" | "example.test", _) => vec![],
        _ => return Err(ResponseCode::NXDomain),
    })
}

/// Labels are taken as they are: servers may say anything.
fn fqdn(text: &str) -> Name {
    let labels = text
        .split('.')
        .filter(|label| !label.is_empty())
        .map(str::as_bytes);
    let mut name = Name::from_labels(labels).unwrap();
    name.set_fqdn(true);
    name
}

/// More than this needs TCP.
const UDP_LIMIT: usize = 1232;

fn answer(query: &[u8], limit: usize) -> Option<Vec<u8>> {
    let query = Message::from_vec(query).ok()?;
    let question = query.queries.first()?.clone();
    let mut reply = Message::response(query.metadata.id, query.metadata.op_code);
    reply.metadata.recursion_available = true;
    reply.add_query(question.clone());
    let mut name = question.name().to_lowercase();
    // Follow aliases, as a recursive server does.
    for _ in 0..3 {
        let text = name.to_ascii();
        match zone(text.trim_end_matches('.'), question.query_type()) {
            Ok(data) => {
                let alias = data.iter().find_map(|data| match data {
                    RData::CNAME(target) => Some(target.0.clone()),
                    _ => None,
                });
                for data in data {
                    reply.add_answer(Record::from_rdata(name.clone(), 60, data));
                }
                match alias {
                    Some(target) => name = target,
                    None => break,
                }
            }
            Err(code) => {
                reply.metadata.response_code = code;
                break;
            }
        }
    }
    let whole = reply.to_vec().ok()?;
    if whole.len() <= limit {
        Some(whole)
    } else {
        reply.truncate().to_vec().ok()
    }
}

async fn serve_udp(socket: UdpSocket) {
    let mut buffer = [0; 4096];
    while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
        if let Some(reply) = answer(&buffer[..length], UDP_LIMIT) {
            let _ = socket.send_to(&reply, peer).await;
        }
    }
}

/// Answers one query per connection.
async fn serve_tcp(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut query = Vec::new();
        while query.len() < 2
            || query.len() < 2 + usize::from(u16::from_be_bytes([query[0], query[1]]))
        {
            stream.readable().await.unwrap();
            let mut buffer = [0; 4096];
            match stream.try_read(&mut buffer) {
                Ok(length) => query.extend_from_slice(&buffer[..length]),
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
            }
        }
        let reply = answer(&query[2..], usize::MAX).unwrap();
        let mut framed = u16::try_from(reply.len()).unwrap().to_be_bytes().to_vec();
        framed.extend(reply);
        stream.writable().await.unwrap();
        assert_eq!(stream.try_write(&framed).unwrap(), framed.len());
    }
}

/// A resolver that asks the fake server, with this hosts file.
fn resolver_with(hosts: &str) -> (Resolver, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let hosts_path = directory.path().join("hosts");
    std::fs::write(&hosts_path, hosts).unwrap();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let address: SocketAddr = socket.local_addr().unwrap();
    let listener = std::net::TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    let settings = Settings {
        resolv_conf: directory.path().join("resolv.conf"),
        hosts: hosts_path,
        name_servers: vec![address],
        limit: Duration::from_secs(20),
    };
    let mut resolver = Resolver::new(settings);
    resolver.spawn_for_test(|| serve_udp(UdpSocket::from_std(socket).unwrap()));
    resolver.spawn_for_test(|| serve_tcp(TcpListener::from_std(listener).unwrap()));
    (resolver, directory)
}

fn resolver() -> (Resolver, tempfile::TempDir) {
    resolver_with("127.0.0.1 localhost\n192.0.2.77 inhosts.test\n192.0.2.78 _.test\n")
}

fn text(failure: &Failure) -> String {
    failure.to_string()
}

#[test]
fn exchangers_come_with_preference_and_may_have_underscores() {
    let (mut resolver, _dir) = resolver();
    let mut found = resolver.mx("example.test").unwrap();
    found.sort_by_key(|mx| mx.preference);
    let best = Mx {
        preference: 10,
        host: "a_1.example.test".into(),
    };
    assert_eq!(found.first(), Some(&best));
    assert_eq!(found.len(), 2);
}

#[test]
fn failures_are_told_apart() {
    let (mut resolver, _dir) = resolver();
    let mut kind = |name: &str| {
        resolver
            .mx(name)
            .map_err(|failure| (failure.kind, text(&failure)))
    };
    let (found, said) = kind("nowhere.test").unwrap_err();
    assert_eq!(found, FailureKind::NotFound);
    assert_eq!(
        said,
        "Host or domain name not found. Name service error for name=nowhere.test type=MX: \
         Host not found"
    );
    let (found, said) = kind("empty.test").unwrap_err();
    assert_eq!(found, FailureKind::NotFound);
    assert!(
        said.ends_with("type=MX: Host found but no data record of requested type"),
        "{said}"
    );
    let (found, said) = kind("broken.test").unwrap_err();
    assert_eq!(found, FailureKind::Retry);
    assert!(said.ends_with("Host not found, try again"), "{said}");
    assert_eq!(kind("refused.test").unwrap_err().0, FailureKind::Fail);
    let (found, said) = kind("null.test").unwrap_err();
    assert_eq!(found, FailureKind::NullMx);
    assert_eq!(said, "Domain null.test does not accept mail (nullMX)");
    assert_eq!(kind("bad.test").unwrap_err().0, FailureKind::Invalid);
    assert_eq!(kind("a..b").unwrap_err().0, FailureKind::NotFound);
    assert_eq!(kind("exa mple.test").unwrap_err().0, FailureKind::NotFound);
}

#[test]
fn unusable_exchangers_are_dropped_and_numbers_are_kept() {
    let (mut resolver, _dir) = resolver();
    let found = resolver.mx("odd.test").unwrap();
    assert_eq!(
        found,
        [Mx {
            preference: 6,
            host: "192.0.2.7".into()
        }]
    );
}

#[test]
fn at_most_a_hundred_records_are_used() {
    let (mut resolver, _dir) = resolver();
    assert_eq!(resolver.mx("many.test").unwrap().len(), 100);
}

#[test]
fn both_families_are_asked_and_aliases_are_followed() {
    let (mut resolver, _dir) = resolver();
    let found = resolver
        .addresses("a_1.example.test", Families::Both)
        .unwrap();
    let expected: Vec<IpAddr> = vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()];
    assert_eq!(found, expected);
    let found = resolver.addresses("alias.test", Families::V4).unwrap();
    assert_eq!(found, ["192.0.2.1".parse::<IpAddr>().unwrap()]);
    let failure = resolver.addresses("alias.test", Families::V6).unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
}

#[test]
fn one_family_is_enough_and_a_temporary_failure_wins_over_a_permanent_one() {
    let (mut resolver, _dir) = resolver();
    let found = resolver.addresses("half.test", Families::Both).unwrap();
    assert_eq!(found, ["192.0.2.5".parse::<IpAddr>().unwrap()]);
    let failure = resolver
        .addresses("broken.test", Families::Both)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Retry);
}

#[test]
fn native_lookups_ask_the_hosts_file_first() {
    let (mut resolver, _dir) = resolver();
    let found = resolver
        .native_addresses("InHosts.test", Families::Both)
        .unwrap();
    assert_eq!(found, ["192.0.2.77".parse::<IpAddr>().unwrap()]);
    let failure = resolver
        .addresses("inhosts.test", Families::Both)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    let found = resolver
        .native_addresses("real.test", Families::Both)
        .unwrap();
    assert_eq!(found, ["192.0.2.1".parse::<IpAddr>().unwrap()]);
}

#[test]
fn a_client_name_counts_only_when_its_addresses_agree() {
    let (mut resolver, _dir) = resolver();
    let mut name = |address: &str| resolver.client_name(address.parse().unwrap());
    assert_eq!(name("192.0.2.1").verified(), Some("real.test"));
    assert_eq!(name("::ffff:192.0.2.1").verified(), Some("real.test"));
    assert_eq!(name("192.0.2.77").verified(), Some("inhosts.test"));
    let mismatch = ClientName::Named {
        reverse: "real.test".into(),
        forward: Forward::Mismatch,
    };
    assert_eq!(name("192.0.2.2"), mismatch);
    let ClientName::Named {
        forward: Forward::NoAddress(failure),
        ..
    } = name("192.0.2.3")
    else {
        panic!("nowhere.test has no address");
    };
    assert_eq!(failure.kind, FailureKind::NotFound);
    assert_eq!(name("192.0.2.4"), ClientName::Unknown(Unnamed::Temporary));
    assert_eq!(name("192.0.2.5"), ClientName::Unknown(Unnamed::Permanent));
    assert_eq!(name("192.0.2.99"), ClientName::Unknown(Unnamed::Permanent));
}

#[test]
fn a_silent_server_is_a_temporary_failure() {
    let directory = tempfile::tempdir().unwrap();
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let settings = Settings {
        resolv_conf: directory.path().join("resolv.conf"),
        hosts: directory.path().join("hosts"),
        name_servers: vec![silent.local_addr().unwrap()],
        limit: Duration::from_millis(200),
    };
    let failure = Resolver::new(settings).mx("example.test").unwrap_err();
    assert_eq!(failure.kind, FailureKind::Retry);
}

#[test]
fn a_changed_resolv_conf_is_taken_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("resolv.conf");
    std::fs::write(&path, "nameserver 192.0.2.1\n").unwrap();
    let settings = Settings {
        resolv_conf: path.clone(),
        ..Settings::default()
    };
    let mut resolver = Resolver::new(settings);
    assert_eq!(resolver.conf_for_test(), b"nameserver 192.0.2.1\n");
    std::fs::write(&path, "nameserver 192.0.2.2\n").unwrap();
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_eq!(resolver.conf_for_test(), b"nameserver 192.0.2.2\n");
}
