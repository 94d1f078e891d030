// SPDX-License-Identifier: MIT OR Apache-2.0
//! PostgreSQL: the queries of a guide as they are written there, and everything that may be wrong
//! with a server.

use super::{complaint, query};
use kit::instance::privileged;
use kit::server::PostgreSql;
use kit::{Instance, Setup};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::OnceLock;

/// The tables of a web interface for mail domains, as far as the guide's queries read them.
const SCHEMA: &str = "
    create table domain (domain varchar(255) primary key, description varchar(255) not null,
        aliases int not null default 0, mailboxes int not null default 0,
        quota bigint not null default 0, transport varchar(255), backupmx boolean not null,
        active boolean not null default true);
    create table alias (address varchar(255) primary key, goto text not null,
        domain varchar(255) not null, active boolean not null default true);
    create table mailbox (username varchar(255) primary key, local_part varchar(255) not null,
        domain varchar(255) not null, quota bigint not null default 0,
        active boolean not null default true);
    insert into domain (domain, description, backupmx) values
        ('backup.example', 'we hold its mail', true), ('primary.example', 'ours', false);
    insert into domain values ('old.example', 'gone', 0, 0, 0, null, true, false);
    insert into alias values ('known@backup.example', 'known@primary.example', 'backup.example'),
        ('o''neil@backup.example', 'o''neil@primary.example', 'backup.example');
    insert into alias values
        ('late@backup.example', 'x@primary.example', 'backup.example', false);
    insert into mailbox values ('carol@primary.example', 'carol', 'primary.example', 51200000);
    grant select on all tables in schema public to public;
";

/// The server, with the schema and with accounts for each way to log in. The guide writes
/// `$password`, and so it is.
pub(super) fn server() -> &'static PostgreSql {
    static FILLED: OnceLock<&PostgreSql> = OnceLock::new();
    FILLED.get_or_init(|| {
        let server = PostgreSql::shared();
        server.execute(
            "postgres",
            "create role postfix login password '$password';
             set password_encryption = md5; create role old login password 'old secret';
             create database postfix;",
        );
        server.execute("postfix", SCHEMA);
        server
    })
}

/// Where the server is, for settings that say it.
fn hosts() -> String {
    let server = server();
    format!("hosts = 127.0.0.1:{}\n", server.port())
}

/// The three files of the guide, word for word where the server has its usual port.
fn guide(setup: Setup) -> Setup {
    let hosts = match privileged() {
        true => {
            server();
            "#hosts = localhost\n".to_owned()
        }
        false => hosts(),
    };
    let file = |query: &str| {
        format!("user = postfix\npassword = $password\ndbname = postfix\n{hosts}{query}\n")
    };
    setup
        .file(
            "relay_domains.cf",
            &file(
                "query = SELECT description FROM domain WHERE domain='%s' AND backupmx='1' AND \
                 active='1';",
            ),
        )
        .file(
            "relay_recipient_maps.cf",
            &file("query = SELECT goto FROM alias WHERE address='%s' AND active='1';"),
        )
        .file(
            "virtual_mailbox_limit_maps.cf",
            &file(
                "query = SELECT quota FROM mailbox WHERE local_part='%u' AND domain='%d' AND \
                 active='1';",
            ),
        )
}

fn table(instance: &Instance, name: &str) -> String {
    format!(
        "pgsql:{}",
        instance.path(&format!("etc/{name}.cf")).display()
    )
}

#[test]
fn the_queries_of_the_guide_find_what_they_should() {
    let instance = guide(Setup::new()).build();
    let domains = table(&instance, "relay_domains");
    let ask = |table: &str, key: &str| query(&instance, table, key);
    assert_eq!(
        ask(&domains, "backup.example").as_deref(),
        Some("we hold its mail")
    );
    for unknown in [
        "primary.example",
        "old.example",
        "' OR '1'='1",
        "x\\' OR 1=1 --",
    ] {
        assert_eq!(ask(&domains, unknown), None, "{unknown}");
    }
    let recipients = table(&instance, "relay_recipient_maps");
    assert_eq!(
        ask(&recipients, "O'Neil@backup.example").as_deref(),
        Some("o'neil@primary.example")
    );
    assert_eq!(ask(&recipients, "late@backup.example"), None);
    let quotas = table(&instance, "virtual_mailbox_limit_maps");
    assert_eq!(
        ask(&quotas, "carol@primary.example").as_deref(),
        Some("51200000")
    );
    assert_eq!(ask(&quotas, "carol"), None);
}

#[test]
fn the_guides_relay_takes_mail_for_known_recipients_of_its_domains() {
    let mut setup = guide(Setup::new()).main(
        "relay_domains = pgsql:$DIR/etc/relay_domains.cf
         relay_recipient_maps = pgsql:$DIR/etc/relay_recipient_maps.cf
         mynetworks = 192.0.2.0/24
         smtpd_relay_restrictions = reject_unauth_destination
         default_transport = discard
         relay_transport = discard",
    );
    if privileged() {
        setup = setup.master("smtp inet n - y - - smtpd");
    }
    let instance = setup.boot();
    let deliver = |to: &str| instance.deliver("a@client.example", &[to], "x\n\ny");
    let reply = deliver("known@backup.example");
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    assert_eq!(
        deliver("unknown@backup.example"),
        "550 5.1.1 <unknown@backup.example>: Recipient address rejected: User unknown in relay \
         recipient table"
    );
    assert_eq!(
        deliver("carol@primary.example"),
        "554 5.7.1 <carol@primary.example>: Relay access denied"
    );
}

