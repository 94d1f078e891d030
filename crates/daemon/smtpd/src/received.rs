// SPDX-License-Identifier: MIT OR Apache-2.0
//! The `Received:` header that says how a message came here.
//!
//! *Postfix:* the head of the content in smtpd(8).

use mail::address::quote_822_local;

/// What the header says.
pub(crate) struct Received<'a> {
    /// What the client called itself; its name otherwise.
    pub(crate) helo: &'a str,
    /// The client's verified name.
    pub(crate) client_name: &'a str,
    /// Its address, IPv6 tagged.
    pub(crate) client_address: &'a str,
    /// Our name.
    pub(crate) myhostname: &'a str,
    /// The name of the mail system.
    pub(crate) mail_name: &'a str,
    /// What is told about the session's encryption: lines.
    pub(crate) tls: &'a [String],
    /// How the client spoke ([`with`]).
    pub(crate) protocol: &'a str,
    /// Who logged in, if that is to be told.
    pub(crate) login: Option<&'a str>,
    /// The queue id.
    pub(crate) queue_id: &'a str,
    /// The recipient, internal form, if there is exactly one.
    pub(crate) recipient: Option<&'a [u8]>,
    /// When the transaction began.
    pub(crate) date: &'a str,
    /// smtpd_hide_client_session: say nothing about the client.
    pub(crate) hide_client: bool,
}

/// The keyword of RFC 3848 for how a client spoke: S for encryption, A for a login.
pub(crate) fn with(
    protocol: &str,
    is_utf8: bool,
    is_encrypted: bool,
    is_logged_in: bool,
) -> String {
    let base = if is_utf8 { "UTF8SMTP" } else { protocol };
    // The letters are defined for extended SMTP alone.
    let letter = |is_so: bool, letter| {
        if is_so && protocol != "SMTP" {
            letter
        } else {
            ""
        }
    };
    let (encrypted, logged_in) = (letter(is_encrypted, "S"), letter(is_logged_in, "A"));
    format!("{base}{encrypted}{logged_in}")
}

/// Text as it may stand in a comment of a header: printable ASCII, with parentheses in pairs.
fn comment(text: &str) -> String {
    let mut open = 0usize;
    let mut safe: String = text
        .bytes()
        .map(|byte| match byte {
            b'(' => {
                open += 1;
                '('
            }
            b')' if open == 0 => '?',
            b')' => {
                open -= 1;
                ')'
            }
            b'\\' => '?',
            b' '..=b'~' => char::from(byte),
            _ => '?',
        })
        .collect();
    safe.extend(std::iter::repeat_n(')', open));
    safe
}

impl Received<'_> {
    /// The header, one record per line.
    pub(crate) fn lines(&self) -> Vec<Vec<u8>> {
        let Received {
            helo,
            client_name,
            client_address,
            myhostname,
            ..
        } = self;
        let Received {
            mail_name,
            protocol,
            queue_id,
            date,
            ..
        } = self;
        let mut lines = Vec::with_capacity(3);
        let by = format!("by {myhostname} ({mail_name}) with {protocol} id {queue_id}");
        let end = if self.recipient.is_some() { "" } else { ";" };
        if self.hide_client {
            lines.push(format!("Received: {by}{end}").into_bytes());
        } else {
            let from = format!("Received: from {helo} ({client_name} [{client_address}])");
            lines.push(from.into_bytes());
            lines.extend(self.tls.iter().map(|line| line.clone().into_bytes()));
            if let Some(login) = self.login {
                let login = comment(login);
                lines.push(format!("\t(Authenticated sender: {login})").into_bytes());
            }
            lines.push(format!("\t{by}{end}").into_bytes());
        }
        lines.push(match self.recipient {
            Some(recipient) => {
                let recipient = quote_822_local(recipient);
                [b"\tfor <", recipient.as_slice(), b">; ", date.as_bytes()].concat()
            }
            None => format!("\t{date}").into_bytes(),
        });
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(recipient: Option<&'static [u8]>, hide_client: bool) -> String {
        let header = Received {
            helo: "foo",
            client_name: "localhost",
            client_address: "127.0.0.1",
            myhostname: "mail.example.test",
            mail_name: "Postfix",
            tls: &[],
            protocol: "ESMTP",
            login: None,
            queue_id: "0D81B9A006D",
            recipient,
            date: "Sun, 01 Mar 2026 09:05:07 +0100 (CET)",
            hide_client,
        };
        String::from_utf8(header.lines().join(&b'\n')).expect("ASCII")
    }

    #[test]
    fn a_single_recipient_is_named() {
        assert_eq!(
            received(Some(b"a b@c.com"), false),
            "Received: from foo (localhost [127.0.0.1])\n\
             \tby mail.example.test (Postfix) with ESMTP id 0D81B9A006D\n\
             \tfor <\"a b\"@c.com>; Sun, 01 Mar 2026 09:05:07 +0100 (CET)"
        );
    }

    #[test]
    fn several_recipients_are_not() {
        assert_eq!(
            received(None, false),
            "Received: from foo (localhost [127.0.0.1])\n\
             \tby mail.example.test (Postfix) with ESMTP id 0D81B9A006D;\n\
             \tSun, 01 Mar 2026 09:05:07 +0100 (CET)"
        );
    }

    #[test]
    fn a_login_name_cannot_leave_its_comment() {
        assert_eq!(comment("joe (at) home"), "joe (at) home");
        assert_eq!(comment("a) \\(b\u{e9}\n"), "a? ?(b???)");
    }

    #[test]
    fn only_extended_smtp_says_what_protects_it() {
        assert_eq!(with("ESMTP", false, false, true), "ESMTPA");
        assert_eq!(with("ESMTP", true, true, true), "UTF8SMTPSA");
        assert_eq!(with("ESMTP", false, true, false), "ESMTPS");
        assert_eq!(with("SMTP", false, true, true), "SMTP");
    }

    #[test]
    fn the_client_can_be_hidden() {
        assert_eq!(
            received(None, true),
            "Received: by mail.example.test (Postfix) with ESMTP id 0D81B9A006D;\n\
             \tSun, 01 Mar 2026 09:05:07 +0100 (CET)"
        );
    }
}
