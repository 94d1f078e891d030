// SPDX-License-Identifier: MIT OR Apache-2.0
//! One message on an open session: sender, recipients, data, and what the server makes of them.
//!
//! With PIPELINING commands leave without waiting for replies, but only as many as both ends
//! can surely hold ([`WINDOW`]): an unread reply must never block an unread command. DATA and
//! the final dot are where both sides meet.
//!
//! *Invariants*: replies are matched to commands one by one; every recipient that was sent to
//! the server is decided, kept for another server, or still open with a reason when this
//! returns.
//!
//! *Postfix:* smtp_xfer and smtp_loop of smtp_proto(3).

use std::collections::VecDeque;
use std::time::Duration;

use ipc::flags::SendOptions;
use mail::dsn::{Dsn, Status};
use mail::smtp::ehlo::Features;
use mail::smtp::reply::Reply;
use runtime::log;

use super::{Rules, commands, data, xforward};
use crate::generic::Generic;
use crate::progress::{Progress, Scope};
use crate::session::{Lost, Session};

/// Bytes of commands that may be without reply: less than any send buffer.
const WINDOW: usize = 4096;

/// A command that was sent, or the end of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Reset,
    Forward(bool),
    Mail,
    Recipient(usize),
    Data,
    Abort,
}

impl Step {
    /// What the log says when the conversation ends here.
    fn while_doing(self) -> &'static str {
        match self {
            Step::Reset => "sending RSET probe",
            Step::Forward(false) => "sending XFORWARD name/address",
            Step::Forward(true) => "sending XFORWARD protocol/helo_name",
            Step::Mail => "sending MAIL FROM",
            Step::Recipient(_) => "sending RCPT TO",
            Step::Data => "sending DATA command",
            Step::Abort => "sending final RSET",
        }
    }
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// As it should, whatever the server decided about the recipients.
    Properly,
    /// The connection had been kept, and turned out to be dead before anything was sent.
    Stale,
    /// With trouble that is reported.
    Badly,
}

/// Why a transaction does not go on.
enum Stop {
    /// The conversation broke at this stage.
    Lost(Lost, &'static str),
    /// The kept connection was dead.
    Stale,
    /// Everything is reported; the connection cannot be used any more.
    Reported,
}

/// A message about to be sent.
pub(crate) struct Transaction<'t, 'p> {
    rules: &'t Rules,
    progress: &'t mut Progress<'p>,
    session: &'t mut Session,
    generic: &'t mut Generic,
    /// Sent without a reply so far, with the size of the command.
    pending: VecDeque<(Step, usize)>,
    in_flight: usize,
    sender_refused: bool,
    accepted: Vec<usize>,
    data_reply: Option<Reply>,
    keep: bool,
}

/// Sends the message to all open recipients. With `keep`, the session may be used again.
pub(crate) fn transfer(
    rules: &Rules,
    progress: &mut Progress<'_>,
    session: &mut Session,
    generic: &mut Generic,
    keep: bool,
) -> Ended {
    if let Some(trouble) = unsuitable(progress, session) {
        match trouble {
            // Other servers of the same site may be more modern, but not more generous.
            Unsuitable::TooLarge(dsn) => progress.fail(Some(&session.names), dsn, Scope::Message),
            Unsuitable::NoUtf8(dsn) => progress.unsuitable(&session.names, dsn),
        }
        progress.complete_session = true;
        return Ended::Properly;
    }
    let keep = keep && may_be_kept(rules, session);
    let mut transaction = Transaction {
        rules,
        progress,
        session,
        generic,
        pending: VecDeque::new(),
        in_flight: 0,
        sender_refused: false,
        accepted: Vec::new(),
        data_reply: None,
        keep,
    };
    transaction.run()
}

/// Why this server cannot take the message at all.
enum Unsuitable {
    TooLarge(Dsn),
    NoUtf8(Dsn),
}

fn unsuitable(progress: &Progress<'_>, session: &Session) -> Option<Unsuitable> {
    let request = &progress.message.request;
    let server = &session.names.with_address;
    if session.size_limit > 0 && request.data_size > session.size_limit {
        let text = format!(
            "message size {} exceeds size limit {} of server {server}",
            request.data_size, session.size_limit
        );
        return Some(Unsuitable::TooLarge(Dsn::simple(
            Status::new(5, 3, 4),
            text,
        )));
    }
    if requires_utf8(request.sendopts) && !session.offers(Features::SMTPUTF8) {
        let text = format!("SMTPUTF8 is required, but was not offered by host {server}");
        return Some(Unsuitable::NoUtf8(Dsn::simple(Status::new(5, 6, 7), text)));
    }
    None
}

/// Whether the sender asked for SMTPUTF8 and something in the message needs it.
fn requires_utf8(options: SendOptions) -> bool {
    let reasons = SendOptions::SMTPUTF8_HEADER
        | SendOptions::SMTPUTF8_SENDER
        | SendOptions::SMTPUTF8_RECIPIENT;
    options.contains(SendOptions::SMTPUTF8_REQUESTED) && options.intersects(reasons)
}

fn may_be_kept(rules: &Rules, session: &Session) -> bool {
    let used_up = rules.use_limit > 0 && session.uses.saturating_add(1) >= rules.use_limit;
    session.reusable && !used_up && session.since.elapsed() < rules.use_time
}

impl Transaction<'_, '_> {
    fn run(&mut self) -> Ended {
        let recipients = self.progress.open();
        match self.envelope(&recipients).and_then(|()| self.rest()) {
            Ok(()) => {
                self.progress.complete_session = true;
                Ended::Properly
            }
            Err(Stop::Stale) => Ended::Stale,
            Err(Stop::Lost(lost, stage)) => {
                self.progress.lost(self.session, lost, stage);
                Ended::Badly
            }
            Err(Stop::Reported) => Ended::Badly,
        }
    }

