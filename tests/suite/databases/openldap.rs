// SPDX-License-Identifier: MIT OR Apache-2.0
//! OpenLDAP: searches, groups whose members are entries, ways to bind, limits.

use super::{complaint, query};
use kit::server::OpenLdap;
use kit::{Instance, Setup};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

const SUFFIX: &str = "dc=example,dc=com";

const LDIF: &str = "dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: cn=alice,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: alice
sn: A
mail: alice@example.com
uid: alice.mailbox@store.example.com
userPassword: wonderland

dn: cn=bob,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: bob
sn: B
mail: bob@example.com
mail: b*b(x)@example.com
uid: bob.mailbox@store.example.com

dn: cn=o'neil\\, jr,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: o'neil, jr
sn: O
mail: o'neil@example.com
uid: oneil

dn: cn=team,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: team
sn: T
mail: team@example.com
uid: not.for.groups@example.com
seeAlso: cn=alice,ou=people,dc=example,dc=com
seeAlso: cn=bob,ou=people,dc=example,dc=com
seeAlso: cn=gone,ou=people,dc=example,dc=com
labeledURI: ldap:///ou=people,dc=example,dc=com?uid?one?(sn=O)

dn: cn=delegated,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: delegated
sn: D
mail: delegated@example.com
seeAlso: cn=alice,ou=people,dc=example,dc=com
description: lists@host.example.com

dn: cn=circle,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
cn: circle
sn: C
mail: circle@example.com
seeAlso: cn=circle,ou=people,dc=example,dc=com

dn: ou=sealed,dc=example,dc=com
objectClass: organizationalUnit
ou: sealed

dn: cn=sealed,ou=sealed,dc=example,dc=com
objectClass: inetOrgPerson
cn: sealed
sn: T
mail: sealed@example.com

dn: ou=hidden,dc=example,dc=com
objectClass: organizationalUnit
ou: hidden

dn: cn=secret,ou=hidden,dc=example,dc=com
objectClass: inetOrgPerson
cn: secret
sn: S
mail: secret@example.com
uid: hidden
";

pub(super) fn server() -> &'static OpenLdap {
    OpenLdap::shared(SUFFIX, LDIF)
}

fn place() -> String {
    format!(
        "server_host = 127.0.0.1:{}\nsearch_base = {SUFFIX}\nquery_filter = (mail=%s)\n",
        server().port()
    )
}

fn table(instance: &Instance, name: &str) -> String {
    format!(
        "ldap:{}",
        instance.path(&format!("etc/{name}.cf")).display()
    )
}

/// An instance with one table, `x.cf`, of the usual place and these settings.
fn with(settings: &str) -> (Instance, String) {
    let instance = Setup::new()
        .file("x.cf", &format!("{}{settings}", place()))
        .build();
    let table = table(&instance, "x");
    (instance, table)
}

#[test]
fn entries_are_found_by_keys_with_any_characters() {
    let (instance, table) = with("result_attribute = uid\n");
    for (key, value) in [
        ("Alice@example.com", Some("alice.mailbox@store.example.com")),
        ("b*b(x)@example.com", Some("bob.mailbox@store.example.com")),
        ("o'neil@example.com", Some("oneil")),
        ("*", None),
        ("*)(uid=*", None),
        ("nobody@example.com", None),
    ] {
        assert_eq!(query(&instance, &table, key).as_deref(), value, "{key}");
    }
}

#[test]
fn groups_are_their_members() {
    let (instance, table) = with(
        "result_attribute =\nleaf_result_attribute = uid\nterminal_result_attribute = description\n\
         special_result_attribute = seeAlso, labeledURI\n",
    );
    let ask = |key: &str| query(&instance, &table, key);
    assert_eq!(
        ask("team@example.com").as_deref(),
        Some("alice.mailbox@store.example.com,bob.mailbox@store.example.com,oneil")
    );
    assert_eq!(
        ask("delegated@example.com").as_deref(),
        Some("lists@host.example.com")
    );
    assert_eq!(
        ask("bob@example.com").as_deref(),
        Some("bob.mailbox@store.example.com")
    );
    let errors = complaint(&instance, &table, "circle@example.com");
    assert!(
        errors.contains("Recursion limit exceeded for special attribute seeAlso"),
        "{errors}"
    );
}

