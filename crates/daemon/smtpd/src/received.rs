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
    /// `SMTP`, `ESMTP` or `UTF8SMTP`, with S when encrypted.
    pub(crate) protocol: &'a str,
    /// The queue id.
    pub(crate) queue_id: &'a str,
    /// The recipient, internal form, if there is exactly one.
    pub(crate) recipient: Option<&'a [u8]>,
    /// When the transaction began.
    pub(crate) date: &'a str,
    /// smtpd_hide_client_session: say nothing about the client.
    pub(crate) hide_client: bool,
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
    fn the_client_can_be_hidden() {
        assert_eq!(
            received(None, true),
            "Received: by mail.example.test (Postfix) with ESMTP id 0D81B9A006D;\n\
             \tSun, 01 Mar 2026 09:05:07 +0100 (CET)"
        );
    }
}
