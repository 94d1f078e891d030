// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encrypted connections to servers: whom we believe, and that nothing is asked in the clear
//! where that was not allowed.

use super::{complaint, query};
use kit::Setup;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// Asks a table with each of these settings.
struct Cases<'c> {
    kind: &'c str,
    /// What all of them have.
    common: String,
    key: &'c str,
    warning: &'c str,
}

impl Cases<'_> {
    #[track_caller]
    fn find(&self, settings: &str, expected: &str) {
        let (instance, table) = self.table(settings);
        let found = query(&instance, &table, self.key);
        assert_eq!(found.as_deref(), Some(expected), "{settings}");
    }

    /// The lookup fails for now, with one warning.
    #[track_caller]
    fn fail(&self, settings: &str, words: &str) {
        let (instance, table) = self.table(settings);
        let errors = complaint(&instance, &table, self.key);
        assert!(errors.contains(words), "{settings}: {errors}");
        assert!(errors.contains(self.warning), "{settings}: {errors}");
        assert_eq!(errors.matches("warning: ").count(), 1, "{errors}");
    }

    fn table(&self, settings: &str) -> (kit::Instance, String) {
        let instance = Setup::new()
            .file("x.cf", &format!("{}{settings}\n", self.common))
            .build();
        let table = format!("{}:{}", self.kind, instance.path("etc/x.cf").display());
        (instance, table)
    }
}

/// A server without TLS: it says these things, one before each request.
fn without_tls(answers: &'static [&'static [u8]]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            for answer in answers {
                if stream.write_all(answer).is_err() || stream.read(&mut request).is_err() {
                    break;
                }
            }
        }
    });
    port
}

/// What is said of a certificate that nobody we know has issued.
const STRANGER: &str =
    "TLS handshake failed: server certificate verification failed: untrusted issuer";

/// What is said of a certificate for another server.
const OTHER_NAME: &str = "server certificate verification failed: it is not for 127.0.0.1";

#[test]
fn postgresql_is_asked_as_sslmode_says() {
    let server = super::postgresql::server();
    let at = |name: &str| server.directory().join(name).display().to_string();
    let (authority, other) = (at("authority.pem"), at("other.pem"));
    let cases = Cases {
        kind: "pgsql",
        common: "query = SELECT version || coalesce(client_dn, '') FROM pg_stat_ssl WHERE pid = \
                 pg_backend_pid() AND ssl UNION SELECT 'clear' FROM pg_stat_ssl WHERE pid = \
                 pg_backend_pid() AND NOT ssl\n"
            .to_owned(),
        key: "x",
        warning: "warning: connect to pgsql server",
    };
    let at_host = |host: &str, options: &str| {
        let port = server.port();
        format!("hosts = postgresql://postfix:%24password@{host}:{port}/postfix?{options}")
    };
    let uri = |options: &str| at_host("localhost", options);
    for (options, expected) in [
        ("", "TLSv1.3"),
        ("sslmode=disable", "clear"),
        ("sslmode=allow", "clear"),
        ("sslmode=require", "TLSv1.3"),
    ] {
        cases.find(&uri(options), expected);
    }
    let full = format!("sslmode=verify-full&sslrootcert={authority}");
    cases.find(&uri(&full), "TLSv1.3");
    let own = format!(
        "{full}&sslcert={}&sslkey={}",
        at("client.pem"),
        at("client.key")
    );
    cases.find(&uri(&own), "TLSv1.3/CN=client");
    let ca = format!("sslmode=verify-ca&sslrootcert={authority}");
    cases.find(&at_host("127.0.0.1", &ca), "TLSv1.3");
    cases.fail(&at_host("127.0.0.1", &full), OTHER_NAME);
    // A server may have its own certificate as its authority.
    let pinned = format!("sslmode=verify-full&sslrootcert={}", at("server.pem"));
    cases.find(&uri(&pinned), "TLSv1.3");
    for mode in ["require", "verify-ca"] {
        let wrong = format!("sslmode={mode}&sslrootcert={other}");
        cases.fail(&uri(&wrong), STRANGER);
    }
    cases.fail(&uri("sslmode=verify-ca&sslrootcert=/nowhere"), "/nowhere: ");
    let text = format!(
        "hosts = localhost:{}\nuser = postfix\npassword = $password\n\
         dbname = dbname=postfix sslmode=require",
        server.port()
    );
    cases.find(&text, "TLSv1.3");
    let plain = without_tls(&[b"", b"N"]);
    cases.fail(
        &format!("hosts = postgresql://u:p@127.0.0.1:{plain}/d?sslmode=require"),
        "server does not support SSL, but SSL was required",
    );
}

