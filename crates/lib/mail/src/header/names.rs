// SPDX-License-Identifier: MIT OR Apache-2.0
//! The headers we know by name, and what is done with them.
//!
//! *Postfix:* global/header_opts(3).

use bitflags::bitflags;

bitflags! {
    /// What is done with a header.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Flags: u8 {
        /// Contains sender addresses: rewritten, masqueraded.
        const SENDER = 1;
        /// Contains recipient addresses: rewritten.
        const RECIPIENT = 2;
        /// Recipients are extracted from it (`sendmail -t`).
        const EXTRACT = 4;
        /// Removed from the message.
        const DROP = 8;
        /// A header of a resent message.
        const RESENT = 16;
        /// A MIME header.
        const MIME = 32;
    }
}

macro_rules! headers {
    ($($name:ident = $text:literal, $flags:expr;)+) => {
        /// A header that the mail system knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum HeaderName { $(#[doc = $text] $name,)+ }

        impl HeaderName {
            /// All of them.
            pub const ALL: &'static [HeaderName] = &[$(HeaderName::$name,)+];

            /// Finds a name, without regard to case.
            pub fn find(name: &[u8]) -> Option<HeaderName> {
                $(if name.eq_ignore_ascii_case($text.as_bytes()) {
                    return Some(HeaderName::$name);
                })+
                None
            }

            /// The usual spelling.
            pub fn as_str(self) -> &'static str {
                match self { $(HeaderName::$name => $text,)+ }
            }

            /// What is done with it.
            pub fn flags(self) -> Flags {
                match self { $(HeaderName::$name => $flags,)+ }
            }
        }
    };
}

const XRECIP: Flags = Flags::RECIPIENT.union(Flags::EXTRACT);

headers! {
    ApparentlyTo = "Apparently-To", Flags::RECIPIENT;
    Bcc = "Bcc", Flags::DROP.union(XRECIP);
    Cc = "Cc", XRECIP;
    ContentDescription = "Content-Description", Flags::MIME;
    ContentDisposition = "Content-Disposition", Flags::MIME;
    ContentId = "Content-ID", Flags::MIME;
    ContentLength = "Content-Length", Flags::DROP;
    ContentTransferEncoding = "Content-Transfer-Encoding", Flags::MIME;
    ContentType = "Content-Type", Flags::MIME;
    DeliveredTo = "Delivered-To", Flags::empty();
    DispositionNotificationTo = "Disposition-Notification-To", Flags::SENDER;
    Date = "Date", Flags::empty();
    ErrorsTo = "Errors-To", Flags::SENDER;
    From = "From", Flags::SENDER;
    MailFollowupTo = "Mail-Followup-To", Flags::SENDER;
    MessageId = "Message-Id", Flags::empty();
    MimeVersion = "MIME-Version", Flags::MIME;
    Received = "Received", Flags::empty();
    ReplyTo = "Reply-To", Flags::SENDER;
    RequireTlsEsmtp = "Require-TLS-ESMTP", Flags::empty();
    ResentBcc = "Resent-Bcc", Flags::DROP.union(XRECIP).union(Flags::RESENT);
    ResentCc = "Resent-Cc", XRECIP.union(Flags::RESENT);
    ResentDate = "Resent-Date", Flags::RESENT;
    ResentFrom = "Resent-From", Flags::SENDER.union(Flags::RESENT);
    ResentMessageId = "Resent-Message-Id", Flags::RESENT;
    ResentReplyTo = "Resent-Reply-To", Flags::RECIPIENT.union(Flags::RESENT);
    ResentSender = "Resent-Sender", Flags::SENDER.union(Flags::RESENT);
    ResentTo = "Resent-To", XRECIP.union(Flags::RESENT);
    ReturnPath = "Return-Path", Flags::DROP.union(Flags::SENDER);
    ReturnReceiptTo = "Return-Receipt-To", Flags::SENDER;
    Sender = "Sender", Flags::SENDER;
    Subject = "Subject", Flags::empty();
    TlsRequired = "TLS-Required", Flags::empty();
    To = "To", XRECIP;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_regard_to_case() {
        assert_eq!(HeaderName::find(b"MESSAGE-ID"), Some(HeaderName::MessageId));
        assert_eq!(HeaderName::find(b"X-Foo"), None);
        for name in HeaderName::ALL {
            assert_eq!(HeaderName::find(name.as_str().as_bytes()), Some(*name));
        }
    }

    #[test]
    fn blind_copies_are_extracted_and_dropped() {
        let flags = HeaderName::Bcc.flags();
        assert!(flags.contains(Flags::DROP | Flags::EXTRACT | Flags::RECIPIENT));
        assert!(
            HeaderName::ResentFrom
                .flags()
                .contains(Flags::RESENT | Flags::SENDER)
        );
    }
}
