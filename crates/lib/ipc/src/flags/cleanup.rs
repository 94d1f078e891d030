// SPDX-License-Identifier: MIT OR Apache-2.0
//! What cleanup is asked to do with a message, and what it says about the result.

use bitflags::bitflags;
use mail::dsn::Status;

bitflags! {
    /// How cleanup treats one message.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct CleanupFlags: u32 {
        /// Cleanup returns a message that it cannot accept, instead of refusing it.
        const BOUNCE = 1;
        /// Header and body checks apply.
        const FILTER = 2;
        /// The message goes to the hold queue.
        const HOLD = 4;
        /// The message is accepted and dropped.
        const DISCARD = 8;
        /// Automatic copies (`always_bcc` and friends) may be added.
        const BCC_OK = 16;
        /// Address mapping applies.
        const MAP_OK = 32;
        /// Milters apply.
        const MILTER = 64;
        /// The reason in the reply is a complete SMTP reply.
        const SMTP_REPLY = 128;
        /// The sender asked for SMTPUTF8.
        const SMTPUTF8 = 256;
        /// Find out whether the message needs SMTPUTF8.
        const AUTOUTF8 = 512;
        /// The sender asked for REQUIRETLS.
        const REQUIRETLS = 1024;

        /// All content inspection.
        const FILTER_ALL = Self::FILTER.bits() | Self::MILTER.bits();
        /// For mail from outside.
        const EXTERNAL =
            Self::FILTER_ALL.bits() | Self::BCC_OK.bits() | Self::MAP_OK.bits();
        /// For mail that the system makes itself.
        const INTERNAL = Self::MAP_OK.bits();
        /// What an inspection result may add.
        const EXTRA = Self::HOLD.bits() | Self::DISCARD.bits();
    }
}

bitflags! {
    /// What cleanup found wrong. Empty is success.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct CleanupStatus: u32 {
        /// The client broke the protocol.
        const BAD = 1;
        /// The queue file could not be written.
        const WRITE = 1 << 1;
        /// The message is over `message_size_limit`.
        const SIZE = 1 << 2;
        /// The content was refused.
        const CONT = 1 << 3;
        /// Too many `Received:` headers.
        const HOPS = 1 << 4;
        /// No recipients.
        const RCPT = 1 << 6;
        /// A before-queue proxy failed.
        const PROXY = 1 << 7;
        /// Temporary trouble.
        const DEFER = 1 << 8;
        /// The service was denied.
        const NOPERM = 1 << 9;
        /// A bare newline, and the policy refuses it (smtpd's own).
        const BARE_LF = 1 << 16;

        /// The message cannot be returned to its sender either.
        const CANT_BOUNCE =
            Self::BAD.bits() | Self::WRITE.bits() | Self::DEFER.bits() | Self::RCPT.bits();
        /// The queue file does not hold the whole message.
        const INCOMPLETE =
            Self::BAD.bits() | Self::WRITE.bits() | Self::SIZE.bits() | Self::DEFER.bits();
    }
}

/// How one kind of trouble is told to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusDetail {
    /// The kind of trouble.
    pub status: CleanupStatus,
    /// The SMTP reply code.
    pub reply: u16,
    /// The enhanced status code.
    pub dsn: Status,
    /// The text for people.
    pub text: &'static str,
}

const fn detail(
    status: CleanupStatus,
    reply: u16,
    (class, subject, detail): (u8, u16, u16),
    text: &'static str,
) -> StatusDetail {
    StatusDetail {
        status,
        reply,
        dsn: Status::new(class, subject, detail),
        text,
    }
}

/// In order of precedence.
const DETAILS: [StatusDetail; 10] = [
    detail(CleanupStatus::DEFER, 451, (4, 7, 1), "service unavailable"),
    detail(
        CleanupStatus::PROXY,
        451,
        (4, 3, 0),
        "queue file write error",
    ),
    detail(
        CleanupStatus::BAD,
        451,
        (4, 3, 0),
        "internal protocol error",
    ),
    detail(
        CleanupStatus::RCPT,
        550,
        (5, 1, 0),
        "no recipients specified",
    ),
    detail(CleanupStatus::HOPS, 554, (5, 4, 0), "too many hops"),
    detail(CleanupStatus::SIZE, 552, (5, 3, 4), "message file too big"),
    detail(
        CleanupStatus::CONT,
        550,
        (5, 7, 1),
        "message content rejected",
    ),
    detail(
        CleanupStatus::WRITE,
        451,
        (4, 3, 0),
        "queue file write error",
    ),
    detail(CleanupStatus::NOPERM, 550, (5, 7, 1), "service denied"),
    detail(CleanupStatus::BARE_LF, 521, (5, 5, 2), "bare <LF> received"),
];

