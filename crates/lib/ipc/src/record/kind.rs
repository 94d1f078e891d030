// SPDX-License-Identifier: MIT OR Apache-2.0
//! The types of records, and which of them a local user may submit.

/// What a record says. The values are the bytes of the file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RecordType {
    /// `C`: the first record: sizes, offsets and counts, patched in place.
    MessageSize = b'C',
    /// `T`: when the message arrived: seconds, microseconds.
    ArrivalTime = b'T',
    /// `c`: when the queue file was created; obsolete, now an attribute.
    CreateTime = b'c',
    /// `F`: full name of the sender.
    FullName = b'F',
    /// `I`: content inspector; historic.
    Inspector = b'I',
    /// `S`: envelope sender.
    Sender = b'S',
    /// `D`: a recipient that needs no more delivery.
    DoneRecipient = b'D',
    /// `R`: a recipient to be delivered.
    Recipient = b'R',
    /// `O`: the recipient address before cleanup rewrote it.
    OriginalRecipient = b'O',
    /// `/`: a recipient that was deleted.
    CanceledRecipient = b'/',
    /// `W`: when to warn the sender about delay.
    WarningTime = b'W',
    /// `A`: `name=value`.
    Attribute = b'A',
    /// `K`: a record that was overwritten to disable it.
    Killed = b'K',
    /// `>`: redirect all recipients.
    Redirect = b'>',
    /// `f`: cleanup processing flags.
    CleanupFlags = b'f',
    /// `d`: delivery delay.
    Delay = b'd',
    /// `M`: start of the message content.
    MessageContent = b'M',
    /// `L`: a piece of a line, continued by the next record. In an envelope: see
    /// [`RecordType::CONTENT_FILTER`].
    ContinuedText = b'L',
    /// `N`: a line, or the last piece of one.
    RegularText = b'N',
    /// `w`: padding, or deleted content.
    DeletedText = b'w',
    /// `X`: end of the message content, start of what was extracted from it.
    ExtractedInformation = b'X',
    /// `r`: return receipt; obsolete.
    ReturnReceipt = b'r',
    /// `e`: errors-to; obsolete.
    ErrorsTo = b'e',
    /// `P`: priority; obsolete.
    Priority = b'P',
    /// `p`: the file continues at this offset.
    Pointer = b'p',
    /// `V`: VERP delimiters.
    VerpDelimiters = b'V',
    /// `<`: DSN RET; obsolete, now an attribute.
    DsnReturn = b'<',
    /// `i`: DSN ENVID; obsolete, now an attribute.
    DsnEnvelopeId = b'i',
    /// `o`: DSN ORCPT; obsolete, now an attribute.
    DsnOriginalRecipient = b'o',
    /// `n`: DSN NOTIFY; obsolete, now an attribute.
    DsnNotify = b'n',
    /// `m`: how many milters follow.
    MilterCount = b'm',
    /// `E`: end of the message.
    End = b'E',
}

impl RecordType {
    /// `L` in an envelope segment: the content filter, `transport:nexthop`.
    pub const CONTENT_FILTER: RecordType = RecordType::ContinuedText;

    /// All types.
    pub const ALL: [RecordType; 32] = [
        RecordType::MessageSize,
        RecordType::ArrivalTime,
        RecordType::CreateTime,
        RecordType::FullName,
        RecordType::Inspector,
        RecordType::Sender,
        RecordType::DoneRecipient,
        RecordType::Recipient,
        RecordType::OriginalRecipient,
        RecordType::CanceledRecipient,
        RecordType::WarningTime,
        RecordType::Attribute,
        RecordType::Killed,
        RecordType::Redirect,
        RecordType::CleanupFlags,
        RecordType::Delay,
        RecordType::MessageContent,
        RecordType::ContinuedText,
        RecordType::RegularText,
        RecordType::DeletedText,
        RecordType::ExtractedInformation,
        RecordType::ReturnReceipt,
        RecordType::ErrorsTo,
        RecordType::Priority,
        RecordType::Pointer,
        RecordType::VerpDelimiters,
        RecordType::DsnReturn,
        RecordType::DsnEnvelopeId,
        RecordType::DsnOriginalRecipient,
        RecordType::DsnNotify,
        RecordType::MilterCount,
        RecordType::End,
    ];