#[test]
fn mysql_is_asked_over_tls_if_a_setting_says_so() {
    let server = super::mariadb::server();
    let at = |name: &str| server.certificates().join(name).display().to_string();
    let (authority, other) = (at("authority.pem"), at("other.pem"));
    let cases = Cases {
        kind: "mysql",
        common: "user = postfix\npassword = it's secret\ndbname = mail\nquery = SELECT \
                 VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = \
                 'ssl_version' AND '%s' = 'x'\n"
            .to_owned(),
        key: "x",
        warning: "warning: connect to mysql server",
    };
    let port = server.port();
    let by_name = format!("hosts = inet:LocalHost:{port}\n");
    let by_address = format!("hosts = 127.0.0.1:{port}\n");
    let trust = format!("tls_CAfile = {authority}\n");
    cases.find(&format!("{by_address}{trust}"), "TLSv1.3");
    cases.find(&format!("{by_name}{trust}tls_verify_cert = yes"), "TLSv1.3");
    let own = format!(
        "{by_address}user = sealed\npassword =\ntls_cert_file = {}\ntls_key_file = {}\n",
        at("client.pem"),
        at("client.key")
    );
    cases.find(&own, "TLSv1.3");
    cases.fail(
        &format!("{by_address}user = sealed\npassword =\n{trust}"),
        "Access denied",
    );
    cases.fail(
        &format!("{by_address}{trust}tls_verify_cert = yes"),
        OTHER_NAME,
    );
    cases.fail(&format!("{by_address}tls_CAfile = {other}"), STRANGER);
    let greeting: &[&[u8]] = &[
        b"\x49\0\0\0\x0a5.5.0\0\x01\0\0\0abcdefgh\0\xff\xf7\x08\x02\0\x0f\x80\x15\
          \0\0\0\0\0\0\0\0\0\0abcdefghijkl\0mysql_native_password\0",
    ];
    let plain = without_tls(greeting);
    cases.fail(
        &format!("hosts = 127.0.0.1:{plain}\n{trust}"),
        "TLS is required, but the server does not support it",
    );
}

#[test]
fn directories_are_asked_over_tls_from_the_first_byte_or_after_start_tls() {
    let server = super::openldap::server();
    let at = |name: &str| server.certificates().join(name).display().to_string();
    let cases = Cases {
        kind: "ldap",
        common: "search_base = dc=example,dc=com\nquery_filter = mail=%s\nresult_attribute = cn\n"
            .to_owned(),
        key: "sealed@example.com",
        warning: "warning: connect to ldap server",
    };
    let (clear, encrypted) = (server.port(), server.encrypted_port());
    let trust = format!(
        "tls_require_cert = yes\ntls_ca_cert_file = {}\n",
        at("authority.pem")
    );
    let own = format!(
        "tls_cert = {}\ntls_key = {}\n",
        at("client.pem"),
        at("client.key")
    );
    let start = format!("server_host = localhost:{clear}\nstart_tls = yes\n");
    let first = format!("server_host = ldaps://localhost:{encrypted}\n");
    for reached in [&start, &first] {
        for checked in ["", &trust, &format!("{trust}{own}")] {
            cases.find(&format!("{reached}{checked}"), "sealed");
        }
        let wrong = trust.replace("authority.pem", "other.pem");
        cases.fail(&format!("{reached}{wrong}"), STRANGER);
        let address = reached.replace("localhost", "127.0.0.1");
        cases.fail(&format!("{address}{trust}"), OTHER_NAME);
    }
    // In the clear the entry is not shown.
    let (instance, table) = cases.table(&format!("server_host = localhost:{clear}\n"));
    assert_eq!(query(&instance, &table, cases.key), None);
    let refusal: &[&[u8]] = &[b"", b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\0\x04\0"];
    let plain = without_tls(refusal);
    cases.fail(
        &format!("server_host = 127.0.0.1:{plain}\nstart_tls = yes\n"),
        "Unable to set STARTTLS: 2: Protocol error",
    );
    cases.fail(
        &format!("server_host = ldaps://127.0.0.1:{clear}\n"),
        "TLS handshake failed: ",
    );
}
