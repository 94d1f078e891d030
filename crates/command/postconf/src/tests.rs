// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole runs over a private directory.

use std::cell::RefCell;
use std::ffi::OsString;
use std::rc::Rc;

use super::*;

mod mutated;

const MAIN: &str = "smtpd_restriction_classes = cls1, cls2\ncls1 = permit\n\
    cls2 = $undef reject\ncls3 = x\nsmtpd_banner = $mine\nmine = a $inner\ninner = z\n\
    virtual_alias_maps = mysql:foo\nfoo_hosts = x\nbaz_hosts = z\n\
    postscreen_blacklist_action = drop\nrelay_destination_rate_delay = 1s\n\
    nosuch_destination_rate_delay = 1s\nsmtp_use_tls = yes\nmydestination =\n\
    biff = yes # comment\n";
const MASTER: &str = "smtp inet n - y - - smtpd -o smtpd_banner=$inmaster -o nosuch=1\n\
    \x20 -o inmaster=a -o { smtpd_sender_restrictions = permit, reject } -v foo bar\n\
    relay unix - - n - - smtp -o syslog_name=postfix/$service_name\n\
    policy unix - n n - 0 spawn user=nobody argv=/bin/x\n";

/// Runs postconf; gives what it prints, and its warnings with the directory as `DIR`.
fn postconf(words: &[&str]) -> (String, Vec<String>) {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("main.cf"), MAIN).expect("it is written");
    std::fs::write(directory.path().join("master.cf"), MASTER).expect("it is written");
    let lines = Rc::new(RefCell::new(Vec::new()));
    log::start("postconf", vec![log::Sink::Capture(Rc::clone(&lines))]);
    let mut all: Vec<OsString> = vec!["-c".into(), directory.path().into()];
    all.extend(words.iter().map(OsString::from));
    let mut out = Vec::new();
    if let Err(failure) = run(all, &mut out) {
        lines.borrow_mut().push(format!("{failure:?}"));
    }
    let name = directory.path().display().to_string();
    let warnings = lines
        .borrow()
        .iter()
        .map(|line: &String| line.replace(&name, "DIR"))
        .collect();
    (
        String::from_utf8(out)
            .expect("it is text")
            .replace(&name, "DIR"),
        warnings,
    )
}

#[test]
fn explicit_settings_are_those_that_mean_something() {
    let (out, warnings) = postconf(&["-n"]);
    assert_eq!(
        out,
        "biff = yes # comment\ncls1 = permit\ncls2 = $undef reject\nconfig_directory = DIR\n\
         foo_hosts = x\ninner = z\nmine = a $inner\nmydestination =\n\
         postscreen_blacklist_action = drop\nrelay_destination_rate_delay = 1s\n\
         smtp_use_tls = yes\nsmtpd_banner = $mine\nsmtpd_restriction_classes = cls1, cls2\n\
         virtual_alias_maps = mysql:foo\n"
    );
    assert_eq!(
        warnings,
        [
            "warning: DIR/main.cf: #comment after other text is not allowed: # comment...",
            "warning: DIR/main.cf: undefined parameter: undef",
            "warning: DIR/main.cf: unused parameter: baz_hosts=z",
            "warning: DIR/main.cf: unused parameter: cls3=x",
            "warning: DIR/main.cf: unused parameter: nosuch_destination_rate_delay=1s",
            "warning: DIR/main.cf: support for parameter \"postscreen_blacklist_action\" will be \
             removed; instead, specify \"postscreen_denylist_action\"",
            "warning: DIR/main.cf: support for parameter \"smtp_use_tls\" will be removed; \
             instead, specify \"smtp_tls_security_level\"",
            "warning: DIR/master.cf: unused parameter: nosuch=1",
        ]
    );
}

#[test]
fn classes_names_values_and_expansion_can_be_asked_for() {
    assert_eq!(
        postconf(&["-C", "user", "-H"]).0,
        "cls1\ncls2\nfoo_hosts\ninner\nmine\n\
        postscreen_blacklist_action\n"
    );
    assert_eq!(
        postconf(&["-h", "mine", "smtpd_banner"]).0,
        "a $inner\n$mine\n"
    );
    assert_eq!(postconf(&["-x", "smtpd_banner"]).0, "smtpd_banner = a z\n");
    assert_eq!(postconf(&["-o", "inner=y", "-xh", "mine"]).0, "a y\n");
    assert_eq!(
        postconf(&["-d", "mydestination"]).0,
        "mydestination = $myhostname, localhost.$mydomain, localhost\n"
    );
    let limits = postconf(&[
        "-H",
        "policy_time_limit",
        "relay_initial_destination_concurrency",
    ]);
    assert_eq!(
        limits.0,
        "policy_time_limit\nrelay_initial_destination_concurrency\n"
    );
}

