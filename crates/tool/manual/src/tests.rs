// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold for all pages together.

use std::collections::BTreeSet;

use super::*;

/// Pages of the system, not of ours.
const FOREIGN: [&str; 27] = [
    "chroot(2)",
    "comsat(8)",
    "crypt(3)",
    "environ(7)",
    "fcntl(2)",
    "flock(2)",
    "gdb(1)",
    "getaddrinfo(3)",
    "getpwnam(3)",
    "group(5)",
    "hosts(5)",
    "listen(2)",
    "openssl(1)",
    "passwd(5)",
    "postgrey(8)",
    "procmail(1)",
    "ps(1)",
    "regex(7)",
    "resolver(5)",
    "saslauthd(8)",
    "saslpasswd2(8)",
    "services(5)",
    "sh(1)",
    "strftime(3)",
    "sysexits(3)",
    "syslog(3)",
    "syslogd(8)",
];

/// Our pages whose programs or formats come later; an entry goes when its page is there.
const AWAITED: [&str; 16] = [
    "anvil(8)",
    "dnsblog(8)",
    "nbdb_reindexd(8)",
    "pipe(8)",
    "postfix-tls(1)",
    "postlock(1)",
    "postmulti(1)",
    "postscreen(8)",
    "posttls-finger(1)",
    "qmqpd(8)",
    "scache(8)",
    "spawn(8)",
    "tlsmgr(8)",
    "tlsproxy(8)",
    "verify(8)",
    "virtual(8)",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

#[test]
fn every_page_that_is_referred_to_exists() {
    let pages = pages(&root()).expect("pages");
    let names: BTreeSet<String> = pages
        .iter()
        .filter_map(|page| page.path.file_name()?.to_str()?.rsplit_once('.'))
        .map(|(name, section)| format!("{name}({section})"))
        .collect();
    let mut unknown = BTreeSet::new();
    for page in &pages {
        let text = page
            .text
            .replace("\\fB", "")
            .replace("\\fR", "")
            .replace("\\fI", "");
        for reference in roff::references(&text) {
            let known = names.contains(reference) || FOREIGN.contains(&reference);
            if !known && !AWAITED.contains(&reference) {
                unknown.insert(format!("{reference} in {}", page.path.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "no such pages: {unknown:#?}");
    for page in AWAITED {
        assert!(
            !names.contains(page),
            "{page} is there: take it off the list"
        );
    }
}

#[test]
fn every_page_has_the_sections_that_people_look_for() {
    for page in pages(&root()).expect("pages") {
        if page.text.starts_with(".so ") {
            continue;
        }
        for title in ["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"] {
            let title = format!("\n.SH \"{title}\"\n");
            assert!(
                page.text.contains(&title),
                "{} lacks {title}",
                page.path.display()
            );
        }
    }
}

#[test]
fn a_program_page_lists_what_the_program_reads() {
    let selected =
        selection::of_program(&root(), &root().join("crates/daemon/qmgr")).expect("sources");
    for name in [
        "queue_run_delay",
        "default_destination_recipient_limit",
        "mail_owner",
    ] {
        assert!(selected.contains(&name), "{name} is missing: {selected:?}");
    }
    assert!(!selected.contains(&"smtpd_banner"));
}
