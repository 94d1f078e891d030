// SPDX-License-Identifier: MIT OR Apache-2.0
//! The resolver against a name server of our own, on loopback.
use std::net::IpAddr;
use std::time::Duration;

use crate::fixture;
use crate::{ClientName, Failure, FailureKind, Families, Forward, Mx, Resolver, Settings, Unnamed};

/// What the fake server answers.
const ZONE: &str = "
    example.test MX 20 b.example.test
    example.test MX 10 a_1.example.test
    null.test MX 0 .
    odd.test MX 5 .
    odd.test MX 6 192.0.2.7
    odd.test MX 7 -bad-.test
    bad.test MX 7 -bad-.test
    a_1.example.test A 192.0.2.1
    a_1.example.test AAAA 2001:db8::1
    real.test A 192.0.2.1
    alias.test CNAME real.test
    broken.test SERVFAIL
    refused.test REFUSED
    garbled.test FORMERR
    half.test A 192.0.2.5
    half.test SERVFAIL
    1.2.0.192.in-addr.arpa PTR real.test
    2.2.0.192.in-addr.arpa PTR real.test
    3.2.0.192.in-addr.arpa PTR nowhere.test
    4.2.0.192.in-addr.arpa SERVFAIL
    5.2.0.192.in-addr.arpa PTR 192.0.2.5
    empty.test A 192.0.2.9
";

fn resolver() -> (Resolver, tempfile::TempDir) {
    let many: String = (0..120)
        .map(|n| {
            format!(
                "many.test MX {n} h{n}.many.test
"
            )
        })
        .collect();
    let hosts = "127.0.0.1 localhost
192.0.2.77 inhosts.test
192.0.2.78 _.test
";
    fixture::resolver(&format!("{ZONE}{many}"), hosts)
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
    assert_eq!(kind("refused.test").unwrap_err().0, FailureKind::Retry);
    assert_eq!(kind("garbled.test").unwrap_err().0, FailureKind::Fail);
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
