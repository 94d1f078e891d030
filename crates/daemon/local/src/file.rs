// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that aliases and users name, and maildirs.
//!
//! *Postfix:* `local/file`, `local/maildir`.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::SystemTime;

use bstr::ByteSlice;
use delivery::copy::Style;
use delivery::mailbox::{Maildir, Mbox};
use delivery::{Trouble, Verdict};
use mail::dsn::{Dsn, Status};
use sys::clock;

use crate::run::Run;
use crate::step::Step;
use crate::users::least;

impl Run<'_> {
    /// Appends the message to a file, or adds it to a maildir if the name ends with a slash.
    pub(crate) fn file(&mut self, step: &Step, path: &Path) -> Verdict {
        let step = step.deeper();
        let shown = path.display();
        let uid = step.rights.as_ref().map_or(0, |rights| rights.uid);
        if self.done_before(format!("file {uid} {shown}")) {
            return Verdict::Done;
        }
        if !self.agent.files_allowed.contain(step.origin) {
            let dsn = Dsn::simple(Status::new(5, 7, 1), "mail to file is restricted");
            return self.failed_for_owner(&step, dsn);
        }
        if path.as_os_str().as_bytes().ends_with(b"/") {
            return self.maildir(&step, path);
        }
        if self.message.is_probe() {
            return self.say(&step, (2, 0, 0), format!("delivers to file: {shown}"));
        }
        let identity = least(step.rights.as_ref(), self.agent.default_identity);
        let mbox = Mbox {
            path,
            open_as: identity,
            write_as: identity,
            give_to: None,
            owner: None,
            any_kind: true,
            refuse_executable: true,
            locks: self.agent.locks,
            dotlock_is_optional: true,
            patience: self.agent.patience,
            default_status: Status::new(5, 2, 0),
            kind_status: Status::new(5, 2, 0),
        };
        let date = asctime();
        let style = Style {
            from_line: Some(&date),
            quote_from: true,
            blank_line: true,
            ..style(&step, self.agent.delivered_header.file)
        };
        match mbox.append(&mut self.message.content(), &style) {
            Ok(_) => self.say(&step, (2, 0, 0), format!("delivered to file: {shown}")),
            Err(trouble) => {
                let prefix = format!("cannot append message to file {shown}: ");
                self.failed_in_list(&step, trouble.prefixed(&prefix))
            }
        }
    }

    /// Adds the message to a maildir.
    pub(crate) fn maildir(&mut self, step: &Step, path: &Path) -> Verdict {
        let mut step = step.deeper();
        if self.message.is_probe() {
            return self.say(&step, (2, 0, 0), "delivers to maildir");
        }
        if !self.agent.params.frozen_delivered_to {
            step.delivered = Some(step.recipient.address.clone());
        }
        let maildir = Maildir {
            path,
            identity: least(step.rights.as_ref(), self.agent.default_identity),
            host: &sys::users::host_name(),
            default_status: Status::new(5, 2, 0),
        };
        let style = style(&step, self.agent.delivered_header.file);
        match maildir.add(&mut self.message.content(), &style) {
            Ok(()) => self.say(&step, (2, 0, 0), "delivered to maildir"),
            Err(trouble) => self.failed(&step, trouble.prefixed("maildir delivery failed: ")),
        }
    }
}

/// The headers that every local delivery puts in front of a message.
pub(crate) fn style(step: &Step, delivered_to: bool) -> Style<'_> {
    Style {
        return_path: true,
        original_to: Some(&step.recipient.original),
        delivered_to: delivered_to.then(|| step.delivered_to()),
        ..Style::plain(&step.sender)
    }
}

/// Now, as the `From ` line has it: `Sun Mar  1 09:05:00 2026`.
pub(crate) fn asctime() -> String {
    let now = clock::local_time(clock::unix_seconds(SystemTime::now()));
    format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        now.weekday_name(),
        now.month_name(),
        now.day,
        now.hour,
        now.minute,
        now.second,
        now.year
    )
}

/// Whether the text of a failure contains these words.
pub(crate) fn says(trouble: &Trouble, words: &str) -> bool {
    match trouble {
        Trouble::Failed(dsn) => dsn.reason.contains_str(words),
        Trouble::CorruptMessage => false,
    }
}
