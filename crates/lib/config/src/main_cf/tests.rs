// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading, expanding and overriding settings, as observed with Debian's programs.

use std::time::Duration;

use super::*;
use crate::per_transport;

const INTERFACES: &[(&str, &str)] = &[
    ("127.0.0.1", "255.0.0.0"),
    ("192.0.2.2", "255.255.255.0"),
    ("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fd00::2", "ffff:ffff:ffff:ffff::"),
];

fn settings(text: &str) -> MainCf {
    let main_cf = MainCf::from_text(Path::new("/cf"), text).expect("the syntax is good");
    main_cf.pretend("vm", INTERFACES);
    main_cf
}

fn value<P: Parameter>(text: &str) -> Result<ValueOf<P>, String> {
    settings(text)
        .load::<P>()
        .map_err(|error| error.to_string())
}

#[test]
fn the_last_setting_wins_with_a_warning() {
    let main_cf = settings("smtpd_banner = a\n  b\nsmtpd_banner = c\n  d\n");
    assert_eq!(
        main_cf.load::<params::smtpd_banner>().expect("good"),
        "c  d"
    );
    let warning = "/cf/main.cf, line 3: overriding earlier entry: smtpd_banner=a  b";
    assert_eq!(main_cf.warnings(), [warning]);
    assert!(main_cf.warnings().is_empty());
}

#[test]
fn syntax_errors_name_file_and_line() {
    for (text, expected) in [
        (
            "# x\nfoo\n  bar\n",
            "/cf/main.cf, line 2: missing '=' after attribute name: \"foo  bar\"",
        ),
        (
            "= x\n",
            "/cf/main.cf, line 1: missing attribute name: \"= x\"",
        ),
    ] {
        let error = MainCf::from_text(Path::new("/cf"), text)
            .err()
            .expect("it is refused");
        assert_eq!(error.to_string(), expected);
    }
    let main_cf = settings("   myorigin = a value that is rather long\n");
    let warning = "/cf/main.cf: logical line must not start with whitespace: \
                   \"   myorigin = a value that is ...\"";
    assert_eq!(main_cf.warnings(), [warning]);
}

#[test]
fn bad_values_name_parameter_value_and_place() {
    let error = value::<params::soft_bounce>("\nsoft_bounce = maybe\n");
    let expected = "bad boolean configuration: soft_bounce = maybe (/cf/main.cf, line 2)";
    assert_eq!(error, Err(expected.to_string()));
    let error = value::<params::smtpd_banner>("smtpd_banner=$foo${bar\n");
    let expected = "dictionary mail_dict: macro processing error: truncated macro reference: \
                    \"$foo${bar\": smtpd_banner = $foo${bar (/cf/main.cf, line 1)";
    assert_eq!(error, Err(expected.to_string()));
}

#[test]
fn an_override_replaces_the_file_and_has_no_line() {
    let mut main_cf = settings("soft_bounce = yes\n");
    main_cf
        .override_with(" soft_bounce = x y ")
        .expect("good syntax");
    let error = main_cf
        .load::<params::soft_bounce>()
        .map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("bad boolean configuration: soft_bounce = x y".to_string())
    );
    for (option, what) in [
        ("foo", "missing '=' after attribute name"),
        ("=c", "missing attribute name"),
    ] {
        let error = main_cf
            .override_with(option)
            .map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err(format!("invalid \"-o {option}\" option value: {what}"))
        );
    }
}

#[test]
fn references_go_to_settings_then_to_defaults_then_to_nothing() {
    let text = "myhostname = mx.example.com\nmine = <$mydomain>\n\
                smtpd_banner = $myhostname $mine $mail_name [$unknown]\n";
    let expected = "mx.example.com <example.com> Postfix []";
    assert_eq!(value::<params::smtpd_banner>(text).as_deref(), Ok(expected));
}

#[test]
fn a_loop_of_references_is_an_error() {
    let main_cf = settings("smtpd_banner = $a\na = $b\nb = $a\n");
    let error = main_cf
        .load::<params::smtpd_banner>()
        .map_err(|error| error.to_string());
    let start = "dictionary mail_dict: macro processing error: unreasonable macro call nesting: ";
    assert!(
        error.as_ref().is_err_and(|why| why.starts_with(start)),
        "{error:?}"
    );
    assert!(
        main_cf.load::<params::mail_name>().is_ok(),
        "the depth is back to zero"
    );
}

#[test]
fn names_that_double_the_work_with_every_step_are_an_error_soon() {
    let mut text = String::from("smtpd_banner = $a0\n");
    for step in 0..60 {
        let next = step + 1;
        text.push_str(&format!("a{step} = $a{next}$a{next}\n"));
    }
    assert!(value::<params::smtpd_banner>(&text).is_err());
}

