// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a local user may say about a message, besides sender, recipients and content.
//!
//! postdrop looks at every attribute that a user sends, and pickup looks again: the file belongs
//! to the user.
//!
//! *Invariants*: nothing that passes speaks for the mail system itself: no client, no login, no
//! verification probe.
//!
//! *Postfix:* the attribute checks of postdrop(1) and pickup(8).

use crate::flags::{DeliverFlags, SendOptions};
use mail::dsn::{Notify, Ret};

/// Why an attribute is not passed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no `name=value`.
    #[error("ignoring malformed record")]
    Malformed,
    /// A user must not say that.
    #[error("ignoring attribute record")]
    NotForUsers,
}

/// The longest value, in bytes.
pub const VALUE_LIMIT: usize = 2048;

/// Takes an attribute record of a user apart.
///
/// # Errors
/// It is not to be passed on.
pub fn attribute(data: &[u8]) -> Result<(&str, &[u8]), Refused> {
    let at = data
        .iter()
        .position(|byte| *byte == b'=')
        .ok_or(Refused::Malformed)?;
    let (name, value) = data.split_at(at);
    let value = value.get(1..).unwrap_or_default();
    let name = std::str::from_utf8(name).map_err(|_| Refused::Malformed)?;
    if name.is_empty() || value.len() > VALUE_LIMIT || !is_one_line(value) {
        return Err(Refused::Malformed);
    }
    let allowed = match name {
        "encoding" => matches!(value, b"7bit" | b"8bit" | b""),
        "rewrite_context" => matches!(value, b"local" | b"remote"),
        "trace_flags" => {
            let user = DeliverFlags::USER_VERIFY | DeliverFlags::RECORD;
            number(value).is_some_and(|bits| bits & !user.bits() == 0)
        }
        "sendopts" => {
            let user = SendOptions::SMTPUTF8_REQUESTED | SendOptions::REQUIRETLS_ESMTP;
            number(value).is_some_and(|bits| bits & !user.bits() == 0)
        }
        "ret_flags" => number(value).and_then(Ret::from_bits).is_some(),
        "notify_flags" => number(value).and_then(Notify::from_bits).is_some(),
        "envelope_id" | "dsn_orig_rcpt" => true,
        _ => false,
    };
    if allowed {
        Ok((name, value))
    } else {
        Err(Refused::NotForUsers)
    }
}

/// Whether a record of an envelope is one line without NUL, as all must be: what a user writes
/// must not become two things further on.
#[must_use]
pub fn is_one_line(data: &[u8]) -> bool {
    !data
        .iter()
        .any(|byte| matches!(byte, b'\0' | b'\n' | b'\r'))
}

fn number(value: &[u8]) -> Option<u32> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).ok().filter(|_| digits)?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sendmail_says_is_passed_on() {
        for text in [
            "encoding=8bit",
            "rewrite_context=remote",
            "trace_flags=1024",
            "trace_flags=512",
            "sendopts=1",
            "ret_flags=2",
            "notify_flags=6",
            "envelope_id=a+3Db",
            "dsn_orig_rcpt=rfc822;a@example.com",
        ] {
            let (name, value) = attribute(text.as_bytes()).unwrap();
            assert_eq!([name.as_bytes(), value].join(&b'='), text.as_bytes());
        }
    }

    #[test]
    fn a_user_does_not_speak_for_the_system() {
        for text in [
            "log_client_name=x",
            "client_address=127.0.0.1",
            "sasl_username=root",
            "create_time=1",
            "trace_flags=256",
            "trace_flags=-1",
            "sendopts=2",
            "encoding=base64",
            "rewrite_context=example.com",
            "notify_flags=16",
        ] {
            assert_eq!(
                attribute(text.as_bytes()),
                Err(Refused::NotForUsers),
                "{text}"
            );
        }
        for bytes in [
            &b"encoding"[..],
            b"=x",
            b"\xff=x",
            b"envelope_id=a\nb",
            b"envelope_id=a\0",
        ] {
            assert_eq!(attribute(bytes), Err(Refused::Malformed));
        }
        let long = [b"envelope_id=".as_slice(), &[b'x'; VALUE_LIMIT + 1]].concat();
        assert_eq!(attribute(&long), Err(Refused::Malformed));
    }
}
