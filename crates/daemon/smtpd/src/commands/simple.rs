// SPDX-License-Identifier: MIT OR Apache-2.0
//! RSET and HELP.

use mail::smtp::command::Argument;

use crate::session::{Outcome, Session};
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn rset(&mut self, arguments: &[Argument]) -> Outcome {
        if !arguments.is_empty() {
            return self.refuse("501 5.5.4 Syntax: RSET");
        }
        self.mail = MailState::Idle;
        self.accept("250 2.0.0 Ok")
    }

    pub(crate) fn help(&mut self) -> Outcome {
        self.accept(
            "214 2.0.0 Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL NOOP QUIT RCPT RSET \
             STARTTLS VRFY XCLIENT XFORWARD",
        )
    }
}
