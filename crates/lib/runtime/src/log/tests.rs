// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the log writes, and where.

use std::os::unix::net::UnixDatagram;

use super::*;

fn captured(act: impl FnOnce()) -> Vec<String> {
    let lines = Rc::new(RefCell::new(Vec::new()));
    start("postfix/test", vec![Sink::Capture(Rc::clone(&lines))]);
    act();
    lines.take()
}

#[test]
fn severities_have_their_prefixes() {
    let lines = captured(|| {
        info("one");
        warning("two");
        error("three");
        at(Severity::Panic, "four");
    });
    assert_eq!(
        lines,
        ["one", "warning: two", "error: three", "panic: four"]
    );
}

#[test]
fn control_characters_become_question_marks_and_utf8_stays() {
    let lines = captured(|| info("a\r\nb\u{fffd}c\u{85}ü"));
    assert_eq!(lines, ["a??b?c?ü"]);
}

#[test]
fn a_long_line_is_cut() {
    let lines = captured(|| info("ü".repeat(5000)));
    assert_eq!(lines[0].len(), RECORD_LIMIT);
}

#[test]
fn verbose_lines_need_the_option() {
    let lines = captured(|| {
        verbose("hidden");
        set_verbose(1);
        verbose("shown");
        set_verbose(0);
    });
    assert_eq!(lines, ["shown"]);
}

#[test]
fn a_log_file_line_is_the_classic_one() {
    let when = sys::clock::LocalTime {
        year: 2026,
        month: 3,
        day: 1,
        weekday: 0,
        hour: 2,
        minute: 3,
        second: 4,
        utc_offset: 0,
    };
    let line = file_line(
        &when,
        "mail.example.com",
        "postfix/smtpd",
        42,
        Severity::Warning,
        "x",
    );
    assert_eq!(line, "Mar 01 02:03:04 mail postfix/smtpd[42]: warning: x");
}

#[test]
fn postlog_lines_survive_a_restart_of_the_logger_and_fall_back() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("postlog");
    let file = dir.path().join("maillog");
    start(
        "postfix/test",
        vec![Sink::Postlog {
            socket: socket.clone(),
            fallback: Some(file.clone()),
        }],
    );
    set_host("host.example");
    info("nobody listens");
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("]: nobody listens\n")
    );
    for text in ["first", "second"] {
        let _ = std::fs::remove_file(&socket);
        let logger = UnixDatagram::bind(&socket).unwrap();
        info(text);
        let mut buffer = [0; 500];
        let length = logger.recv(&mut buffer).unwrap();
        let line = String::from_utf8_lossy(&buffer[..length]).into_owned();
        assert!(line.contains(" host postfix/test["), "{line}");
        assert!(line.ends_with(text), "{line}");
    }
}

#[test]
fn system_errors_have_the_words_of_the_system_only() {
    let error = std::io::Error::from_raw_os_error(2);
    let text = record::clean(&format_args!("open x: {error}; open y: {error}"));
    assert_eq!(
        text,
        "open x: No such file or directory; open y: No such file or directory"
    );
}
