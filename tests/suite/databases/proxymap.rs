// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables through proxymap, as programs in a jail see them.

use super::{complaint, query};
use kit::Setup;
use kit::instance::privileged;
use std::io::Write as _;

#[test]
fn a_server_in_a_jail_knows_a_user_who_came_after_it_started() {
    if !privileged() {
        return;
    }
    let instance = Setup::new().master("smtp inet n - y - - smtpd").boot();
    let deliver = || instance.deliver("a@client.example", &["newcomer"], "x\n\ny");
    let reply = deliver();
    assert!(
        reply.contains("User unknown in local recipient table"),
        "{reply}"
    );
    // The accounts of this namespace are its own.
    let mut users = std::fs::OpenOptions::new()
        .append(true)
        .open("/etc/passwd")
        .expect("/etc/passwd");
    let line = b"newcomer:x:1953:1951:New Comer,,,:/nonexistent:/bin/sh\n";
    users.write_all(line).expect("a line");
    let reply = deliver();
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
}

#[test]
fn only_approved_tables_are_opened_and_the_log_says_what_to_do() {
    let instance = Setup::new()
        .main("relay_domains = proxy:inline:{ a.example=x }")
        .boot();
    let found = query(&instance, "proxy:inline:{ a.example=x }", "A.example");
    assert_eq!(found.as_deref(), Some("x"));
    let output = instance.run("postmap", &["-q", "a", "proxy:static:x"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("fatal: proxymap service is not configured for table \"static:x\""),
        "{errors}"
    );
    instance.wait_log(&["warning: request for unapproved table: \"static:x\""]);
    instance.wait_log(&[
        "to approve this table for read-only access, list proxy:static:x in \
         main.cf:proxy_read_maps",
    ]);
}

#[test]
fn without_proxymap_a_proxied_table_is_a_temporary_error() {
    let instance = Setup::new().build();
    let errors = complaint(&instance, "proxy:inline:{a=b}", "a");
    assert!(errors.contains("private/proxymap"), "{errors}");
}