#[test]
fn every_way_to_name_a_server_and_to_log_in_works() {
    let port = server().port();
    let directory = server().directory().display().to_string();
    let query_text = "query = SELECT goto FROM alias WHERE address='%s'\n";
    let old = "user = old\npassword = old secret\ndbname = postfix\n";
    let files = [
        ("md5", format!("{old}hosts = inet:localhost:{port}\n")),
        (
            "local",
            format!("user = postfix\ndbname = postfix\nhosts = unix:{directory}:{port}\n"),
        ),
        (
            "uri",
            format!("hosts = postgresql://postfix:%24password@127.0.0.1:{port}/postfix\n"),
        ),
        (
            "mixed",
            format!(
                "{old}hosts = /nonexistent:{port} postgresql://127.0.0.1:{port}?sslmode=prefer\n"
            ),
        ),
        (
            "latin",
            format!("{old}encoding = LATIN1\nhosts = 127.0.0.1:{port}\n"),
        ),
    ];
    let mut setup = Setup::new();
    for (name, text) in &files {
        setup = setup.file(&format!("{name}.cf"), &format!("{text}{query_text}"));
    }
    let instance = setup.build();
    for (name, _) in &files {
        let found = query(&instance, &table(&instance, name), "known@backup.example");
        assert_eq!(found.as_deref(), Some("known@primary.example"), "{name}");
    }
}

#[test]
fn results_are_formatted_limited_and_restricted_to_domains() {
    let common = format!(
        "user = postfix\npassword = $password\ndbname = postfix\n{}",
        hosts()
    );
    let setup = Setup::new()
        .file(
            "format.cf",
            &format!(
                "{common}query = SELECT goto, domain FROM alias WHERE address='%s'\n\
                 result_format = %U:%s\n"
            ),
        )
        .file(
            "limit.cf",
            &format!("{common}query = SELECT goto FROM alias\nexpansion_limit = 2\n"),
        )
        .file(
            "domain.cf",
            &format!(
                "{common}domain = primary.example\nquery = SELECT goto FROM alias WHERE \
                 address='%s'\n"
            ),
        )
        .file(
            "old.cf",
            &format!(
                "{common}table = alias\nselect_field = goto\nwhere_field = address\n\
                 additional_conditions = AND active = true\n"
            ),
        );
    let main = format!(
        "old_user = postfix\nold_password = $$password\nold_dbname = postfix\nold_{}\
         old_query = SELECT domain FROM alias WHERE address='%s'",
        hosts()
    );
    let instance = setup.main(&main).build();
    let key = "known@backup.example";
    let ask = |name: &str| query(&instance, &table(&instance, name), key);
    assert_eq!(
        ask("format").as_deref(),
        Some("known:known@primary.example,known:backup.example")
    );
    assert_eq!(ask("domain"), None);
    assert_eq!(ask("old").as_deref(), Some("known@primary.example"));
    assert_eq!(
        query(&instance, "pgsql:old", key).as_deref(),
        Some("backup.example")
    );
    let limit = complaint(&instance, &table(&instance, "limit"), key);
    assert!(
        limit.contains("Expansion limit exceeded for key: 'known@backup.example'"),
        "{limit}"
    );
}

#[test]
fn a_server_in_trouble_is_a_temporary_error_and_mail_flows_again_without_a_restart() {
    server().execute("postgres", "create role late login password 'other'");
    let files = format!(
        "user = late\npassword = right\ndbname = postfix\n{}query = SELECT goto FROM alias WHERE \
         address='%s'\n",
        hosts()
    );
    let instance = Setup::new()
        .main(
            "relay_domains = backup.example
             relay_recipient_maps = pgsql:$DIR/etc/late.cf
             smtpd_relay_restrictions = reject_unauth_destination
             relay_transport = discard",
        )
        .file("late.cf", &files)
        .boot();
    let deliver = |to: &str| instance.deliver("a@client.example", &[to], "x\n\ny");
    let reply = deliver("known@backup.example");
    assert_eq!(
        reply,
        "451 4.3.0 <known@backup.example>: Temporary lookup failure"
    );
    instance.wait_log(&[
        "postfix/proxymap[",
        "warning: connect to pgsql server",
        "password authentication failed",
    ]);
    server().execute("postgres", "alter role late password 'right'");
    let reply = deliver("known@backup.example");
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    server().execute(
        "postgres",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'late'",
    );
    let reply = deliver("nobody@backup.example");
    assert!(reply.starts_with("550 5.1.1"), "{reply}");
}

/// A server that takes one connection after the other and answers with these bytes.
fn impostor(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 1024];
            if stream.read(&mut request).is_ok() {
                stream.write_all(answer).ok();
            }
        }
    });
    port
}

#[test]
fn a_server_that_talks_nonsense_is_a_temporary_error() {
    // Logged in, and then: a message of two gigabytes, half a message, an unknown message, a row
    // whose column is longer than the row, and a password to be hashed four thousand million times.
    let answers: [&[u8]; 6] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05ID\x7f\xff\xff\xff",
        b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05ID\0\0\0\x20\0",
        b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I\xff\0\0\0\x04",
        b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05ID\0\0\0\x0c\0\x01\x7f\xff\xff\xffab",
        b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0R\0\0\0\x24\0\0\0\x0br=abc,s=AAAA,i=4000000000     ",
    ];
    let mut setup = Setup::new();
    for (number, answer) in answers.iter().enumerate() {
        let text = format!(
            "user = u\npassword = p\nhosts = 127.0.0.1:{}\nquery = SELECT 1\n",
            impostor(answer)
        );
        setup = setup.file(&format!("bad{number}.cf"), &text);
    }
    let instance = setup.build();
    for number in 0..answers.len() {
        let name = table(&instance, &format!("bad{number}"));
        let errors = complaint(&instance, &name, "key");
        assert!(errors.contains("warning: "), "{number}: {errors}");
        assert!(errors.contains("query error: "), "{number}: {errors}");
    }
}
