// SPDX-License-Identifier: MIT OR Apache-2.0
//! Header and body checks: what a table says about a header or line, and what is done then.
//!
//! [`Action::parse`] and [`decide`] are pure; the rest applies a decision to the message.
//!
//! *Invariants:* a check never makes a message pass that is refused already; a table that cannot
//! answer refuses the message for now.
//!
//! *Postfix:* cleanup/cleanup_message(3), the actions of header_checks(5).

use bstr::ByteSlice;
use ipc::flags::{CleanupFlags, CleanupStatus};
use mail::dsn::split_status_text;
use mail::header::{Flags, HeaderName, is_header_line, parse_header};
use mail::mime::walker::Place;
use runtime::event::cleanup::ContentAction;
use runtime::log;

use crate::message::Processing;
use crate::rewrite::Select;

/// What becomes of a header or line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It is kept.
    Keep,
    /// It is left out.
    Drop,
    /// This text comes before it.
    Prepend(Vec<u8>),
    /// This text takes its place.
    Replace(Vec<u8>),
}

/// How far body checks have come.
#[derive(Debug, Default)]
pub(crate) struct BodyScan {
    /// Bytes of the part that were looked at.
    scanned: u64,
    /// PASS or DISCARD: nothing more is looked at.
    off: bool,
}

impl BodyScan {
    /// A new part has a new budget.
    pub(crate) fn begin_part(&mut self) {
        self.scanned = 0;
    }
}

/// Whether headers or lines are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Header,
    Body,
}

impl Context {
    const fn name(self) -> &'static str {
        match self {
            Context::Header => "header",
            Context::Body => "body",
        }
    }
}

/// An action of header_checks(5).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Action {
    Reject(Vec<u8>),
    Discard(Vec<u8>),
    Hold(Vec<u8>),
    Warn(Vec<u8>),
    Info(Vec<u8>),
    Pass(Vec<u8>),
    Strip(Vec<u8>),
    Filter(Vec<u8>),
    Redirect(Vec<u8>),
    Bcc(Vec<u8>),
    Prepend(Vec<u8>),
    Replace(Vec<u8>),
    Ignore,
    Nothing,
}

impl Action {
    /// Reads the result of a lookup. The error is the text of a warning; such an entry does nothing.
    fn parse(result: &[u8], table: &str, context: Context) -> Result<Action, String> {
        let result = result.trim_ascii();
        let end = result.find_byteset(b" \t").unwrap_or(result.len());
        let (word, rest) = result.split_at_checked(end).unwrap_or((result, b""));
        let text = rest.trim_ascii_start();
        let address = |what: &str| match text.find_byte(b'@') {
            Some(at) if at > 0 && at + 1 < text.len() => Ok(text.to_vec()),
            _ => {
                let text = text.as_bstr();
                Err(format!(
                    "bad {what} \"{text}\" in {table} map -- need user@domain"
                ))
            }
        };
        let needed = |action: &str| match text {
            b"" => Err(format!("{action} action without text in {table} map")),
            text => Ok(text.to_vec()),
        };
        Ok(match word.to_ascii_uppercase().as_slice() {
            b"REJECT" => Action::Reject(text.to_vec()),
            b"DISCARD" => Action::Discard(text.to_vec()),
            b"HOLD" => Action::Hold(text.to_vec()),
            b"WARN" => Action::Warn(text.to_vec()),
            b"INFO" => Action::Info(text.to_vec()),
            b"PASS" => Action::Pass(text.to_vec()),
            b"STRIP" => Action::Strip(text.to_vec()),
            b"FILTER" if text.is_empty() => {
                return Err(format!("missing FILTER command argument in {table} map"));
            }
            b"FILTER" if !text.contains(&b':') => {
                let text = text.as_bstr();
                return Err(format!(
                    "bad FILTER command {text} in {table} -- need transport:destination"
                ));
            }
            b"FILTER" => Action::Filter(text.to_vec()),
            b"REDIRECT" => Action::Redirect(address("REDIRECT target")?),
            b"BCC" => Action::Bcc(address("BCC address")?),
            b"PREPEND" => {
                let text = needed("PREPEND")?;
                if context == Context::Header && is_header_line(&text).is_none() {
                    let text = text.as_bstr();
                    return Err(format!(
                        "bad PREPEND header text \"{text}\" in {table} map -- need \
                         \"headername: headervalue\""
                    ));
                }
                Action::Prepend(text)
            }
            b"REPLACE" => {
                let text = needed("REPLACE")?;
                if context == Context::Header && is_header_line(&text).is_none() {
                    let text = text.as_bstr();
                    return Err(format!(
                        "bad REPLACE header text \"{text}\" in {table} map -- need \
                         \"headername: headervalue\""
                    ));
                }
                Action::Replace(text)
            }
            b"IGNORE" => Action::Ignore,
            b"DUNNO" | b"OK" => Action::Nothing,
            _ => {
                let result = result.as_bstr();
                return Err(format!("unknown command in {table} map: {result}"));
            }
        })
    }
}

