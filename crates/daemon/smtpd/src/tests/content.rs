// SPDX-License-Identifier: MIT OR Apache-2.0
//! The content of messages: dots, line ends, long lines, chunks.

use super::harness::{Played, Server};

const STRANGER: &str = "S: 220 *\nC: XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.1\nS: 220 *\n";
const EHLO: &str = "C: EHLO x\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\n\
                    S: 250-*\nS: 250-*\nS: 250-*\nS: 250 *\n";
const CHUNKED: &str = "C: MAIL FROM:<a@b.com>\nS: 250 *\nC: RCPT TO:<x>\nS: 250 *\n";
const BEGIN: &str = "C: HELO x\nS: 250 *\nC: MAIL FROM:<a@b.com>\nS: 250 *\nC: RCPT TO:<x>\n\
                     S: 250 *\n";

fn data(server: Server, script: &str) -> Played {
    server
        .play(&format!("{STRANGER}{BEGIN}C: DATA\nS: 354 *\n{script}"))
        .check()
}

/// The content without our own header.
fn body(played: &Played) -> String {
    let content = played.messages[0].content();
    content
        .split_terminator('\n')
        .skip(3)
        .map(|line| format!("{line}|"))
        .collect()
}

#[test]
fn dots_are_removed() {
    let played = data(
        Server::new(),
        "R: a\\r\\n..b\\r\\n...\\r\\n.\\r\\n\nS: 250 *",
    );
    assert_eq!(body(&played), "N a|N .b|N ..|");
}

#[test]
fn a_smuggled_end_of_data_is_content() {
    let smuggled = "R: a\\n.\\nMAIL FROM:<evil>\\r\\n.\\r\\n\nS: 250 2.0.0 Ok: queued as QID1";
    let played = data(Server::new(), smuggled);
    assert_eq!(body(&played), "N a|N MAIL FROM:<evil>|");
    assert_eq!(played.messages.len(), 1);
    let played = data(
        Server::new(),
        "R: a\\r\\n.\\r\\r\\nb\\r\\n.\\r\\n\nS: 250 *",
    );
    assert_eq!(body(&played), "N a|N \r|N b|");
}

#[test]
fn bare_newlines_are_accepted_noted_or_refused() {
    let bare = "R: a\\nb\\r\\n.\\r\\n\n";
    let played = data(
        Server::new().main("smtpd_forbid_bare_newline = note"),
        &format!("{bare}S: 250 *\nC: QUIT\nS: 221 *"),
    );
    assert!(
        played
            .log
            .last()
            .is_some_and(|line| line.ends_with(" notes=bare_lf"))
    );
    let played = data(
        Server::new().main("smtpd_forbid_bare_newline = reject"),
        &format!("{bare}S: 550 5.5.2 mail.example.test Error: bare <LF> received"),
    );
    assert!(!played.messages[0].complete);
    played.logged("QID1: reject: END-OF-MESSAGE from unknown[192.0.2.1]: 550 5.5.2 ");
    let played = data(
        Server::new().main("smtpd_forbid_bare_newline = no"),
        "R: a\\n.\\n\nS: 250 *",
    );
    assert_eq!(body(&played), "N a|");
    // Our own clients may do as they like.
    let played = Server::new()
        .play(&format!(
            "S: 220 *\n{BEGIN}C: DATA\nS: 354 *\nR: a\\n.\\n\nS: 250 *"
        ))
        .check();
    assert!(played.messages[0].complete);
}

#[test]
fn commands_with_bare_newlines_can_be_refused() {
    Server::new()
        .main("smtpd_forbid_bare_newline = reject")
        .play(&format!(
            "{STRANGER}R: HELO x\\n\nS: 550 5.5.2 mail.example.test Error: bare <LF> received\n\
             C: HELO x\nS: 250 *"
        ))
        .check();
}

#[test]
fn mailbox_separators_become_headers() {
    let played = data(
        Server::new(),
        "C: From someone\nC: >From x\nC: Subject: y\nC: From z\nC: .\nS: 250 *",
    );
    assert_eq!(
        body(&played),
        "N X-Mailbox-Line: From someone|N X-Mailbox-Line: >From x|N Subject: y|N From z|"
    );
}