/// Every parameter of release 3.12 with its default, but for those that depend on the system or
/// on the release, old names, and `alias_maps`, where the original may have NIS.
const DEFAULTS: &str = include_str!("tests/defaults.txt");

#[test]
fn defaults_are_those_of_the_original() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("master.cf"), "").expect("it is written");
    let words = ["-c".into(), directory.path().into(), "-d".into()];
    let mut out = Vec::new();
    run(words.to_vec(), &mut out).expect("main.cf is not needed");
    let elsewhere = [
        "alias_maps",
        "mail_version",
        "mydomain",
        "myhostname",
        "mynetworks",
        "process_id",
        "process_name",
    ];
    let out = String::from_utf8(out).expect("it is text");
    let ours = out.lines().filter(|line| {
        !elsewhere
            .iter()
            .any(|name| line.starts_with(&format!("{name} = ")))
    });
    let theirs: std::collections::BTreeSet<_> = DEFAULTS.lines().collect();
    let ours: std::collections::BTreeSet<_> = ours.collect();
    let missing: Vec<_> = theirs.difference(&ours).collect();
    let different: Vec<_> = ours.difference(&theirs).collect();
    assert!(
        missing.is_empty() && different.is_empty(),
        "{missing:#?} {different:#?}"
    );
}

#[test]
fn entries_columns_and_parameters_are_printed_as_objects() {
    let (out, _) = postconf(&["-j", "mydestination", "smtpd_banner"]);
    assert_eq!(
        out,
        "{\"mydestination\": \"\"}\n{\"smtpd_banner\": \"$mine\"}\n"
    );
    let (out, _) = postconf(&["-jMx", "relay"]);
    assert_eq!(
        out,
        "{\"service\": \"relay\", \"type\": \"unix\", \"private\": \"-\", \
         \"unprivileged\": \"-\", \"chroot\": \"n\", \"wakeup\": \"-\", \
         \"process_limit\": \"-\", \"command\": \"smtp -o syslog_name=postfix/relay\"}\n"
    );
    let (out, _) = postconf(&["-jF", "relay/unix/chroot", "policy/unix/command"]);
    assert_eq!(
        out,
        "{\"relay/unix/chroot\": \"n\"}\n\
         {\"policy/unix/command\": \"spawn user=nobody argv=/bin/x\"}\n"
    );
    let (out, _) = postconf(&["-jP", "relay"]);
    assert_eq!(
        out,
        "{\"relay/unix/syslog_name\": \"postfix/$service_name\"}\n"
    );
}

#[test]
fn unknown_names_are_warned_of() {
    let (out, warnings) = postconf(&["-d", "nosuch", "cls1"]);
    assert_eq!(out, "");
    assert!(warnings.contains(&"warning: nosuch: unknown parameter".to_string()));
    assert!(warnings.contains(&"warning: cls1: unknown parameter".to_string()));
}