impl Processing<'_> {
    /// Checks one header. Headers about MIME are looked up as those of parts, wherever they are.
    pub(crate) fn check_header(&mut self, place: Place, header: &[u8]) -> Checked {
        let known = parse_header(header).and_then(|(label, _)| HeaderName::find(label));
        let is_mime = known.is_some_and(|name| name.flags().contains(Flags::MIME));
        let select: Select = match place {
            _ if is_mime => |tables| &mut tables.mime_header_checks,
            Place::Primary => |tables| &mut tables.header_checks,
            Place::Part => |tables| &mut tables.mime_header_checks,
            Place::Nested => |tables| &mut tables.nested_header_checks,
        };
        self.check(select, Context::Header, header)
    }

    /// Checks one line of the body, or the piece of a long line.
    pub(crate) fn check_body_line(&mut self, line: &[u8]) -> Checked {
        let limit = u64::try_from(self.site.params.body_checks_size_limit).unwrap_or(0);
        let scan = &mut self.message.content.body_scan;
        if limit > 0 && scan.scanned >= limit {
            return Checked::Keep;
        }
        scan.scanned += line.len() as u64;
        self.check(|tables| &mut tables.body_checks, Context::Body, line)
    }

    fn check(&mut self, select: Select, context: Context, content: &[u8]) -> Checked {
        if self.message.content.body_scan.off || content.is_empty() {
            return Checked::Keep;
        }
        let maps = select(&mut self.site.tables);
        let result = match maps.get(content) {
            Ok(Some(result)) => result,
            Ok(None) => return Checked::Keep,
            Err(error) => {
                let (title, id) = (maps.title(), self.message.output.id());
                log::warning(format_args!("{id}: {title}: {error}"));
                log::warning(format_args!(
                    "{id}: {title} map lookup problem -- message not accepted, try again later"
                ));
                self.message.status |= CleanupStatus::WRITE;
                return Checked::Keep;
            }
        };
        match Action::parse(&result, maps.title(), context) {
            Ok(action) => self.act(action, context, content),
            Err(warning) => {
                log::warning(warning);
                Checked::Keep
            }
        }
    }

    fn act(&mut self, action: Action, context: Context, content: &[u8]) -> Checked {
        match action {
            Action::Nothing => {}
            Action::Ignore => return Checked::Drop,
            Action::Strip(text) => {
                self.log_action("strip", context, content, &text);
                return Checked::Drop;
            }
            Action::Prepend(text) => {
                self.log_action("prepend", context, content, &text);
                return Checked::Prepend(text);
            }
            Action::Replace(text) => {
                self.log_action("replace", context, content, &text);
                return Checked::Replace(text);
            }
            Action::Warn(text) => self.log_action("warning", context, content, &text),
            Action::Info(text) => self.log_action("info", context, content, &text),
            Action::Pass(text) => {
                self.log_action("pass", context, content, &text);
                self.message.content.body_scan.off = true;
            }
            Action::Hold(text) => {
                // Once is enough, however many headers say so.
                if !self.message.flags.contains(CleanupFlags::HOLD) {
                    self.log_action("hold", context, content, &text);
                    self.message.flags |= CleanupFlags::HOLD;
                }
            }
            Action::Discard(text) => {
                self.log_action("discard", context, content, &text);
                self.message.flags |= CleanupFlags::DISCARD;
                self.message.content.body_scan.off = true;
            }
            Action::Filter(text) => {
                self.log_action("filter", context, content, &text);
                self.message.content_filter = text;
            }
            Action::Redirect(text) => {
                self.log_action("redirect", context, content, &text);
                self.message.redirect = text;
            }
            Action::Bcc(text) => {
                self.log_action("bcc", context, content, &text);
                self.message.add_extra_copy(text);
            }
            Action::Reject(text) => {
                let (status, reason) = rejection(&text);
                self.log_action("reject", context, content, &reason);
                self.message.status |= status;
                if self.message.reason.is_empty() {
                    self.message.reason = reason;
                }
            }
        }
        Checked::Keep
    }

    fn log_action(&self, action: &str, context: Context, content: &[u8], reason: &[u8]) {
        let origin = &self.message.origin;
        let local: &[u8] = b"local";
        log::info(ContentAction {
            queue_id: self.message.id(),
            action,
            context: context.name(),
            content,
            origin: if origin.log_message_origin.is_empty() {
                local
            } else {
                &origin.log_message_origin
            },
            sender: self.message.sender.as_deref().unwrap_or_default(),
            recipient: &self.message.last_recipient,
            protocol: &origin.log_protocol_name,
            helo: &origin.log_helo_name,
            reason,
        });
    }
}