    /// Everything up to the reply to DATA, if it comes to that.
    fn envelope(&mut self, recipients: &[usize]) -> Result<(), Stop> {
        let request = &self.progress.message.request;
        if self.session.uses > 0 {
            self.send(Step::Reset, b"RSET")?;
        }
        if self.rules.xforward {
            let lines = xforward::commands(request, self.session.features);
            for (second, line) in [false, true].into_iter().zip(lines) {
                if let Some(line) = line {
                    self.send(Step::Forward(second), &line)?;
                }
            }
        }
        let sender = self.rewritten(&request.sender)?;
        let line = commands::mail_from(self.rules, self.session, request, &sender);
        self.send(Step::Mail, &line)?;
        for &index in recipients {
            if self.sender_refused {
                break;
            }
            let Some(recipient) = self.progress.recipient(index).cloned() else {
                continue;
            };
            let address = self.rewritten(&recipient.address)?;
            let line = commands::rcpt_to(self.rules, self.session, request, &recipient, &address);
            self.send(Step::Recipient(index), &line)?;
        }
        // With no reply outstanding and nobody accepted there is nothing to send DATA for.
        let hopeless = self.pending.is_empty() && self.accepted.is_empty();
        if !hopeless && !self.probe_ends_before_data() {
            self.send(Step::Data, b"DATA")?;
        }
        self.drain()
    }

    fn probe_ends_before_data(&self) -> bool {
        self.progress.message.is_probe() && !self.rules.probe_until_data
    }

    /// An envelope address as the outside sees it.
    fn rewritten(&mut self, address: &[u8]) -> Result<Vec<u8>, Stop> {
        self.generic.address(address).map_err(|error| {
            let text = format!("{}: {error}", self.progress.queue_id());
            log::warning(&text);
            let dsn = Dsn::simple(
                Status::new(4, 3, 0),
                "local data error: table lookup failed",
            );
            self.session.reusable = false;
            self.progress
                .fail(Some(&self.session.names), dsn, Scope::Message);
            Stop::Reported
        })
    }

