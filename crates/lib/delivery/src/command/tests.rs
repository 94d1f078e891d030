// SPDX-License-Identifier: MIT OR Apache-2.0
//! Real commands, and what their ends mean.

use std::ffi::OsString;
use std::time::Duration;

use super::{Command, Program};
use crate::copy::Style;
use crate::fixture::{lines, message};
use crate::mailbox::Identity;
use crate::trouble::Trouble;

fn command(line: &str) -> Command {
    Command {
        program: Program::Line(line.into()),
        shown: line.to_owned(),
        agent: "local",
        identity: Identity {
            uid: sys::users::effective_uid(),
            gid: sys::users::effective_gid(),
        },
        environment: vec![
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("X".into(), "y z".into()),
        ],
        directory: None,
        time_limit: Duration::from_secs(20),
    }
}

fn run(command: &Command) -> Result<String, String> {
    let text = ["Subject: hello", "", "x"];
    let message = message(&lines(&text), &[]);
    command
        .run(&mut message.content(), &Style::plain(b"me"))
        .map_err(|trouble| match trouble {
            Trouble::Failed(dsn) => {
                format!("{} {}", dsn.status, String::from_utf8_lossy(&dsn.reason))
            }
            Trouble::CorruptMessage => "corrupt".into(),
        })
}

#[test]
fn the_message_comes_on_standard_input_and_output_is_kept() {
    assert_eq!(run(&command("cat")).unwrap(), "Subject: hello  x ");
    assert_eq!(
        run(&command("echo \"$X\"; env | wc -l"))
            .unwrap()
            .trim_end(),
        "y z 3"
    );
}

#[test]
fn exit_codes_have_their_meaning() {
    assert_eq!(run(&command("exit 67")).unwrap_err(), "5.1.1 user unknown");
    assert_eq!(
        run(&command("exit 75")).unwrap_err(),
        "4.3.0 temporary failure"
    );
    let said = run(&command("echo 'go away'; exit 77")).unwrap_err();
    assert_eq!(said, "5.7.0 permission denied. Command output: go away ");
    let said = run(&command("exit 3")).unwrap_err();
    assert_eq!(said, "5.3.0 Command died with status 3: \"exit 3\"");
    let said = run(&command("kill -9 $$")).unwrap_err();
    assert_eq!(said, "4.3.0 Command died with signal 9: \"kill -9 $$\"");
}

#[test]
fn a_command_may_name_the_status_itself() {
    let said = run(&command("echo 4.2.2 over quota; exit 1")).unwrap_err();
    assert_eq!(said, "4.2.2 over quota ");
    assert_eq!(
        run(&command("echo 2.0.0 fine; exit 1")).unwrap_err(),
        "5.3.0 fine "
    );
}

#[test]
fn unread_input_is_no_failure() {
    let text: Vec<String> = (0..20_000).map(|n| format!("line {n}")).collect();
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let message = message(&lines(&text), &[]);
    let outcome = command("true").run(&mut message.content(), &Style::plain(b"me"));
    assert_eq!(outcome, Ok(String::new()));
}

#[test]
fn a_command_that_talks_too_much_does_not_hang() {
    let said = run(&command("head -c 300000 /dev/zero; exit 0")).unwrap_or_else(|text| text);
    assert!(said.len() <= super::OUTPUT_LIMIT + 200, "{}", said.len());
}

#[test]
fn a_command_that_takes_too_long_is_killed_with_its_children() {
    let slow = Command {
        time_limit: Duration::from_millis(300),
        ..command("sleep 600 & sleep 600")
    };
    let _log = crate::fixture::captured_log();
    let begun = std::time::Instant::now();
    let said = run(&slow).unwrap_err();
    assert_eq!(
        said,
        "5.3.0 Command time limit exceeded: \"sleep 600 & sleep 600\""
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_program_that_is_not_there_says_so() {
    let missing = Command {
        program: Program::Arguments(vec![OsString::from("/nonexistent/filter")]),
        ..command("/nonexistent/filter")
    };
    let said = run(&missing).unwrap_err();
    assert_eq!(
        said,
        "4.3.0 temporary failure. Command output: local: fatal: pipe_command: execvp \
         /nonexistent/filter: No such file or directory "
    );
    let said = run(&command("/nonexistent/filter -x")).unwrap_err();
    assert_eq!(
        said,
        "4.3.0 temporary failure. Command output: local: fatal: execvp /nonexistent/filter: \
         No such file or directory "
    );
}
