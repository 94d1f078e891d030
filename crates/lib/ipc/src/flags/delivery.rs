// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the queue manager, the delivery agents and the bounce daemons tell each other in bits.

use bitflags::bitflags;

bitflags! {
    /// How a delivery request is to be carried out.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct DeliverFlags: u32 {
        /// Mark recipients done when they were delivered.
        const SUCCESS = 1;
        /// Unused.
        const BOUNCE = 2;
        /// An address verification probe: do not deliver.
        const MTA_VERIFY = 256;
        /// `sendmail -bv`: do not deliver, report.
        const USER_VERIFY = 512;
        /// `sendmail -v`: deliver and report.
        const RECORD = 1024;
        /// An open connection may be taken from the connection cache.
        const CONNECTION_LOAD = 2048;
        /// The connection may be left in the connection cache.
        const CONNECTION_STORE = 4096;
        /// Record a delayed success, since a delay notice was sent.
        const RECORD_DELAYED = 8192;

        /// An ordinary delivery.
        const ORDINARY = Self::SUCCESS.bits() | Self::BOUNCE.bits();
        /// Deliveries that leave a trace.
        const TRACE = Self::MTA_VERIFY.bits()
            | Self::USER_VERIFY.bits()
            | Self::RECORD.bits()
            | Self::RECORD_DELAYED.bits();
    }
}

bitflags! {
    /// What the message needs from the next server.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct SendOptions: u32 {
        /// The sender asked for SMTPUTF8.
        const SMTPUTF8_REQUESTED = 1;
        /// A header holds UTF-8.
        const SMTPUTF8_HEADER = 2;
        /// The sender address holds UTF-8.
        const SMTPUTF8_SENDER = 4;
        /// A recipient address holds UTF-8; in delivery requests only.
        const SMTPUTF8_RECIPIENT = 8;
        /// The message says `TLS-Required: no`.
        const REQUIRETLS_HEADER = 16;
        /// The sender asked for REQUIRETLS.
        const REQUIRETLS_ESMTP = 32;
    }
}

bitflags! {
    /// How the bounce daemons treat a request.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct BounceFlags: u32 {
        /// Remove the log when the request fails.
        const CLEAN = 1;
        /// Mark the recipient done in the queue file, at the recipient's offset.
        const DELETE_RECIPIENT = 2;
        /// In trace requests: the message is a [`DeliverFlags::MTA_VERIFY`] probe.
        const MTA_VERIFY = 256;
        /// In trace requests: see [`DeliverFlags::USER_VERIFY`].
        const USER_VERIFY = 512;
        /// In trace requests: see [`DeliverFlags::RECORD`].
        const RECORD = 1024;
        /// In trace requests: see [`DeliverFlags::RECORD_DELAYED`].
        const RECORD_DELAYED = 8192;
    }
}

bitflags! {
    /// The queue manager flags in the first record of a queue file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct QmgrFlags: u32 {
        /// Recipient records are mixed with others: read all of the envelope.
        const MIXED_RECIPIENTS = 1;
        /// Some recipient has NOTIFY=NEVER.
        const NOTIFY_NEVER = 2;
        /// Some recipient has NOTIFY=SUCCESS.
        const NOTIFY_SUCCESS = 4;
        /// Some recipient has NOTIFY=FAILURE.
        const NOTIFY_FAILURE = 8;
        /// Some recipient has NOTIFY=DELAY.
        const NOTIFY_DELAY = 16;
    }
}

impl QmgrFlags {
    /// The flags that say which NOTIFY values occur.
    #[must_use]
    pub fn from_notify(notify: mail::dsn::Notify) -> QmgrFlags {
        QmgrFlags::from_bits_truncate(notify.bits() << 1)
    }

    /// Which NOTIFY values occur.
    #[must_use]
    pub fn notify(self) -> mail::dsn::Notify {
        mail::dsn::Notify::from_bits_truncate(self.bits() >> 1)
    }
}

/// What became of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecipientStatus {
    /// Delivered.
    Ok,
    /// To be tried again.
    Defer,
    /// Returned to the sender.
    Bounce,
    /// Not yet known.
    ToDo,
}

impl RecipientStatus {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u32 {
        match self {
            RecipientStatus::Ok => 0,
            RecipientStatus::Defer => 1,
            RecipientStatus::Bounce => 2,
            RecipientStatus::ToDo => 3,
        }
    }

    /// The status with this number.
    #[must_use]
    pub fn from_code(code: u32) -> Option<RecipientStatus> {
        match code {
            0 => Some(RecipientStatus::Ok),
            1 => Some(RecipientStatus::Defer),
            2 => Some(RecipientStatus::Bounce),
            3 => Some(RecipientStatus::ToDo),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail::dsn::Notify;

    #[test]
    fn notify_travels_one_bit_to_the_left() {
        let flags = QmgrFlags::from_notify(Notify::SUCCESS | Notify::DELAY);
        assert_eq!(flags.bits(), 4 | 16);
        assert_eq!(
            (flags | QmgrFlags::MIXED_RECIPIENTS).notify(),
            Notify::SUCCESS | Notify::DELAY
        );
    }

    #[test]
    fn recipient_status_codes_are_those_of_the_original() {
        for code in 0..4 {
            assert_eq!(
                RecipientStatus::from_code(code).map(RecipientStatus::code),
                Some(code)
            );
        }
        assert_eq!(RecipientStatus::from_code(4), None);
        assert_eq!(DeliverFlags::ORDINARY.bits(), 3);
    }
}
