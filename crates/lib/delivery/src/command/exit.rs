// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the end of a command means for the message.
//!
//! *Postfix:* sys_exits(3), the second half of pipe_command(3).

use mail::dsn::{Dsn, Status, split_status_text};
use sys::spawn::Ended;

use crate::trouble::Trouble;

/// The exit codes of sysexits.h.
const SYSEXITS: [(i32, Status, &str); 15] = [
    (64, Status::new(5, 3, 0), "command line usage error"),
    (65, Status::new(5, 6, 0), "data format error"),
    (66, Status::new(5, 3, 0), "cannot open input"),
    (67, Status::new(5, 1, 1), "user unknown"),
    (68, Status::new(5, 1, 2), "host name unknown"),
    (69, Status::new(5, 3, 0), "service unavailable"),
    (70, Status::new(5, 3, 0), "internal software error"),
    (71, Status::new(4, 3, 0), "system resource problem"),
    (72, Status::new(5, 3, 0), "critical OS file missing"),
    (73, Status::new(5, 2, 0), "can't create user output file"),
    (74, Status::new(5, 3, 0), "input/output error"),
    (75, Status::new(4, 3, 0), "temporary failure"),
    (76, Status::new(5, 5, 0), "remote error in protocol"),
    (77, Status::new(5, 7, 0), "permission denied"),
    (78, Status::new(5, 3, 5), "local configuration error"),
];

/// Decides what an ended command did to the message.
pub(super) fn judge(ended: Ended, shown: &str, output: &str) -> Result<(), Trouble> {
    let status = match ended {
        Ended::Exited(0) => return Ok(()),
        Ended::Signaled(signal) => {
            let text = format!("Command died with signal {signal}: \"{shown}\"");
            return Err(trouble(
                Status::new(4, 3, 0),
                with_output(&text, output),
                output,
            ));
        }
        Ended::Exited(status) => status,
    };
    if let Some((status, text)) = split_status_text(output.as_bytes()) {
        // Success is what the exit status says, not the text.
        let status = if status.class == 2 {
            Status::new(5, 3, 0)
        } else {
            status
        };
        let text = String::from_utf8_lossy(text).into_owned();
        return Err(trouble(status, text.clone(), &text));
    }
    let known = SYSEXITS.iter().find(|(code, _, _)| *code == status);
    Err(match known {
        Some((_, status, reason)) => {
            let detail = if output.is_empty() { reason } else { output };
            trouble(*status, with_output(reason, output), detail)
        }
        None => {
            let text = format!("Command died with status {status}: \"{shown}\"");
            trouble(Status::new(5, 3, 0), with_output(&text, output), output)
        }
    })
}

/// A failure whose diagnostic is the command's own words.
pub(super) fn trouble(status: Status, text: String, detail: &str) -> Trouble {
    let mut dsn = Dsn::simple(status, text.into_bytes());
    dsn.diag_type = b"x-unix".to_vec();
    let detail = if detail.is_empty() {
        "internal software error"
    } else {
        detail
    };
    dsn.diag_text = detail.as_bytes().to_vec();
    Trouble::Failed(Box::new(dsn))
}

pub(super) fn with_output(text: &str, output: &str) -> String {
    if output.is_empty() {
        text.to_owned()
    } else {
        format!("{text}. Command output: {output}")
    }
}

/// Output as one line: white space becomes blanks, what cannot be shown becomes `_`.
pub(super) fn printable(output: &[u8]) -> String {
    let shown = String::from_utf8_lossy(output);
    let one = |c: char| match c {
        '\t' | '\n' => ' ',
        c if c.is_control() || c == char::REPLACEMENT_CHARACTER => '_',
        c => c,
    };
    shown.chars().map(one).collect()
}