#[test]
fn long_lines_come_in_pieces() {
    let played = Server::new()
        .main("line_length_limit = 512")
        .play(&format!(
            "{STRANGER}{BEGIN}C: DATA\nS: 354 *\nC: {}\nC: .\nS: 250 *",
            "x".repeat(1100)
        ))
        .check();
    let lengths: Vec<(char, usize)> = played.messages[0]
        .records
        .iter()
        .filter(|(_, text)| text.starts_with('x') && text != "x")
        .map(|(kind, text)| (*kind, text.len()))
        .collect();
    assert_eq!(lengths, [('L', 512), ('L', 512), ('N', 76)]);
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let played = Server::new()
        .main("message_size_limit = 100")
        .play(&format!(
            "{STRANGER}{BEGIN}C: DATA\nS: 354 *\nC: {}\nC: .\n\
             S: 552 5.3.4 Error: message file too big\nC: QUIT\nS: 221 *",
            "x".repeat(200)
        ))
        .check();
    assert!(!played.messages[0].complete);
}

#[test]
fn chunks_make_a_message() {
    let played = Server::new()
        .play(&format!(
            "{STRANGER}{EHLO}{CHUNKED}R: BDAT 7\\r\\na\\r\\n.\\r\\nb\nS: 250 2.0.0 Ok: 7 bytes\n\
             C: MAIL FROM:<>\nS: 503 5.5.1 Error: MAIL after BDAT\n\
             C: DATA\nS: 503 5.5.1 Error: DATA after BDAT\n\
             R: BDAT 4 LAST\\r\\nc\\r\\nd\nS: 250 2.0.0 Ok: 13 bytes queued as QID1\n\
             C: QUIT\nS: 221 *"
        ))
        .check();
    assert_eq!(body(&played), "N a|N .|N bbc|N d|".replace("bbc", "bc"));
    played.logged("disconnect from unknown[192.0.2.1] ehlo=1 xclient=0/1 mail=1/2 rcpt=1 data=0/1");
}

#[test]
fn chunks_after_an_error_are_thrown_away() {
    let played = Server::new()
        .play(&format!(
            "{STRANGER}{EHLO}\
             R: BDAT 6\\r\\nQUIT\\r\\n\nS: 503 5.5.1 Error: need RCPT command\n\
             R: BDAT 3\\r\\nabc\nS: 551 5.0.0 Discarded 3 bytes after earlier error\n\
             C: MAIL FROM:<>\nS: 503 5.5.1 Error: MAIL after BDAT\n\
             R: BDAT 0 LAST\\r\\n\nS: 551 5.0.0 Discarded 0 bytes after earlier error\n\
             C: MAIL FROM:<a@b.com>\nS: 250 *\nC: RCPT TO:<x>\nS: 250 *\n\
             C: BDAT 0\nS: 551 5.7.1 Null BDAT request\n\
             C: DATA\nS: 503 5.5.1 Error: DATA after BDAT\n\
             C: RSET\nS: 250 *\nC: DATA\nS: 503 5.5.1 Error: need RCPT command\n\
             C: BDAT x\nS: 521 5.5.4 Syntax: BDAT count [LAST]\nS: EOF"
        ))
        .check();
    assert!(played.messages.iter().all(|message| !message.complete));
}

#[test]
fn a_chunk_over_the_limit_is_refused() {
    Server::new()
        .main("message_size_limit = 10")
        .play(&format!(
            "{STRANGER}{EHLO}{CHUNKED}R: BDAT 11\\r\\n12345678901\n\
             S: 552 5.3.4 Chunk exceeds message size limit\n\
             R: BDAT 9999999999\\r\\n\nS: 551 5.0.0 Discarded 9999999999 bytes *\nS: EOF"
        ))
        .check();
}

#[test]
fn a_client_that_vanishes_leaves_nothing() {
    let played = data(Server::new(), "C: half a message");
    assert!(!played.messages[0].complete);
    played.logged("QID1: lost connection after DATA (16 bytes) from unknown[192.0.2.1]");
}