    /// What a local user may say in the envelope segment of a submission.
    pub const SUBMITTED_ENVELOPE: &'static [RecordType] = &[
        RecordType::MessageContent,
        RecordType::MessageSize,
        RecordType::FullName,
        RecordType::Sender,
        RecordType::Recipient,
        RecordType::VerpDelimiters,
        RecordType::Attribute,
        RecordType::DsnEnvelopeId,
        RecordType::DsnNotify,
    ];

    /// What a local user may say in the content segment of a submission.
    pub const SUBMITTED_CONTENT: &'static [RecordType] = &[
        RecordType::ExtractedInformation,
        RecordType::ContinuedText,
        RecordType::RegularText,
    ];

    /// What a local user may say in the extracted segment of a submission.
    pub const SUBMITTED_EXTRACTED: &'static [RecordType] = &[
        RecordType::End,
        RecordType::Attribute,
        RecordType::Recipient,
    ];

    /// The byte that stands for this type.
    #[must_use]
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// The type that this byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<RecordType> {
        Some(match byte {
            b'C' => RecordType::MessageSize,
            b'T' => RecordType::ArrivalTime,
            b'c' => RecordType::CreateTime,
            b'F' => RecordType::FullName,
            b'I' => RecordType::Inspector,
            b'S' => RecordType::Sender,
            b'D' => RecordType::DoneRecipient,
            b'R' => RecordType::Recipient,
            b'O' => RecordType::OriginalRecipient,
            b'/' => RecordType::CanceledRecipient,
            b'W' => RecordType::WarningTime,
            b'A' => RecordType::Attribute,
            b'K' => RecordType::Killed,
            b'>' => RecordType::Redirect,
            b'f' => RecordType::CleanupFlags,
            b'd' => RecordType::Delay,
            b'M' => RecordType::MessageContent,
            b'L' => RecordType::ContinuedText,
            b'N' => RecordType::RegularText,
            b'w' => RecordType::DeletedText,
            b'X' => RecordType::ExtractedInformation,
            b'r' => RecordType::ReturnReceipt,
            b'e' => RecordType::ErrorsTo,
            b'P' => RecordType::Priority,
            b'p' => RecordType::Pointer,
            b'V' => RecordType::VerpDelimiters,
            b'<' => RecordType::DsnReturn,
            b'i' => RecordType::DsnEnvelopeId,
            b'o' => RecordType::DsnOriginalRecipient,
            b'n' => RecordType::DsnNotify,
            b'm' => RecordType::MilterCount,
            b'E' => RecordType::End,
            _ => return None,
        })
    }

    /// The name by which postcat and warnings call this type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RecordType::MessageSize => "message_size",
            RecordType::ArrivalTime => "message_arrival_time",
            RecordType::CreateTime => "queue_file_create_time",
            RecordType::FullName => "sender_fullname",
            RecordType::Inspector => "content_inspector",
            RecordType::Sender => "sender",
            RecordType::DoneRecipient => "done_recipient",
            RecordType::Recipient => "recipient",
            RecordType::OriginalRecipient => "original_recipient",
            RecordType::CanceledRecipient => "canceled_recipient",
            RecordType::WarningTime => "warning_message_time",
            RecordType::Attribute => "named_attribute",
            RecordType::Killed => "killed_record",
            RecordType::Redirect => "redirect_to",
            RecordType::CleanupFlags => "flags",
            RecordType::Delay => "delivery_delay",
            RecordType::MessageContent => "message_content",
            RecordType::ContinuedText => "unterminated_text",
            RecordType::RegularText => "regular_text",
            RecordType::DeletedText => "padding",
            RecordType::ExtractedInformation => "extracted_info",
            RecordType::ReturnReceipt => "return_receipt",
            RecordType::ErrorsTo => "errors_to",
            RecordType::Priority => "priority",
            RecordType::Pointer => "pointer_record",
            RecordType::VerpDelimiters => "verp_delimiters",
            RecordType::DsnReturn => "dsn_return_flags",
            RecordType::DsnEnvelopeId => "dsn_envelope_id",
            RecordType::DsnOriginalRecipient => "dsn_original_recipient",
            RecordType::DsnNotify => "dsn_notify_flags",
            RecordType::MilterCount => "milter_count",
            RecordType::End => "message_file_end",
        }
    }
}