    /// What follows the reply to DATA.
    fn rest(&mut self) -> Result<(), Stop> {
        let Some(reply) = self.data_reply.take() else {
            return self.finish_without_data();
        };
        if self.accepted.is_empty() {
            // DATA was under way before the refusals came: end it with nothing in it.
            self.session.limit(self.rules.limits.data_done);
            self.write(b".\r\n", END_OF_DATA)?;
            self.read(END_OF_DATA)?;
            return self.say_goodbye();
        }
        if self.progress.message.is_probe() {
            let accepted = Reply {
                status: Some(Status::new(2, 0, 0)),
                ..reply
            };
            for index in std::mem::take(&mut self.accepted) {
                self.progress
                    .delivered(index, self.session, &accepted, false);
            }
            // There is no way back from DATA but to hang up.
            self.session.hang_up();
            return Ok(());
        }
        self.transmit()?;
        self.verdicts()?;
        if !self.keep {
            self.await_farewell();
        }
        Ok(())
    }

    /// Ends a transaction that came to no data.
    fn finish_without_data(&mut self) -> Result<(), Stop> {
        self.send(Step::Abort, b"RSET")?;
        self.drain()?;
        self.say_goodbye()
    }

    fn say_goodbye(&mut self) -> Result<(), Stop> {
        if !self.keep {
            self.session.limit(self.rules.limits.quit);
            self.write(b"QUIT\r\n", "sending QUIT")?;
            self.session
                .flush()
                .map_err(|lost| Stop::Lost(lost, "sending QUIT"))?;
            self.await_farewell();
        }
        Ok(())
    }

    /// QUIT is said; whether an answer comes changes nothing any more.
    fn await_farewell(&mut self) {
        if !self.rules.skip_quit_response {
            self.session.limit(self.rules.limits.quit);
            let _ = self.session.reply(self.progress.queue_id());
        }
        self.session.hang_up();
    }

    /// Puts a command on its way; waits for replies when that is required or necessary.
    fn send(&mut self, step: Step, line: &[u8]) -> Result<(), Stop> {
        let size = line.len() + 2;
        let pipelining = self.session.offers(Features::PIPELINING);
        while !self.pending.is_empty() && (self.in_flight + size > WINDOW || !pipelining) {
            self.next_reply()?;
        }
        self.session.limit(self.time_limit(step));
        let oldest = self.pending.front().map_or(step, |(step, _)| *step);
        self.session
            .command(line)
            .map_err(|lost| stopped(lost, oldest))?;
        self.pending.push_back((step, size));
        self.in_flight += size;
        // Without pipelining every reply decides about the next command.
        if pipelining { Ok(()) } else { self.drain() }
    }

    fn drain(&mut self) -> Result<(), Stop> {
        while !self.pending.is_empty() {
            self.next_reply()?;
        }
        Ok(())
    }

    fn next_reply(&mut self) -> Result<(), Stop> {
        let Some((step, size)) = self.pending.pop_front() else {
            return Ok(());
        };
        self.in_flight -= size;
        self.session.limit(self.time_limit(step));
        let reply = self.session.reply(self.progress.queue_id());
        let reply = reply.map_err(|lost| stopped(lost, step))?;
        self.judge(step, reply);
        Ok(())
    }

    fn read(&mut self, stage: &'static str) -> Result<Reply, Stop> {
        let reply = self.session.reply(self.progress.queue_id());
        reply.map_err(|lost| Stop::Lost(lost, stage))
    }

    fn write(&mut self, bytes: &[u8], stage: &'static str) -> Result<(), Stop> {
        self.session
            .write(bytes)
            .map_err(|lost| Stop::Lost(lost, stage))
    }

    fn time_limit(&self, step: Step) -> Duration {
        let limits = &self.rules.limits;
        match step {
            Step::Reset | Step::Abort => limits.rset,
            Step::Forward(_) => limits.xforward,
            Step::Mail => limits.mail,
            Step::Recipient(_) => limits.rcpt,
            Step::Data => limits.data_init,
        }
    }

    /// What a reply means.
    fn judge(&mut self, step: Step, reply: Reply) {
        match step {
            Step::Reset if reply.class() == 2 => self.progress.connected(self.session.uses),
            // A server that refuses RSET is in an unknown state; MAIL will tell.
            Step::Reset | Step::Abort => {}
            Step::Forward(second) if reply.class() != 2 => self.warn_forward(second, &reply),
            Step::Mail if reply.class() != 2 => {
                self.sender_refused = true;
                self.progress
                    .message_refused(self.session, &reply, "MAIL FROM command");
            }
            Step::Forward(_) | Step::Mail => {}
            Step::Recipient(index) => self.judge_recipient(index, &reply),
            Step::Data if reply.class() == 3 => self.data_reply = Some(reply),
            Step::Data => {
                if !self.accepted.is_empty() {
                    self.progress
                        .message_refused(self.session, &reply, "DATA command");
                }
                self.accepted.clear();
            }
        }
    }

