// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the right-hand side of an access table asks for (access(5)).
//!
//! *Postfix:* check_table_result of smtpd_check(3).

use mail::dsn::{Status, split_status_text};
use mail::header::is_header_line;
use runtime::log;

use super::evaluate::{About, Answer, Refusal, Rejection, Verdict, reply_code, shown};
use super::stages::{CLIENT, HELO, RECIPIENT, SENDER};
use super::{Evaluator, parse};

/// The words that stand before the text of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Permit,
    Dunno,
    Reject,
    Defer,
    DeferIfPermit,
    DeferIfReject,
    Warn,
    Info,
    Hold,
    Discard,
    Filter,
    Redirect,
    Bcc,
    Prepend,
    HangUp,
    /// A reply code.
    Code(u16),
    /// Restrictions.
    Other,
}

impl Action {
    fn of(word: &str, text: &str) -> Action {
        const WORDS: [(&str, Action); 16] = [
            ("OK", Action::Permit),
            ("RELAY", Action::Permit),
            ("DUNNO", Action::Dunno),
            ("REJECT", Action::Reject),
            ("DEFER", Action::Defer),
            ("DEFER_IF_PERMIT", Action::DeferIfPermit),
            ("DEFER_IF_REJECT", Action::DeferIfReject),
            ("WARN", Action::Warn),
            ("INFO", Action::Info),
            ("HOLD", Action::Hold),
            ("DISCARD", Action::Discard),
            ("FILTER", Action::Filter),
            ("REDIRECT", Action::Redirect),
            ("BCC", Action::Bcc),
            ("PREPEND", Action::Prepend),
            ("HANGUP", Action::HangUp),
        ];
        let named = WORDS
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name));
        if let Some((_, action)) = named {
            return *action;
        }
        let is_number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        match word.parse() {
            Ok(code) if word.len() == 3 && matches!(code, 400..=599) && !text.is_empty() => {
                Action::Code(code)
            }
            // Time stamps that other programs leave in a table.
            _ if is_number && text.is_empty() => Action::Permit,
            _ => Action::Other,
        }
    }
}

/// An entry of an access table.
struct Entry<'a> {
    table: &'a str,
    key: &'a [u8],
    value: &'a str,
    text: &'a str,
}

impl Entry<'_> {
    fn warn(&self, problem: &str) -> Answer {
        let Entry { table, key, .. } = self;
        log::warning(format_args!(
            "access table {table} entry \"{}\" {problem}",
            shown(key)
        ));
        Ok(Verdict::Dunno)
    }
}