#[test]
fn results_are_formatted_and_limited() {
    let (instance, formatted) =
        with("result_attribute = uid\nresult_format = smtp:[%d]:%U\ndomain = example.com\n");
    let found = query(&instance, &formatted, "alice@example.com");
    assert_eq!(found.as_deref(), Some("smtp:[store.example.com]:alice"));
    assert_eq!(query(&instance, &formatted, "alice@example.org"), None);
    let (instance, limited) = with("result_attribute = mail\nexpansion_limit = 1\n");
    let errors = complaint(&instance, &limited, "bob@example.com");
    assert!(
        errors.contains("Expansion limit exceeded for key: 'bob@example.com'"),
        "{errors}"
    );
    let (instance, sized) = with("query_filter = (sn=*)\nresult_attribute = cn\nsize_limit = 2\n");
    let errors = complaint(&instance, &sized, "x");
    assert!(errors.contains("Query size limit (2) exceeded"), "{errors}");
}

#[test]
fn a_search_base_with_parts_of_the_key_need_not_be_there() {
    let (instance, fixed) = with("search_base = dc=other\nresult_attribute = uid\n");
    let errors = complaint(&instance, &fixed, "x@y");
    assert!(
        errors.contains("Search base 'dc=other' not found"),
        "{errors}"
    );
    let (instance, varies) = with("search_base = dc=%2,dc=%1\nresult_attribute = uid\n");
    let ask = |key: &str| query(&instance, &varies, key);
    assert_eq!(
        ask("alice@example.com").as_deref(),
        Some("alice.mailbox@store.example.com")
    );
    assert_eq!(ask("alice@example.org"), None);
    assert_eq!(ask("alice@host"), None);
}

#[test]
fn every_way_to_reach_a_server_and_to_bind_works() {
    let port = server().port();
    let socket = server().socket().display().to_string().replace('/', "%2F");
    let user = "bind_dn = cn=alice,ou=people,dc=example,dc=com\nbind_pw = wonderland\n";
    let files = [
        (
            "simple",
            format!("server_host = ldap://127.0.0.1:{port}\n{user}"),
        ),
        ("local", format!("server_host = ldapi://{socket}\n{user}")),
        (
            "port",
            format!("server_host = 127.0.0.1\nserver_port = {port}\n{user}"),
        ),
        (
            "second",
            format!("server_host = ldapi://%2Fnonexistent 127.0.0.1:{port}\n{user}"),
        ),
    ];
    let search =
        "search_base = dc=example,dc=com\nquery_filter = mail=%s\nresult_attribute = uid\n";
    let mut setup = Setup::new();
    for (name, text) in &files {
        setup = setup.file(&format!("{name}.cf"), &format!("{text}{search}"));
    }
    let nobody = format!("server_host = 127.0.0.1:{port}\nbind = no\n{search}");
    let instance = setup.file("nobody.cf", &nobody).build();
    for (name, _) in &files {
        let found = query(&instance, &table(&instance, name), "secret@example.com");
        assert_eq!(found.as_deref(), Some("hidden"), "{name}");
    }
    assert_eq!(
        query(&instance, &table(&instance, "nobody"), "secret@example.com"),
        None
    );
}

#[test]
fn a_wrong_password_is_a_temporary_error() {
    let (instance, table) = with("bind_dn = cn=admin,dc=example,dc=com\nbind_pw = guess\n");
    let errors = complaint(&instance, &table, "x");
    assert!(
        errors.contains("warning: connect to ldap server 127.0.0.1:"),
        "{errors}"
    );
    assert!(errors.contains("49 (Invalid credentials)"), "{errors}");
}

#[test]
fn a_server_that_talks_nonsense_is_a_temporary_error() {
    // No BER, a message of four gigabytes, one of indefinite length, a bind response without
    // content, and one that is followed by an entry with a length that goes beyond it.
    let answers: [&[u8]; 5] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x80\x02\x01\x01",
        b"\x30\x05\x02\x01\x01\x61\x00",
        b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0\x30\x08\x02\x01\x02\x64\x7f\x04\0\0",
    ];
    for answer in answers {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("address").port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {
                    stream.write_all(answer).ok();
                }
            }
        });
        let instance = Setup::new()
            .file(
                "x.cf",
                &format!("server_host = 127.0.0.1:{port}\nsearch_base = x\n"),
            )
            .build();
        let errors = complaint(&instance, &table(&instance, "x"), "key");
        assert!(errors.contains("warning: "), "{answer:?}: {errors}");
    }
}

#[test]
fn a_server_that_never_answers_is_a_temporary_error_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    let text = format!("server_host = 127.0.0.1:{port}\nsearch_base = x\nbind = no\ntimeout = 1\n");
    let instance = Setup::new().file("x.cf", &text).build();
    let errors = complaint(&instance, &table(&instance, "x"), "key");
    assert!(errors.contains("warning: ldap query failed: "), "{errors}");
    // The kernel took the connection; nobody looks at it.
    drop(listener);
}
