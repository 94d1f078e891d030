// SPDX-License-Identifier: MIT OR Apache-2.0
//! Clients that mean no good, or do not know better: bounded in memory and time, and the
//! session ends cleanly.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use super::harness::{Server, read_to_end};

/// One reply line.
fn read_line(stream: &mut UnixStream) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).expect("a reply") > 0 && byte[0] != b'\n' {
        line.extend(byte);
    }
    String::from_utf8_lossy(&line).into_owned() + "\n"
}

#[test]
fn errors_end_the_session() {
    let mut script = "S: 220 *\n".to_owned();
    for _ in 0..20 {
        script.push_str("C: EXPN\nS: 500 5.5.2 *\n");
    }
    script.push_str("S: 421 4.7.0 mail.example.test Error: too many errors\nS: EOF");
    let played = Server::new().play(&script).check();
    played.logged("NOQUEUE: too many errors after UNKNOWN from localhost[127.0.0.1]");
    played.logged("disconnect from localhost[127.0.0.1] unknown=0/20 commands=0/20");
}

#[test]
fn commands_without_use_become_errors() {
    let mut script = "S: 220 *\n".to_owned();
    for _ in 0..7 {
        script.push_str("C: RSET\nS: 250 *\n");
    }
    script.push_str("S: 421 4.7.0 *");
    Server::new()
        .main("smtpd_junk_command_limit = 2\nsmtpd_hard_error_limit = 4")
        .play(&script)
        .check();
}

#[test]
fn long_commands_are_refused_and_skipped() {
    let played = Server::new()
        .play(&format!(
            "S: 220 *\nC: {}\nS: 500 5.5.2 mail.example.test Error: command too long\n\
             C: QUIT\nS: 221 *",
            "x".repeat(5000)
        ))
        .check();
    played.logged("warning: localhost[127.0.0.1]: request longer than 2048: xxxxxxxxxx");
}

#[test]
fn endless_commands_end_the_session() {
    let played = Server::new().run(|mut stream| {
        read_line(&mut stream);
        let block = vec![b'x'; 65_536];
        // 10 MB without a line end; the server hangs up long before.
        let mut sent = 0;
        while sent < 10_000_000 && stream.write_all(&block).is_ok() {
            sent += block.len();
        }
        let replies = read_to_end(&stream);
        (format!("{sent} {replies}"), sent < 2_000_000)
    });
    played
        .check()
        .logged("warning: disabling input from localhost[127.0.0.1]");
}

#[test]
fn long_lines_of_content_are_no_trouble() {
    let played = Server::new()
        .main("message_size_limit = 0")
        .run(|mut stream| {
            let begin = "HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<x>\r\nDATA\r\n";
            let mut replies = read_line(&mut stream);
            for command in begin.split_inclusive("\r\n") {
                stream.write_all(command.as_bytes()).expect("sent");
                replies.push_str(&read_line(&mut stream));
            }
            let block = vec![b'x'; 65_536];
            for _ in 0..160 {
                stream.write_all(&block).expect("sent");
            }
            stream.write_all(b"\r\n.\r\nQUIT\r\n").expect("sent");
            let replies = replies + &read_to_end(&stream);
            let passed = replies.contains("queued as QID1");
            (replies, passed)
        });
    let played = played.check();
    let content = played.messages[0].content();
    assert!(content.len() > 10_000_000);
    assert!(content.lines().all(|line| line.len() <= 2050));
}

#[test]
fn garbage_is_refused() {
    let played = Server::new().run(|mut stream| {
        let mut state = 1u32;
        let mut garbage = Vec::new();
        for _ in 0..200_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            garbage.push(state.to_be_bytes()[0]);
        }
        let _ = stream.write_all(&garbage);
        let replies = read_to_end(&stream);
        let passed = replies
            .lines()
            .all(|line| line.as_bytes().iter().all(|b| *b >= b' '));
        (replies, passed)
    });
    assert!(
        played
            .check()
            .log
            .last()
            .is_some_and(|line| line.starts_with("disconnect from "))
    );
}

#[test]
fn a_client_that_talks_first_is_cut_off() {
    let played = Server::new().run(|mut stream| {
        stream
            .write_all(b"EHLO foo\r\nMAIL FROM:<a@b.com>\r\n")
            .expect("sent");
        let replies = read_to_end(&stream);
        let passed = replies == "554 5.5.0 Error: SMTP protocol synchronization\r\n"
            || replies.starts_with("220 ");
        (replies, passed)
    });
    played.check();
}

#[test]
fn pipelining_after_data_is_cut_off() {
    let script = "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\n\
                  S: 250 *\nR: DATA\\r\\nSubject: x\\r\\n\\r\\n.\\r\\nQUIT\\r\\n\n";
    let played = Server::new()
        .play(&format!(
            "{script}S: 554 5.5.0 Error: SMTP protocol synchronization\nS: EOF"
        ))
        .check();
    played.logged(
        r"improper command pipelining after DATA from localhost[127.0.0.1]: Subject: x\r\n\r\n.",
    );
    assert!(!played.messages[0].complete);
    Server::new()
        .main("smtpd_forbid_unauth_pipelining = no")
        .play(&format!("{script}S: 354 *\nS: 250 *\nS: 221 *"))
        .check();
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    Server::new()
        .play(
            "S: 220 *
             C: EHLO x
             S: 250-mail.example.test
             S: 250-PIPELINING
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250-*
             S: 250 CHUNKING
             R: MAIL FROM:<a@b.com>\\r\\nRCPT TO:<nobody>\\r\\nRCPT TO:<x>\\r\\nDATA\\r\\n
             S: 250 2.1.0 Ok
             S: 550 5.1.1 *
             S: 250 2.1.5 Ok
             S: 354 *
             R: .\\r\\nQUIT\\r\\n
             S: 250 2.0.0 Ok: queued as QID1
             S: 221 2.0.0 Bye
             S: EOF",
        )
        .check();
}

#[test]
fn silence_ends_the_session() {
    let played = Server::new()
        .main("smtpd_timeout = 1")
        .play("S: 220 *\nS: 421 4.4.2 mail.example.test Error: timeout exceeded\nS: EOF")
        .check();
    played.logged("NOQUEUE: timeout after CONNECT from localhost[127.0.0.1]");
}

#[test]
fn slow_content_runs_into_the_deadline() {
    let played = Server::new()
        .main("smtpd_timeout = 1\nsmtpd_per_request_deadline = yes")
        .play(
            "S: 220 *\nC: HELO x\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<x>\nS: 250 *\n\
             C: DATA\nS: 354 *\nC: some\nS: 421 4.4.2 *",
        )
        .check();
    played.logged("QID1: timeout after DATA (6 bytes) from localhost[127.0.0.1]");
}
