// SPDX-License-Identifier: MIT OR Apache-2.0
//! SQLite, whose databases are made by Debian's own command.

use super::{complaint, query};
use kit::instance::privileged;
use kit::{Instance, Setup};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

fn fill(instance: &Instance, sql: &str) {
    let database = instance.path("etc/mail.db");
    let output = std::process::Command::new("sqlite3")
        .arg(&database)
        .arg(sql)
        .output();
    let output = output.expect("install Debian's package sqlite3 (scripts/prerequisites test)");
    assert!(output.status.success(), "{output:?}");
}

const SCHEMA: &str = "create table alias (address text primary key, goto text);
    insert into alias values ('sales@example.com', 'alice, bob'), ('o''neil@example.com', 'x');";

#[test]
fn a_table_named_directly_is_reached_through_proxymap_from_a_jail() {
    let user = Instance::account();
    let mut setup = Setup::new();
    if privileged() {
        setup = setup.master("smtp inet n - y - - smtpd\ncleanup unix n - y - 0 cleanup");
    }
    let mut instance = setup
        .main("virtual_alias_maps = sqlite:$DIR/etc/alias.cf")
        .file(
            "alias.cf",
            "dbpath = $DIR/etc/mail.db\nquery = select goto from alias where address = '%s'\n",
        )
        .build();
    fill(
        &instance,
        &format!("{SCHEMA} insert into alias values ('all@mail.example.test', '{user}')"),
    );
    // Settings with passwords are for root's eyes only.
    let mode = Permissions::from_mode(0o600);
    std::fs::set_permissions(instance.path("etc/alias.cf"), mode).expect("mode");
    instance.start();
    let reply = instance.deliver("a@client.example", &["all@mail.example.test"], "x\n\ny");
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    instance.wait_mail(&user, 1);
}

#[test]
fn rows_are_found_changed_and_a_missing_database_comes_back() {
    let instance = Setup::new()
        .file(
            "alias.cf",
            "dbpath = $DIR/etc/mail.db\nquery = select goto from alias where address = '%s'\n",
        )
        .build();
    let table = format!("sqlite:{}", instance.path("etc/alias.cf").display());
    assert!(complaint(&instance, &table, "x@y").contains("Can't open database"));
    fill(&instance, SCHEMA);
    let sales = query(&instance, &table, "sales@example.com");
    assert_eq!(sales.as_deref(), Some("alice, bob"));
    assert_eq!(
        query(&instance, &table, "o'neil@example.com").as_deref(),
        Some("x")
    );
    assert_eq!(query(&instance, &table, "' or '1'='1"), None);
}

#[test]
fn settings_that_change_are_used_without_a_reload() {
    let setup = |value: &str| {
        format!(
            "dbpath = $DIR/etc/mail.db\nquery = select '{value}' where '%d' = 'mail.example.test'\n"
        )
    };
    let user = Instance::account();
    let mut instance = Setup::new()
        .main("virtual_alias_maps = sqlite:$DIR/etc/alias.cf")
        .file("alias.cf", &setup("nobody-here"))
        .build();
    fill(&instance, SCHEMA);
    instance.start();
    let deliver = || instance.deliver("a@client.example", &["all@mail.example.test"], "x\n\ny");
    let reply = deliver();
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    instance.wait_log(&["to=<nobody-here@mail.example.test>"]);
    let directory = instance.path("").display().to_string();
    let text = setup(&user).replace("$DIR/", &directory);
    std::fs::write(instance.path("etc/alias.cf"), text).expect("alias.cf");
    let reply = deliver();
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    instance.wait_mail(&user, 1);
    instance.wait_log(&[
        "postfix/proxymap[",
        "table sqlite:",
        "has changed -- restarting",
    ]);
}