#[test]
fn services_are_printed_whole_by_field_and_by_setting() {
    let (out, warnings) = postconf(&["-M", "relay", "nosuch"]);
    let line = "relay      unix  -       -       n       -       -       smtp -o \
                syslog_name=postfix/";
    assert_eq!(out, format!("{line}$service_name\n"));
    assert!(warnings.contains(&"warning: unmatched request: \"nosuch\"".to_string()));
    assert_eq!(postconf(&["-Mx", "relay/unix"]).0, format!("{line}relay\n"));
    let smtp = postconf(&["-M", "smtp/inet"]).0;
    assert!(
        smtp.ends_with("-o {smtpd_sender_restrictions=permit, reject} -v foo bar\n"),
        "{smtp}"
    );
    assert_eq!(
        postconf(&["-F", "relay/*/process_limit"]).0,
        "relay/unix/process_limit = -\n"
    );
    assert_eq!(
        postconf(&["-Fh", "policy/unix/command"]).0,
        "spawn user=nobody argv=/bin/x\n"
    );
    assert_eq!(
        postconf(&["-P", "smtp"]).0,
        "smtp/inet/inmaster = a\nsmtp/inet/nosuch = 1\nsmtp/inet/smtpd_banner = $inmaster\n\
         smtp/inet/smtpd_sender_restrictions = permit, reject\n"
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (words, why) in [
        (&["-dn"][..], "specify one of -d -n"),
        (&["-hH"], "specify one of -h -H"),
        (&["-MF"], "specify one of -F -M"),
        (&["-aA"], "specify one of -a -A"),
        (&["-bt"], "specify one of -b and -t"),
        (&["-eX", "x"], "specify one of -e -X"),
        (&["-x", "x=y"], "specify one of -e -x"),
        (&["-dMf"], "with option -M, do not specify -d"),
        (&["-FX", "a/b/c"], "with option -F, do not specify -X"),
        (&["-P#", "a/b/c"], "with option -P, do not specify -#"),
        (&["-mn"], "with option -m, do not specify -n"),
        (&["-e"], "-e requires name=value argument"),
        (&["-X"], "missing service argument"),
        (&["-M", "a/b/c"], "-M option requires service_name[/type]"),
        (
            &["-F", "a/b/c"],
            "invalid service attribute name: \\\"c\\\"",
        ),
        (&["-o", "x"], "invalid parameter override: x: missing '='"),
        (&["-T", "x", "-T", "y"], "At most one -T <mode> option"),
        (&["-T", "x"], "Silent"),
        (
            &["-C", "foo"],
            "unknown -C option value \\\"foo\\\" in \\\"foo\\\"",
        ),
        (&["-z"], "usage: postconf"),
    ] {
        let (_, lines) = postconf(words);
        assert!(
            lines.last().is_some_and(|line| line.contains(why)),
            "{lines:?}"
        );
    }
}

#[test]
fn a_value_on_the_command_line_changes_the_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("main.cf");
    std::fs::write(&file, "a = 1\n").expect("it is written");
    let words = [
        "-c".into(),
        directory.path().into(),
        "a=2".into(),
        "b = 3".into(),
    ];
    let mut out = Vec::new();
    run(words.to_vec(), &mut out).expect("it is changed");
    assert_eq!(
        std::fs::read_to_string(&file).expect("it is there"),
        "a = 2\nb = 3\n"
    );
}

#[test]
fn a_parameter_is_explained_with_its_value_and_its_place() {
    let (out, warnings) = postconf(&["--explain", "smtpd_banner"]);
    let start = "smtpd_banner = a z\n    set:       DIR/main.cf:5\n    written:   $mine\n    \
        but:       $inmaster for smtp/inet (master.cf)\n    default:   $myhostname ESMTP $mail_name, \
        which is: ";
    assert!(out.starts_with(start), "{out}");
    assert!(
        out.contains("\n    type:      text, not empty\n\n"),
        "{out}"
    );
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_parameter_that_is_not_set_has_its_default() {
    let (out, _) = postconf(&["--explain", "lmtp_connect_timeout"]);
    let start = "lmtp_connect_timeout = 0s\n    set:       nowhere: this is the default\n    \
        default:   0s\n    type:      time, unit s\n    \
        like:      smtp_connect_timeout, for LMTP\n\n";
    assert!(out.starts_with(start), "{out}");
}

#[test]
fn members_of_families_and_names_of_ones_own_are_explained() {
    let (out, _) = postconf(&["--explain", "relay_destination_rate_delay", "mine"]);
    assert!(
        out.starts_with("relay_destination_rate_delay = 1s\n"),
        "{out}"
    );
    assert!(
        out.contains("    member of: transport_destination_rate_delay"),
        "{out}"
    );
    assert!(
        out.contains("\nmine = a z\n    set:       DIR/main.cf:6\n"),
        "{out}"
    );
    assert!(out.contains("    used by:   smtpd_banner\n"), "{out}");
    let (out, _) = postconf(&["--explain", "transport_destination_rate_delay"]);
    assert!(
        out.contains("    a member:  relay_destination_rate_delay = 1s\n"),
        "{out}"
    );
}

#[test]
fn an_unknown_name_is_told_what_is_spelled_alike() {
    let (out, warnings) = postconf(&["--explain", "smtpd_baner", "qqqqqq"]);
    assert_eq!(out, "");
    assert_eq!(
        warnings,
        [
            "Fatal(\"smtpd_baner: unknown parameter (did you mean smtpd_banner?); \
          qqqqqq: unknown parameter\")"
        ]
    );
}
