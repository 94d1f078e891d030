// SPDX-License-Identifier: MIT OR Apache-2.0
//! BDAT: the content in chunks of known length (RFC 3030).
//!
//! *Invariants*: the bytes of a chunk are read in any case, so they can never be taken for
//! commands; after an error all further chunks are thrown away, until the last one or RSET, and
//! not without bound.
//!
//! *Postfix:* bdat_cmd and skip_bdat of smtpd(8).

use bstr::ByteSlice;
use mail::line::Event;
use mail::smtp::command::Argument;
use mail::text::printable;
use runtime::log;

use crate::chat::Lost;
use crate::content::Chunks;
use crate::restrictions::Refusal;
use crate::session::{Handled, Outcome, Session, Subject};
use crate::transaction::MailState;

/// What BDAT announces.
#[derive(Clone, Copy)]
struct Chunk {
    length: u64,
    is_last: bool,
}

impl Session<'_> {
    pub(crate) fn bdat(&mut self, arguments: &[Argument]) -> Outcome {
        if self.hidden.has("CHUNKING") {
            return self.refuse("521 5.5.1 Error: command not implemented");
        }
        let Some(chunk) = parse(arguments) else {
            let words: Vec<&[u8]> = arguments.iter().map(|a| a.text.as_slice()).collect();
            let words = printable(&words.join(&b' '), b'?');
            let queue_id = self.mail.transaction().and_then(|open| open.queue_id());
            log::warning(format_args!(
                "{}: malformed BDAT command syntax from {}: BDAT {}",
                queue_id.unwrap_or("NOQUEUE"),
                self.client,
                words.get(..100).unwrap_or(&words).as_bstr()
            ));
            return self.refuse("521 5.5.4 Syntax: BDAT count [LAST]");
        };
        if let Some(outcome) = self.refuse_chunk(chunk) {
            return outcome;
        }
        self.begin_chunks();
        self.take_chunk(chunk.length)?;
        if chunk.is_last {
            return self.end_chunks();
        }
        self.accept(format_args!("250 2.0.0 Ok: {} bytes", chunk.length))
    }

    /// What speaks against taking the chunk; its bytes are read all the same.
    fn refuse_chunk(&mut self, chunk: Chunk) -> Option<Outcome> {
        let length = chunk.length;
        let reply = match &self.mail {
            MailState::DiscardingChunks { .. } => {
                format!("551 5.0.0 Discarded {length} bytes after earlier error")
            }
            MailState::Idle => "503 5.5.1 Error: need RCPT command".to_owned(),
            MailState::Open(_) if length == 0 && !chunk.is_last => {
                log::warning(format_args!("null BDAT request from {}", self.client));
                "551 5.7.1 Null BDAT request".to_owned()
            }
            MailState::Open(transaction) if transaction.recipients == 0 => {
                "554 5.5.1 Error: no valid recipients".to_owned()
            }
            MailState::Open(transaction) => {
                let limit = self.site.params.message_size_limit;
                let size = transaction
                    .chunks
                    .as_ref()
                    .map_or(0, |chunks| chunks.content.size());
                if limit > 0 && length > limit.saturating_sub(size) {
                    "552 5.3.4 Chunk exceeds message size limit".to_owned()
                } else if transaction.chunks.is_some() || self.site.stand_alone {
                    return None;
                } else {
                    match self.evaluate(Subject::default(), |evaluator| evaluator.data()) {
                        Ok(()) => return None,
                        Err(Refusal::Reply(reply)) => reply,
                        Err(Refusal::HangUp) => return Some(Err(Lost::HangUp)),
                    }
                }
            }
        };
        Some(self.discard_chunk(chunk, &reply))
    }

    /// Reads the chunk and throws it away.
    fn discard_chunk(&mut self, chunk: Chunk, reply: &str) -> Outcome {
        let before = match self.mail {
            MailState::DiscardingChunks { discarded } => discarded,
            MailState::Idle | MailState::Open(_) => 0,
        };
        let discarded = before.saturating_add(chunk.length);
        // Refused already: nobody needs to send much more than the largest message.
        let limit = self.site.params.message_size_limit;
        if limit > 0 && discarded > limit.saturating_add(limit / 2) {
            self.chat.say(reply)?;
            log::warning(format_args!("disabling input from {}", self.client));
            return Err(Lost::HangUp);
        }
        self.discard_content(chunk.length)?;
        self.mail = if chunk.is_last {
            MailState::Idle
        } else {
            MailState::DiscardingChunks { discarded }
        };
        self.refuse(reply)
    }

    /// The first chunk begins the content.
    fn begin_chunks(&mut self) {
        if self
            .mail
            .transaction()
            .is_none_or(|transaction| transaction.chunks.is_some())
        {
            return;
        }
        self.begin_content();
        let params = &self.site.params;
        let line_length_limit = usize::try_from(params.line_length_limit).unwrap_or(2048);
        let chunks = Chunks::new(
            self.chat.bare_newlines,
            line_length_limit,
            params.message_size_limit,
        );
        if let Some(transaction) = self.mail.transaction_mut() {
            transaction.chunks = Some(chunks);
        }
    }

    fn take_chunk(&mut self, length: u64) -> Result<(), Lost> {
        let mut left = length;
        let mut clock = self.chat.start_content();
        while left > 0 {
            let MailState::Open(transaction) = &mut self.mail else {
                break;
            };
            let transaction = &mut **transaction;
            let (Some(chunks), Some(submission)) =
                (&mut transaction.chunks, &mut transaction.submission)
            else {
                break;
            };
            let input = self.chat.content()?;
            let wanted = usize::try_from(left).unwrap_or(usize::MAX);
            let input = input.get(..wanted).unwrap_or(input);
            let Chunks { decoder, content } = chunks;
            let used = decoder.feed(input, &mut |event: Event<'_>| {
                content.take(&event, submission)
            });
            self.saw_bare_newline |= decoder.saw_bare_newline();
            self.chat.consume(used, &mut clock);
            left = left.saturating_sub(u64::try_from(used).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    fn end_chunks(&mut self) -> Outcome {
        let Some(transaction) = self.mail.transaction_mut() else {
            return Ok(Handled::Refused);
        };
        let (Some(chunks), Some(submission)) =
            (&mut transaction.chunks, &mut transaction.submission)
        else {
            return Ok(Handled::Refused);
        };
        let Chunks { decoder, content } = chunks;
        decoder.finish(&mut |event: Event<'_>| content.take(&event, submission));
        let (status, size) = (content.status(), content.size());
        let has_bare_newline = decoder.saw_bare_newline();
        self.end_content(status, has_bare_newline, Some(size))
    }
}

/// Reads `count [LAST]`.
fn parse(arguments: &[Argument]) -> Option<Chunk> {
    let (count, is_last) = match arguments {
        [count] => (count, false),
        [count, last] if last.is("LAST") => (count, true),
        _ => return None,
    };
    let is_number = count.text.iter().all(u8::is_ascii_digit);
    let length = std::str::from_utf8(&count.text).ok()?.parse().ok()?;
    is_number.then_some(Chunk { length, is_last })
}