/// What REJECT means: a refusal with an enhanced status code, or, with a code of class 4, trouble
/// for now.
fn rejection(text: &[u8]) -> (CleanupStatus, Vec<u8>) {
    let text: &[u8] = if text.is_empty() {
        b"message content rejected"
    } else {
        text
    };
    match split_status_text(text) {
        Some((status, rest)) => {
            let rest: &[u8] = if rest.is_empty() {
                b"message content rejected"
            } else {
                rest
            };
            let reason = [format!("{status} ").as_bytes(), rest].concat();
            if status.class == 4 {
                (CleanupStatus::DEFER, reason)
            } else {
                (CleanupStatus::CONT, reason)
            }
        }
        None => (CleanupStatus::CONT, [b"5.7.1 ", text].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(result: &str) -> Result<Action, String> {
        Action::parse(result.as_bytes(), "header_checks", Context::Header)
    }

    #[test]
    fn actions_are_read_without_regard_to_case() {
        assert_eq!(header("reject"), Ok(Action::Reject(Vec::new())));
        assert_eq!(
            header("Filter  smtp:x"),
            Ok(Action::Filter(b"smtp:x".to_vec()))
        );
        assert_eq!(header("OK"), Ok(Action::Nothing));
        assert_eq!(
            header("WARN some text"),
            Ok(Action::Warn(b"some text".to_vec()))
        );
    }

    #[test]
    fn useless_actions_are_warned_about_in_the_words_of_the_original() {
        for (result, warning) in [
            (
                "FILTER bad",
                "bad FILTER command bad in header_checks -- need transport:destination",
            ),
            (
                "FILTER",
                "missing FILTER command argument in header_checks map",
            ),
            (
                "PREPEND",
                "PREPEND action without text in header_checks map",
            ),
            (
                "REDIRECT bad",
                "bad REDIRECT target \"bad\" in header_checks map -- need user@domain",
            ),
            (
                "BCC",
                "bad BCC address \"\" in header_checks map -- need user@domain",
            ),
            ("421 foo", "unknown command in header_checks map: 421 foo"),
        ] {
            assert_eq!(header(result), Err(warning.to_owned()));
        }
        let body = Action::parse(b"PREPEND no header", "body_checks", Context::Body);
        assert_eq!(body, Ok(Action::Prepend(b"no header".to_vec())));
    }

    #[test]
    fn rejection_has_a_status_code() {
        assert_eq!(
            rejection(b""),
            (
                CleanupStatus::CONT,
                b"5.7.1 message content rejected".to_vec()
            )
        );
        assert_eq!(
            rejection(b"no spam"),
            (CleanupStatus::CONT, b"5.7.1 no spam".to_vec())
        );
        assert_eq!(
            rejection(b"4.1.2 odd"),
            (CleanupStatus::DEFER, b"4.1.2 odd".to_vec())
        );
    }
}