    fn judge_recipient(&mut self, index: usize, reply: &Reply) {
        // After a refused sender the server refuses recipients for no reason of their own.
        if self.sender_refused {
            return;
        }
        if reply.class() != 2 {
            self.progress
                .refused(index, self.session, reply, "RCPT TO command");
        } else if self.probe_ends_before_data() {
            self.progress.delivered(index, self.session, reply, false);
        } else {
            self.accepted.push(index);
        }
    }

    fn warn_forward(&self, second: bool, reply: &Reply) {
        let text = String::from_utf8_lossy(&reply.text).replace('\n', " ");
        let host = &self.session.names.with_address;
        let command = if second {
            "helo/protocol"
        } else {
            "name/address"
        };
        log::warning(format_args!(
            "host {host} said: {text} (in reply to XFORWARD {command} command)"
        ));
    }

    /// Sends the content and the final dot, with the farewell behind it where it is one.
    fn transmit(&mut self) -> Result<(), Stop> {
        let sent = data::send(self.rules, self.progress, self.session, self.generic);
        let end: &[u8] = if self.keep {
            b".\r\n"
        } else {
            b".\r\nQUIT\r\n"
        };
        match sent {
            Ok(()) => {
                self.session.limit(self.rules.limits.data_done);
                self.write(end, END_OF_DATA)?;
                self.session
                    .flush()
                    .map_err(|lost| Stop::Lost(lost, END_OF_DATA))
            }
            Err(data::Unsent::Message(dsn)) => {
                // The server must not take half a message for a whole one.
                self.session.hang_up();
                self.progress
                    .fail(Some(&self.session.names), *dsn, Scope::Message);
                Err(Stop::Reported)
            }
            Err(data::Unsent::Connection(lost)) => Err(self.early_verdict(lost)),
        }
    }

    /// The connection broke in the middle of the content: the server may have said why.
    fn early_verdict(&mut self, lost: Lost) -> Stop {
        let stage = "sending message body";
        self.session.forget_output();
        if lost == Lost::Gone && self.session.has_input() {
            match self.session.reply(self.progress.queue_id()) {
                // What was not sent completely was not accepted, whatever the server says.
                Ok(reply) if matches!(reply.class(), 4 | 5) => {
                    self.progress
                        .message_refused(self.session, &reply, "end of DATA command");
                    self.session.hang_up();
                    return Stop::Reported;
                }
                Ok(_) | Err(_) => {}
            }
        }
        Stop::Lost(lost, stage)
    }

    /// What the server says after the final dot: once, or (LMTP) for every recipient it took.
    fn verdicts(&mut self) -> Result<(), Stop> {
        let accepted = std::mem::take(&mut self.accepted);
        let end = self.rules.lmtp && self.rules.assume_final && !self.session.offers(Features::DSN);
        if self.rules.lmtp {
            for index in accepted {
                let reply = self.read(END_OF_DATA)?;
                self.progress.transmitted();
                if reply.class() == 2 {
                    self.progress.delivered(index, self.session, &reply, end);
                } else {
                    self.progress
                        .refused(index, self.session, &reply, "end of DATA command");
                }
            }
            return Ok(());
        }
        let reply = self.read(END_OF_DATA)?;
        self.progress.transmitted();
        if reply.class() == 2 {
            for index in accepted {
                self.progress.delivered(index, self.session, &reply, end);
            }
        } else {
            self.progress
                .message_refused(self.session, &reply, "end of DATA command");
        }
        Ok(())
    }
}

/// The stage at which nobody knows whether the server has the message.
const END_OF_DATA: &str = "sending end of data -- message may be sent more than once";

fn stopped(lost: Lost, step: Step) -> Stop {
    if step == Step::Reset {
        Stop::Stale
    } else {
        Stop::Lost(lost, step.while_doing())
    }
}
