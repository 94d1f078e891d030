// SPDX-License-Identifier: MIT OR Apache-2.0
//! The content of a message on its way from the decoder to the submission.
//!
//! *Invariants*: lines come only from [`LineDecoder`]; once the message is over
//! message_size_limit nothing more is passed on, and the verdict is a refusal.
//!
//! *Postfix:* the DATA and BDAT loops of smtpd(8).

use ipc::flags::CleanupStatus;
use ipc::record::RecordType;
use mail::line::{BareNewline, Event, LineDecoder};

use crate::submission::Submission;

/// What comes in BDAT chunks keeps its place between commands.
pub(crate) struct Chunks {
    pub(crate) decoder: LineDecoder,
    pub(crate) content: Content,
}

/// The content so far.
#[derive(Debug)]
pub(crate) struct Content {
    size_limit: u64,
    size: u64,
    status: CleanupStatus,
    place: Place,
}

/// Where in the content we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first line that counts.
    Start,
    /// Inside a mailbox separator before it.
    Separator,
    /// After that.
    Inside,
}

impl Content {
    /// No content yet. A limit of 0 is none.
    pub(crate) fn new(message_size_limit: u64) -> Content {
        Content {
            size_limit: message_size_limit,
            size: 0,
            status: CleanupStatus::empty(),
            place: Place::Start,
        }
    }

    /// How much there is, in bytes with CRLF line ends.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// What is wrong with it.
    pub(crate) fn status(&self) -> CleanupStatus {
        self.status
    }

    /// Passes a line on.
    pub(crate) fn take(&mut self, event: &Event<'_>, submission: &mut Submission) {
        let Event::Line { line, continued } = event else {
            return;
        };
        let text = line.as_bytes();
        let line_end = if *continued { 0 } else { 2 };
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(length).saturating_add(line_end);
        if self.size_limit > 0 && self.size > self.size_limit {
            self.status |= CleanupStatus::SIZE;
        }
        if !self.status.is_empty() {
            return;
        }
        let kind = if *continued {
            RecordType::ContinuedText
        } else {
            RecordType::RegularText
        };
        let after_separator = if *continued {
            Place::Separator
        } else {
            Place::Start
        };
        match self.place {
            Place::Inside => {}
            Place::Separator => self.place = after_separator,
            Place::Start if is_separator(text) => {
                self.place = after_separator;
                submission.record(kind, &[b"X-Mailbox-Line: ", text].concat());
                return;
            }
            Place::Start => {
                self.place = Place::Inside;
                if matches!(text.first(), Some(b' ' | b'\t')) {
                    // It must not continue the Received: header.
                    submission.record(RecordType::RegularText, b"");
                }
            }
        }
        submission.record(kind, text);
    }
}

/// Whether this is a mailbox separator, which some clients send before the header.
fn is_separator(text: &[u8]) -> bool {
    let quoting = text.iter().take_while(|b| **b == b'>').count();
    text.get(quoting..)
        .is_some_and(|rest| rest.starts_with(b"From "))
}

impl Chunks {
    /// No chunk yet.
    pub(crate) fn new(policy: BareNewline, line_length_limit: usize, size_limit: u64) -> Chunks {
        Chunks {
            decoder: LineDecoder::for_chunks(policy, line_length_limit),
            content: Content::new(size_limit),
        }
    }
}
