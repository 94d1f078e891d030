// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sendmail command: records, logs, exit codes and messages.

use crate::accepted;
use crate::compare::same;
use kit::{Instance, observe};

/// Exit status and messages of one call.
fn call(instance: &Instance, arguments: &[&str], input: &str) -> Vec<String> {
    let output = instance.feed("sendmail", arguments, input.as_bytes());
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    let code = output.status.code().unwrap_or(-1);
    vec![format!(
        "sendmail {arguments:?} -> {code} {}",
        observe::stable(said.trim())
    )]
}

#[test]
fn a_message_from_the_command_line() {
    same(
        |setup| setup,
        &[],
        |instance| {
            let mut seen = call(
                instance,
                &[
                    "-f",
                    "alice@mail.example.test",
                    "-F",
                    "Alice A.",
                    "bob",
                    "alice@mail.example.test",
                ],
                "Subject: hello\n\nbody\n.\nnot sent\n",
            );
            instance.wait_mail("bob", 1);
            seen.extend(observe::log(&instance.settled_log()));
            let mails = kit::message::mbox(&instance.mailbox("bob"));
            seen.push(mails[0].body().to_owned());
            seen.push(mails[0].header("From").unwrap_or_default());
            seen
        },
    );
}

#[test]
fn recipients_from_the_header() {
    same(
        |setup| setup,
        &[],
        |instance| {
            let mut seen = call(
                instance,
                &["-t", "-i", "-f", "alice"],
                "To: Bob B <bob>, (comment) alice\nBcc: bob@mail.example.test\nSubject: x\n\nbody\n.\nend\n",
            );
            instance.wait_mail("bob", 1);
            instance.wait_mail("alice", 1);
            seen.extend(observe::log(&instance.settled_log()));
            seen
        },
    );
}

#[test]
fn refusals_and_exit_codes() {
    same(
        |setup| setup,
        &[accepted::OPTIONS_ARE_READ_ONCE],
        |instance| {
            let calls: [&[&str]; 7] = [
                &[],
                &["-t"],
                &["-bz"],
                &["-Z"],
                &["-B", "9BIT", "bob"],
                &["-q5x"],
                &["-bp"],
            ];
            calls
                .iter()
                .flat_map(|arguments| call(instance, arguments, "Subject: x\n\nbody\n"))
                .collect()
        },
    );
}