impl Evaluator<'_> {
    /// Does what the value found for a key asks for.
    pub(super) fn act(
        &mut self,
        table: &str,
        key: &[u8],
        value: &[u8],
        about: About<'_>,
    ) -> Answer {
        let value = String::from_utf8_lossy(value);
        let value = value.trim();
        let (word, text) = value.split_once([' ', '\t']).unwrap_or((value, ""));
        let entry = Entry {
            table,
            key,
            value,
            text: text.trim_start(),
        };
        let action = Action::of(word, entry.text);
        match action {
            Action::Permit => {
                let source = format!("from {table}");
                self.log_permit(word, about.class, about.name, &source);
                Ok(Verdict::Permit)
            }
            Action::Dunno => Ok(Verdict::Dunno),
            Action::Reject => {
                let code = reply_code(self.site.params.access_map_reject_code);
                let rejection = rejection(code, entry.text, about, "Access denied");
                self.refuse(rejection)
            }
            Action::Defer => {
                let code = reply_code(self.site.params.access_map_defer_code);
                let rejection = rejection(code, entry.text, about, "Access denied");
                self.refuse(rejection)
            }
            Action::Code(code) => {
                let rejection = rejection(code, entry.text, about, "Access denied");
                self.refuse(rejection)
            }
            Action::DeferIfPermit => {
                let code = reply_code(self.site.params.access_map_defer_code);
                self.defer_if_permit(rejection(code, entry.text, about, "Service unavailable"))
            }
            Action::DeferIfReject => {
                let code = reply_code(self.site.params.access_map_defer_code);
                self.defer_if_reject(rejection(code, entry.text, about, "Service unavailable"))
            }
            Action::Warn | Action::Info => {
                let what = if action == Action::Warn {
                    "warn"
                } else {
                    "info"
                };
                self.log(what, entry.text);
                Ok(Verdict::Dunno)
            }
            Action::Hold
            | Action::Discard
            | Action::Filter
            | Action::Redirect
            | Action::Bcc
            | Action::Prepend => self.act_on_message(action, &entry, about),
            Action::HangUp => {
                self.log("hangup", "");
                Err(Refusal::HangUp)
            }
            Action::Other => self.restrictions(&entry, about),
        }
    }

    /// Logs an action.
    fn note(&mut self, what: &str, text: &str, default: &str, about: About<'_>) -> Answer {
        let text = if text.is_empty() { default } else { text };
        self.log(
            what,
            &format!("<{}>: {} {text}", shown(about.name), about.class),
        );
        Ok(Verdict::Dunno)
    }

    /// Actions that travel with the message to cleanup.
    fn act_on_message(&mut self, action: Action, entry: &Entry<'_>, about: About<'_>) -> Answer {
        let name = match action {
            Action::Hold => "HOLD",
            Action::Discard => "DISCARD",
            Action::Filter => "FILTER",
            Action::Redirect => "REDIRECT",
            Action::Bcc => "BCC",
            _ => "PREPEND",
        };
        if !self.has_message(entry, name, about) {
            return Ok(Verdict::Dunno);
        }
        let text = entry.text;
        let bytes = text.as_bytes().to_vec();
        match action {
            Action::Hold => {
                if !self.actions.hold {
                    self.note("hold", text, "triggers HOLD action", about)?;
                }
                self.actions.hold = true;
            }
            Action::Discard => {
                self.note("discard", text, "triggers DISCARD action", about)?;
                self.actions.discard = true;
                return Ok(Verdict::Permit);
            }
            Action::Filter if text.is_empty() => {
                return entry.warn("has FILTER entry without value");
            }
            Action::Filter if !text.contains(':') => {
                return entry.warn("requires transport:destination");
            }
            Action::Filter => {
                self.note("filter", "", &format!("triggers FILTER {text}"), about)?;
                self.actions.filter = Some(bytes);
            }
            Action::Redirect | Action::Bcc if !text.contains('@') => {
                return entry.warn("requires user@domain target");
            }
            Action::Redirect => {
                self.note("redirect", "", &format!("triggers REDIRECT {text}"), about)?;
                self.actions.redirect = Some(bytes);
            }
            Action::Bcc => {
                self.note("bcc", "", &format!("triggers BCC {text}"), about)?;
                if !self.actions.bcc.contains(&bytes) {
                    self.actions.bcc.push(bytes);
                }
            }
            _ => {
                if self.facts.state == "END-OF-MESSAGE" {
                    log::warning(format_args!(
                        "access table {}: action PREPEND must be used before \
                         smtpd_end_of_data_restrictions",
                        entry.table
                    ));
                    return Ok(Verdict::Dunno);
                }
                if is_header_line(&bytes).is_none() {
                    return entry.warn("requires header: text");
                }
                self.actions.prepend.push(bytes);
            }
        }
        Ok(Verdict::Dunno)
    }

    /// Whether there is a message that an action could travel with.
    fn has_message(&self, entry: &Entry<'_>, action: &str, about: About<'_>) -> bool {
        let problem = match self.facts.state {
            "ETRN" => "with ETRN, action",
            "VRFY" => return false,
            _ if !self.site.params.smtpd_delay_reject
                && matches!(about.class, CLIENT | HELO)
                && self.facts.sender.is_none() =>
            {
                "with smtpd_delay_reject=no, action"
            }
            _ => return true,
        };
        log::warning(format_args!(
            "access table {}: {problem} {action} is always skipped in Client host or Helo command \
             restrictions",
            entry.table
        ));
        false
    }

    /// Anything else is a list of restrictions.
    fn restrictions(&mut self, entry: &Entry<'_>, about: About<'_>) -> Answer {
        let Entry { table, value, .. } = entry;
        if value.contains(':') {
            log::warning(format_args!(
                "access table {table} has entry with lookup table: {value}"
            ));
            log::warning("do not specify lookup tables inside SMTPD access maps");
            log::warning("define a restriction class and specify its name instead.");
            return self.refuse(Rejection::configuration());
        }
        let list = parse::from_table(value, self.site.class_names());
        if list.is_empty() {
            entry.warn("has empty value")?;
            return Ok(Verdict::Permit);
        }
        self.walk(&list, about)
    }
}