const SUCCESS: StatusDetail = detail(CleanupStatus::empty(), 250, (2, 0, 0), "Success");

impl CleanupStatus {
    /// The gravest trouble in this set, with its reply; for the empty set, success.
    #[must_use]
    pub fn detail(self) -> &'static StatusDetail {
        if self.is_empty() {
            return &SUCCESS;
        }
        // A set of unknown bits only is an error all the same.
        DETAILS
            .iter()
            .find(|detail| self.intersects(detail.status))
            .unwrap_or(&DETAILS[2])
    }

    /// The text for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.detail().text
    }
}

bitflags! {
    /// Where a message came from: the classes of `internal_mail_filter_classes` and
    /// `smtputf8_autodetect_classes`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct MailSource: u32 {
        /// Submitted on the command line.
        const SENDMAIL = 1;
        /// Received over SMTP.
        const SMTPD = 2;
        /// Received over QMQP.
        const QMQPD = 4;
        /// Forwarded by local.
        const FORWARD = 8;
        /// A bounce or delay notice.
        const BOUNCE = 16;
        /// A notice to the postmaster.
        const NOTIFY = 32;
        /// An address verification probe.
        const VERIFY = 64;
    }
}

impl MailSource {
    const NAMES: [(&'static str, MailSource); 8] = [
        ("sendmail", MailSource::SENDMAIL),
        ("smtpd", MailSource::SMTPD),
        ("qmqpd", MailSource::QMQPD),
        ("forward", MailSource::FORWARD),
        ("bounce", MailSource::BOUNCE),
        ("notify", MailSource::NOTIFY),
        ("verify", MailSource::VERIFY),
        ("all", MailSource::all()),
    ];

    /// The class with this name in a parameter value.
    #[must_use]
    pub fn from_class(name: &str) -> Option<MailSource> {
        Self::NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, set)| *set)
    }

    /// The flags for a message of this source: content inspection only when its class is one of
    /// `filtered` (`internal_mail_filter_classes`), SMTPUTF8 detection when it is one of
    /// `autodetected` (`smtputf8_autodetect_classes`, and only with `smtputf8_enable`).
    #[must_use]
    pub fn internal_flags(self, filtered: MailSource, autodetected: MailSource) -> CleanupFlags {
        let mut flags = CleanupFlags::INTERNAL;
        if filtered.intersects(self) {
            flags |= CleanupFlags::FILTER_ALL;
        }
        if autodetected.intersects(self) {
            flags |= CleanupFlags::AUTOUTF8;
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_trouble_decides_the_reply() {
        let status = CleanupStatus::WRITE | CleanupStatus::SIZE | CleanupStatus::CONT;
        assert_eq!(status.detail().reply, 552);
        assert_eq!(
            (status | CleanupStatus::DEFER).text(),
            "service unavailable"
        );
        assert_eq!(CleanupStatus::RCPT.detail().dsn, Status::new(5, 1, 0));
    }

    #[test]
    fn no_trouble_is_success_and_unknown_trouble_is_not() {
        assert_eq!(CleanupStatus::empty().detail().reply, 250);
        assert_eq!(CleanupStatus::from_bits_retain(1 << 30).detail().reply, 451);
    }

    #[test]
    fn combined_flags_have_the_values_of_the_original() {
        assert_eq!(CleanupFlags::EXTERNAL.bits(), 2 | 64 | 16 | 32);
        assert_eq!(CleanupFlags::EXTRA.bits(), 12);
        assert_eq!(CleanupStatus::CANT_BOUNCE.bits(), 1 | 2 | 256 | 64);
        assert_eq!(CleanupStatus::INCOMPLETE.bits(), 1 | 2 | 4 | 256);
    }

    #[test]
    fn internal_mail_is_inspected_only_when_its_class_is_listed() {
        let none = MailSource::empty();
        assert_eq!(
            MailSource::BOUNCE.internal_flags(none, none),
            CleanupFlags::MAP_OK
        );
        let flags = MailSource::BOUNCE.internal_flags(MailSource::BOUNCE, MailSource::all());
        assert!(flags.contains(CleanupFlags::FILTER_ALL | CleanupFlags::AUTOUTF8));
        assert_eq!(MailSource::from_class("Notify"), Some(MailSource::NOTIFY));
        assert_eq!(MailSource::from_class("nobody"), None);
    }
}
