// SPDX-License-Identifier: MIT OR Apache-2.0
//! DATA: the content of the message, up to the final dot.
//!
//! *Postfix:* data_cmd of smtpd(8).

use mail::line::{Event, LineDecoder};
use mail::smtp::command::Argument;

use crate::content::Content;
use crate::session::{Outcome, Session, Subject};
use crate::transaction::MailState;

impl Session<'_> {
    pub(crate) fn data(&mut self, arguments: &[Argument]) -> Outcome {
        match &self.mail {
            MailState::Open(transaction) if transaction.chunks.is_some() => {
                return self.refuse("503 5.5.1 Error: DATA after BDAT");
            }
            MailState::DiscardingChunks { .. } => {
                return self.refuse("503 5.5.1 Error: DATA after BDAT");
            }
            // A client that pipelines may not know yet that no recipient was accepted.
            MailState::Open(transaction) if transaction.recipients == 0 => {
                return self.refuse("554 5.5.1 Error: no valid recipients");
            }
            MailState::Open(_) => {}
            MailState::Idle => return self.refuse("503 5.5.1 Error: need RCPT command"),
        }
        if !arguments.is_empty() {
            return self.refuse("501 5.5.4 Syntax: DATA");
        }
        if !self.site.stand_alone
            && let Err(refusal) = self.evaluate(Subject::default(), |evaluator| evaluator.data())
        {
            return self.refuse_by(refusal);
        }
        self.chat.say("354 End data with <CR><LF>.<CR><LF>")?;
        self.receive()
    }

    /// Reads the content and passes it on as it comes.
    fn receive(&mut self) -> Outcome {
        self.begin_content();
        self.content_bytes = Some(0);
        let mut decoder = LineDecoder::new(
            self.chat.bare_newlines,
            usize::try_from(self.site.params.line_length_limit).unwrap_or(2048),
        );
        let mut content = Content::new(self.site.params.message_size_limit);
        let mut clock = self.chat.start_content();
        while !decoder.is_done() {
            let MailState::Open(transaction) = &mut self.mail else {
                break;
            };
            let Some(submission) = &mut transaction.submission else {
                break;
            };
            let input = self.chat.content()?;
            let used = decoder.feed(input, &mut |event: Event<'_>| {
                content.take(&event, submission)
            });
            self.chat.consume(used, &mut clock);
            self.content_bytes = Some(content.size());
            self.saw_bare_newline |= decoder.saw_bare_newline();
        }
        self.end_content(content.status(), decoder.saw_bare_newline(), None)
    }
}
