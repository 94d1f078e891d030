// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of cleanup(8).

use std::fmt;

use bstr::ByteSlice;

/// `ID: message-id=<...>`
#[derive(Clone, Copy, Debug)]
pub struct MessageId<'a> {
    /// Queue id.
    pub queue_id: &'a str,
    /// Body of the header, or `<>`.
    pub message_id: &'a [u8],
}

impl fmt::Display for MessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: message-id={}",
            self.queue_id,
            self.message_id.as_bstr()
        )
    }
}

/// `ID: resent-message-id=<...>`
#[derive(Clone, Copy, Debug)]
pub struct ResentMessageId<'a> {
    /// Queue id.
    pub queue_id: &'a str,
    /// Body of the header.
    pub message_id: &'a [u8],
}

impl fmt::Display for ResentMessageId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: resent-message-id={}",
            self.queue_id,
            self.message_id.as_bstr()
        )
    }
}

/// `ID: removed (canceled)`: the client went away, or the message was refused.
#[derive(Clone, Copy, Debug)]
pub struct Canceled<'a> {
    /// Queue id.
    pub queue_id: &'a str,
}

impl fmt::Display for Canceled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: removed (canceled)", self.queue_id)
    }
}

/// `ID: removed (discarded)`: accepted and dropped, as an action said.
#[derive(Clone, Copy, Debug)]
pub struct Discarded<'a> {
    /// Queue id.
    pub queue_id: &'a str,
}

impl fmt::Display for Discarded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: removed (discarded)", self.queue_id)
    }
}

/// `ID: ACTION: header|body TEXT from ORIGIN; from=<S> to=<R>[ proto=P helo=<H>]: REASON`
#[derive(Clone, Copy, Debug)]
pub struct ContentAction<'a> {
    /// Queue id.
    pub queue_id: &'a str,
    /// `reject`, `warning`, `info`, ...
    pub action: &'a str,
    /// `header` or `body`.
    pub context: &'a str,
    /// The header or line; at most 200 bytes of it are shown.
    pub content: &'a [u8],
    /// `name[address]` or `local`.
    pub origin: &'a [u8],
    /// Envelope sender.
    pub sender: &'a [u8],
    /// Last envelope recipient; empty when it is not known yet.
    pub recipient: &'a [u8],
    /// Protocol name, or empty.
    pub protocol: &'a [u8],
    /// HELO name, or empty.
    pub helo: &'a [u8],
    /// Text of the action, or empty.
    pub reason: &'a [u8],
}

/// The structure of a message is refused.
pub struct MimeError<'a> {
    /// Queue id.
    pub queue_id: &'a str,
    /// What is wrong.
    pub what: &'a str,
    /// Where; at most 100 bytes of it are shown.
    pub text: &'a [u8],
    /// `name[address]` or `local`.
    pub origin: &'a [u8],
    /// Envelope sender.
    pub sender: &'a [u8],
    /// Last envelope recipient, or `unknown`.
    pub recipient: &'a [u8],
}

impl fmt::Display for MimeError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: reject: mime-error {}: {} from {}; from=<{}> to=<{}>",
            self.queue_id,
            self.what,
            self.text.get(..100).unwrap_or(self.text).as_bstr(),
            self.origin.as_bstr(),
            self.sender.as_bstr(),
            self.recipient.as_bstr()
        )
    }
}

/// Bytes of content that are shown.
const CONTENT_SHOWN: usize = 200;

impl fmt::Display for ContentAction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = self.content.get(..CONTENT_SHOWN).unwrap_or(self.content);
        write!(
            f,
            "{}: {}: {} {} from {}; from=<{}>",
            self.queue_id,
            self.action,
            self.context,
            content.as_bstr(),
            self.origin.as_bstr(),
            self.sender.as_bstr()
        )?;
        if !self.recipient.is_empty() {
            write!(f, " to=<{}>", self.recipient.as_bstr())?;
        }
        if !self.protocol.is_empty() {
            write!(f, " proto={}", self.protocol.as_bstr())?;
        }
        if !self.helo.is_empty() {
            write!(f, " helo=<{}>", self.helo.as_bstr())?;
        }
        if !self.reason.is_empty() {
            write!(f, ": {}", self.reason.as_bstr())?;
        }
        Ok(())
    }
}
