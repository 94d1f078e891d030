// SPDX-License-Identifier: MIT OR Apache-2.0
//! The line that says what became of one recipient.
//!
//! *Postfix:* log_adhoc(3).

use std::fmt;

use bstr::ByteSlice;

use super::Delays;

/// `ID: to=<R>[, orig_to=<O>], relay=R[, conn_use=N], delay=T, delays=a/b/c/d[, tls=T], dsn=D,
/// status=S (TEXT)`.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The queue id.
    pub queue_id: &'a str,
    /// The recipient.
    pub recipient: &'a [u8],
    /// The recipient before rewriting; shown when it differs by more than case.
    pub original_recipient: &'a [u8],
    /// Where it went: `HOST[ADDRESS]:PORT`, `local`, `none`.
    pub relay: &'a str,
    /// How often the connection was used, this time included; shown from the second time on.
    pub uses: u32,
    /// Where the time went.
    pub delays: Delays,
    /// What was agreed about TLS (`tls=`); empty: no such field.
    pub tls: &'a str,
    /// The enhanced status code.
    pub dsn: &'a dyn fmt::Display,
    /// `sent`, `deferred`, `bounced`, ...
    pub status: &'a str,
    /// What happened, for people.
    pub text: &'a [u8],
}

impl fmt::Display for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: to=<{}>", self.queue_id, self.recipient.as_bstr())?;
        let original = self.original_recipient;
        if !original.is_empty() && !original.eq_ignore_ascii_case(self.recipient) {
            write!(f, ", orig_to=<{}>", original.as_bstr())?;
        }
        write!(f, ", relay={}", self.relay)?;
        if self.uses > 1 {
            write!(f, ", conn_use={}", self.uses)?;
        }
        write!(f, ", {}", self.delays)?;
        if !self.tls.is_empty() {
            write!(f, ", tls={}", self.tls)?;
        }
        let (dsn, status, text) = (self.dsn, self.status, self.text.as_bstr());
        write!(f, ", dsn={dsn}, status={status} ({text})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_line_has_only_the_fields_that_say_something() {
        let mut line = Delivery {
            queue_id: "3C91B2",
            recipient: b"a@example.org",
            original_recipient: b"A@Example.org",
            relay: "none",
            uses: 1,
            delays: Delays {
                total: Duration::from_millis(50),
                resolution: 2,
                ..Delays::default()
            },
            tls: "",
            dsn: &"2.0.0",
            status: "sent",
            text: b"250 OK",
        };
        assert_eq!(
            line.to_string(),
            "3C91B2: to=<a@example.org>, relay=none, delay=0.05, delays=0/0/0/0, dsn=2.0.0, \
             status=sent (250 OK)"
        );
        line.original_recipient = b"b@example.org";
        line.uses = 3;
        line.tls = "may";
        assert_eq!(
            line.to_string(),
            "3C91B2: to=<a@example.org>, orig_to=<b@example.org>, relay=none, conn_use=3, \
             delay=0.05, delays=0/0/0/0, tls=may, dsn=2.0.0, status=sent (250 OK)"
        );
    }
}