/// A refusal with the entry's own text, which may begin with an enhanced status code.
fn rejection(code: u16, text: &str, about: About<'_>, default: &str) -> Rejection {
    let class = u8::try_from(code / 100).unwrap_or(4);
    let (status, text) = match split_status_text(text.as_bytes()) {
        Some((status, text)) => (status, String::from_utf8_lossy(text).into_owned()),
        None => (Status::new(class, 7, 1), text.to_owned()),
    };
    let reason = if text.is_empty() { default } else { &text };
    let fitted = fitting(status, about.class);
    Rejection::policy(code, fitted.with_class(class), about.rejected(reason))
}

/// Status codes about the wrong end of the envelope are turned around: one table may serve for
/// senders and recipients.
pub(super) fn fitting(status: Status, class: &str) -> Status {
    let fitted = mapped(status, class);
    if fitted != status {
        log::info(format_args!(
            "mapping DSN status {status} into {class} status {fitted}"
        ));
    }
    fitted
}

fn mapped(status: Status, class: &str) -> Status {
    if status.subject != 1 {
        return status;
    }
    let detail = match (class, status.detail) {
        (SENDER, 1 | 3 | 4 | 6) => 7,
        (SENDER, 2) => 8,
        (SENDER, 5 | 9) => 0,
        (RECIPIENT, 7) => 3,
        (RECIPIENT, 8) => 2,
        (SENDER | RECIPIENT, detail) => detail,
        _ => return Status::new(status.class, 0, 0),
    };
    Status { detail, ..status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_says_what_to_do() {
        assert_eq!(Action::of("ok", ""), Action::Permit);
        assert_eq!(Action::of("Reject", "x"), Action::Reject);
        assert_eq!(Action::of("550", "x"), Action::Code(550));
        assert_eq!(Action::of("550", ""), Action::Permit);
        assert_eq!(Action::of("1234567", ""), Action::Permit);
        assert_eq!(Action::of("650", "x"), Action::Other);
        assert_eq!(Action::of("reject_unauth_destination", ""), Action::Other);
    }

    #[test]
    fn the_text_may_carry_a_status() {
        let about = About {
            name: b"a@b",
            class: RECIPIENT,
            default_access: None,
        };
        let rejection = rejection(550, "4.1.8 go away", about, "Access denied");
        assert_eq!(
            rejection.reply(),
            "550 5.1.2 <a@b>: Recipient address rejected: go away"
        );
        let rejection = super::rejection(554, "", about, "Access denied");
        assert_eq!(
            rejection.reply(),
            "554 5.7.1 <a@b>: Recipient address rejected: Access denied"
        );
    }

    #[test]
    fn address_status_codes_fit_what_they_are_about() {
        let status = Status::new(5, 1, 1);
        assert_eq!(fitting(status, SENDER), Status::new(5, 1, 7));
        assert_eq!(fitting(status, RECIPIENT), status);
        assert_eq!(fitting(status, CLIENT), Status::new(5, 0, 0));
    }
}