#[test]
fn stress_changes_defaults() {
    assert_eq!(
        value::<params::smtpd_timeout>(""),
        Ok(Duration::from_secs(300))
    );
    assert_eq!(
        value::<params::smtpd_timeout>("stress = yes\n"),
        Ok(Duration::from_secs(10))
    );
    assert_eq!(
        value::<params::smtpd_hard_error_limit>("stress = yes\n"),
        Ok(1)
    );
}

#[test]
fn a_bare_time_has_the_unit_of_the_default() {
    let three = value::<params::address_verify_negative_expire_time>(
        "address_verify_negative_expire_time = 3\n",
    );
    assert_eq!(three, Ok(Duration::from_secs(3 * 86400)));
}

#[test]
fn host_and_domain_default_to_the_system() {
    let both = |text| {
        (
            value::<params::myhostname>(text),
            value::<params::mydomain>(text),
        )
    };
    let pair = |host: &str, domain: &str| (Ok(host.to_string()), Ok(domain.to_string()));
    assert_eq!(both(""), pair("vm.localdomain", "localdomain"));
    assert_eq!(both("mydomain = a.b\n"), pair("vm.a.b", "a.b"));
    assert_eq!(both("myhostname = foo\n"), pair("foo", "localdomain"));
    assert_eq!(
        both("myhostname = foo.bar.baz\n"),
        pair("foo.bar.baz", "bar.baz")
    );
    let (host, domain) = both("myhostname = foo.$mydomain\n");
    assert_eq!(host.as_deref(), Ok("foo."));
    assert_eq!(
        domain,
        Err("bad string length 0 < 1: mydomain = ".to_string())
    );
}

#[test]
fn networks_follow_style_and_interfaces() {
    let networks = |text| value::<params::mynetworks>(text);
    let subnet = "127.0.0.0/8 192.0.2.0/24 [::1]/128 [fd00::]/64";
    assert_eq!(networks("").as_deref(), Ok(subnet));
    let host = "127.0.0.1/32 192.0.2.2/32 [::1]/128 [fd00::2]/128";
    assert_eq!(networks("compatibility_level = 2\n").as_deref(), Ok(host));
    assert_eq!(
        networks("inet_interfaces = 127.0.0.1\n").as_deref(),
        Ok("127.0.0.0/8")
    );
    let loopback = "inet_interfaces = loopback-only\nmynetworks_style = class\n";
    assert_eq!(networks(loopback).as_deref(), Ok("127.0.0.0/8 [::1]/128"));
    let ipv4 = networks("inet_protocols = ipv4\n");
    assert_eq!(ipv4.as_deref(), Ok("127.0.0.0/8 192.0.2.0/24"));
    let bad = "unknown mynetworks mask style value \"foo\" in \"foo\" (/cf/main.cf, line 1)";
    assert_eq!(networks("mynetworks_style = foo\n"), Err(bad.to_string()));
}

#[test]
fn myorigin_may_name_a_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("mailname");
    std::fs::write(&file, "mail.example.org\n").expect("it is written");
    let text = format!("myorigin = {}\nsmtpd_banner = $myorigin\n", file.display());
    assert_eq!(
        value::<params::myorigin>(&text).as_deref(),
        Ok("mail.example.org")
    );
    assert_eq!(
        value::<params::smtpd_banner>(&text).as_deref(),
        Ok("mail.example.org")
    );
    let missing = value::<params::myorigin>("myorigin = /nofile\n");
    let expected = "/nofile: cannot open file: No such file or directory";
    assert_eq!(missing, Err(expected.to_string()));
}

#[test]
fn twins_are_read_under_their_prefix() {
    let main_cf = settings("smtp_tcp_port = 26\nlmtp_tcp_port = 27\n");
    let port = |prefix| {
        main_cf
            .load_as::<params::smtp_tcp_port>(prefix)
            .expect("good")
    };
    assert_eq!(port(Prefix::Smtp), "26");
    assert_eq!(port(Prefix::Lmtp), "27");
    let connect = |p| {
        main_cf
            .load_as::<params::smtp_connect_timeout>(p)
            .expect("good")
    };
    assert_eq!(connect(Prefix::Smtp), Duration::from_secs(30));
    assert_eq!(connect(Prefix::Lmtp), Duration::ZERO);
}

#[test]
fn a_family_answers_for_each_transport() {
    let main_cf = settings("relay_destination_concurrency_limit = 7\n");
    let limit = |transport| {
        per_transport(
            &main_cf,
            transport,
            params::transport_destination_concurrency_limit,
        )
        .expect("good")
    };
    assert_eq!(limit("relay"), 7);
    assert_eq!(limit("smtp"), 20);
    assert_eq!(limit("local"), 2);
}

#[test]
fn reading_takes_less_than_a_millisecond() {
    let text = "smtpd_recipient_restrictions = permit_mynetworks, reject\n# comment\n\n".repeat(60);
    let start = std::time::Instant::now();
    for _ in 0..20 {
        let main_cf = settings(&text);
        for spec in params::all().iter().take(100) {
            main_cf.evaluate(spec.name).expect("good");
        }
    }
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed() / 20
    );
}
