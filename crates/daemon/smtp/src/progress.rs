// SPDX-License-Identifier: MIT OR Apache-2.0
//! One delivery request under way: which recipients are still open, what became of the others.
//!
//! *Invariants*: every recipient is open, kept for the next server, or finished; a finished one
//! was reported exactly once. When the request ends, none is left ([`Progress::finish`]).
//!
//! *Postfix:* smtp_rcpt(3), smtp_trouble(3).

use std::time::SystemTime;

use delivery::status::{Attempt, Reporter, Verdict};
use delivery::{Answer, Message};
use ipc::services::{MessageStats, Recipient};
use mail::dsn::{Action, Dsn, Notify, Status};
use mail::smtp::ehlo::Features;
use mail::smtp::reply::Reply;
use runtime::log;

use crate::session::{Lost, Names, Session};
use crate::why::Why;

/// What is planned for a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Keep,
    Finished,
}

/// Whether a failure says something about the server, or only about this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The server or the way to it: the queue manager may pause the destination.
    Site,
    /// The message.
    Message,
}

/// The state of one request.
pub(crate) struct Progress<'a> {
    /// The message.
    pub(crate) message: &'a Message,
    /// Why recipients are still open.
    pub(crate) why: Why,
    /// No other server will be tried after this one.
    pub(crate) final_server: bool,
    /// A conversation ended as it should: later trouble is no reason to pause the destination.
    pub(crate) complete_session: bool,
    reporter: &'a mut Reporter,
    stats: MessageStats,
    recipients: Vec<(Recipient, Mark)>,
    verdict: Verdict,
    unreachable: Option<Dsn>,
}

impl<'a> Progress<'a> {
    /// A request at its beginning.
    pub(crate) fn new(message: &'a Message, reporter: &'a mut Reporter) -> Progress<'a> {
        let recipients = message.request.recipients.iter();
        Progress {
            message,
            why: Why::default(),
            final_server: false,
            complete_session: false,
            reporter,
            stats: message.request.stats,
            recipients: recipients
                .map(|recipient| (recipient.clone(), Mark::Open))
                .collect(),
            verdict: Verdict::Done,
            unreachable: None,
        }
    }

    /// The queue id.
    pub(crate) fn queue_id(&self) -> &'a str {
        self.message.queue_id()
    }

    /// Whether anybody is left to deliver to.
    pub(crate) fn is_left(&self) -> bool {
        self.recipients
            .iter()
            .any(|(_, mark)| *mark != Mark::Finished)
    }

    /// The numbers of the recipients that this server has not decided about.
    pub(crate) fn open(&self) -> Vec<usize> {
        let open = self
            .recipients
            .iter()
            .enumerate()
            .filter(|(_, (_, mark))| *mark == Mark::Open);
        open.map(|(index, _)| index).collect()
    }

    /// A recipient by its number.
    pub(crate) fn recipient(&self, index: usize) -> Option<&Recipient> {
        self.recipients.get(index).map(|(recipient, _)| recipient)
    }

    /// Begins with another server: who was kept is open again.
    pub(crate) fn next_server(&mut self) {
        for (_, mark) in &mut self.recipients {
            if *mark == Mark::Keep {
                *mark = Mark::Open;
            }
        }
    }

    /// Forgets how far the last connection got.
    pub(crate) fn connecting(&mut self) {
        self.stats.conn_setup_done = None;
        self.stats.deliver_done = None;
        self.stats.reuse_count = 0;
    }

    /// The connection is ready for the message.
    pub(crate) fn connected(&mut self, uses: u32) {
        self.stats.conn_setup_done = Some(SystemTime::now());
        self.stats.deliver_done = None;
        self.stats.reuse_count = i32::try_from(uses).unwrap_or(i32::MAX);
    }

    /// The message is with the server.
    pub(crate) fn transmitted(&mut self) {
        self.stats.deliver_done = Some(SystemTime::now());
    }

    /// The server took the message for this recipient.
    pub(crate) fn delivered(&mut self, index: usize, session: &Session, reply: &Reply, end: bool) {
        let text = one_line(&reply.text);
        let status = reply.status.unwrap_or(Status::new(2, 0, 0));
        let mut dsn = Dsn::simple(status, text);
        dsn.diag_type = b"smtp".to_vec();
        dsn.diag_text = dsn.reason.clone();
        dsn.mta_type = b"dns".to_vec();
        dsn.mta_name = session.names.host.clone().into_bytes();
        dsn.action = Some(if end {
            Action::Delivered
        } else {
            Action::Relayed
        });
        // A server that knows DSN sends the notice of success itself.
        if session.offers(Features::DSN)
            && let Some((recipient, _)) = self.recipients.get_mut(index)
        {
            recipient.notify.remove(Notify::SUCCESS);
        }
        self.report(index, &session.names.relay, dsn);
    }

    /// The server refused this recipient. `during` names the command.
    pub(crate) fn refused(&mut self, index: usize, session: &Session, reply: &Reply, during: &str) {
        let dsn = said(&session.names, reply, during);
        self.why.set_dsn(dsn.clone());
        if self.may_try_elsewhere(&dsn) {
            log::info(format_args!("{}: {}", self.queue_id(), self.why.text()));
            self.mark(index, Mark::Keep);
            return;
        }
        self.transmitted();
        self.report(index, &session.names.relay, dsn);
    }

    /// The server refused the message. `during` names the command.
    pub(crate) fn message_refused(&mut self, session: &Session, reply: &Reply, during: &str) {
        self.fail(
            Some(&session.names),
            said(&session.names, reply, during),
            Scope::Message,
        );
    }

    /// The server does not want to talk to us. With `soften`, a permanent refusal is taken for
    /// a temporary one.
    pub(crate) fn unwelcome(&mut self, session: &mut Session, reply: &Reply, soften: bool) {
        let text = format!(
            "host {} refused to talk to me: {}",
            session.names.with_address,
            String::from_utf8_lossy(&one_line(&reply.text))
        );
        let mut dsn = from_reply(&session.names, reply, text);
        if soften {
            dsn.status = dsn.status.with_class(4);
        }
        session.reusable = false;
        self.fail(Some(&session.names), dsn, Scope::Site);
    }

    /// The conversation ended early. `while_doing` says at which stage.
    pub(crate) fn lost(&mut self, session: &Session, lost: Lost, while_doing: &str) {
        let server = &session.names.with_address;
        let connection = Status::new(4, 4, 2);
        let (status, text) = match lost {
            Lost::Gone => (
                connection,
                format!("lost connection with {server} while {while_doing}"),
            ),
            Lost::TimedOut => (
                connection,
                format!("conversation with {server} timed out while {while_doing}"),
            ),
            Lost::LocalData => (
                Status::new(4, 3, 0),
                format!("local data error while talking to {server}"),
            ),
        };
        let dsn = Dsn::simple(status, text);
        self.fail(Some(&session.names), dsn, Scope::Site);
    }

    /// This server can never take the message; another one may, so all open recipients are kept
    /// for it, and fail for good when there is no other.
    pub(crate) fn unsuitable(&mut self, names: &Names, dsn: Dsn) {
        if self.final_server {
            self.fail(Some(names), dsn, Scope::Message);
            return;
        }
        self.why.set_dsn(dsn);
        log::info(format_args!("{}: {}", self.queue_id(), self.why.text()));
        for index in self.open() {
            self.mark(index, Mark::Keep);
        }
    }

    /// All open recipients fail: now, or only here when another server may be better.
    pub(crate) fn fail(&mut self, names: Option<&Names>, dsn: Dsn, scope: Scope) {
        let open = self.open();
        if open.is_empty() {
            return;
        }
        self.why.set_dsn(dsn.clone());
        if self.may_try_elsewhere(&dsn) {
            log::info(format_args!("{}: {}", self.queue_id(), self.why.text()));
            for index in open {
                self.mark(index, Mark::Keep);
            }
            return;
        }
        // All of them show the same times: the end came for all at once.
        let now = SystemTime::now();
        self.stats.conn_setup_done.get_or_insert(now);
        self.stats.deliver_done = Some(now);
        let relay = names.map_or("none", |names| names.relay.as_str());
        for index in open {
            self.report(index, relay, dsn.clone());
        }
        let pauses = dsn.status.class == 4 || self.reporter.soft_bounce();
        if scope == Scope::Site && !self.complete_session && pauses && self.unreachable.is_none() {
            self.unreachable = Some(dsn);
        }
    }

    /// Gives up on who is left, for the latest reason, and answers the queue manager.
    pub(crate) fn finish(mut self) -> Answer {
        self.next_server();
        self.final_server = true;
        let dsn = self.why.to_dsn();
        self.fail(None, dsn, Scope::Site);
        Answer {
            verdict: self.verdict,
            unreachable: self.unreachable,
        }
    }

    /// Hands who is left to another transport.
    pub(crate) fn pass_on(
        &mut self,
        mut hand_over: impl FnMut(&mut Reporter, &Message, &Recipient) -> Verdict,
    ) {
        self.next_server();
        for index in self.open() {
            let Some((recipient, mark)) = self.recipients.get_mut(index) else {
                continue;
            };
            *mark = Mark::Finished;
            self.verdict |= hand_over(self.reporter, self.message, recipient);
        }
    }

    fn may_try_elsewhere(&self, dsn: &Dsn) -> bool {
        let soft = dsn.status.class == 4 || self.reporter.soft_bounce();
        soft && !self.final_server
    }

    fn mark(&mut self, index: usize, to: Mark) {
        if let Some((_, mark)) = self.recipients.get_mut(index) {
            *mark = to;
        }
    }

    fn report(&mut self, index: usize, relay: &str, dsn: Dsn) {
        let Some((recipient, mark)) = self.recipients.get_mut(index) else {
            return;
        };
        debug_assert!(*mark == Mark::Open, "reported once");
        *mark = Mark::Finished;
        let attempt = Attempt {
            message: self.message,
            recipient,
            stats: &self.stats,
            relay,
        };
        let verdict = self.reporter.report(attempt, dsn);
        if verdict == Verdict::Done {
            self.message.mark_done(recipient.offset);
        }
        self.verdict |= verdict;
    }
}

/// `host H[A] said: REPLY (in reply to COMMAND)`.
fn said(names: &Names, reply: &Reply, during: &str) -> Dsn {
    let text = format!(
        "host {} said: {} (in reply to {during})",
        names.with_address,
        String::from_utf8_lossy(&one_line(&reply.text))
    );
    from_reply(names, reply, text)
}

/// A failure with the code of a reply. A reply that is no failure does not fit: then it is the
/// server that does not keep to the protocol (5.5.0), which nobody would see in a success.
fn from_reply(names: &Names, reply: &Reply, mut text: String) -> Dsn {
    let class = u8::try_from(reply.code / 100).unwrap_or(0);
    let status = match class {
        4 | 5 => reply.status.unwrap_or(Status::new(class, 0, 0)),
        _ => Status::new(5, 5, 0),
    };
    if class == 2 {
        text.insert_str(0, "Protocol error: ");
    }
    let mut dsn = Dsn::simple(status, text);
    dsn.diag_type = b"smtp".to_vec();
    dsn.diag_text = one_line(&reply.text);
    dsn.mta_type = b"dns".to_vec();
    dsn.mta_name = names.host.clone().into_bytes();
    dsn
}

fn one_line(text: &[u8]) -> Vec<u8> {
    text.iter()
        .map(|&b| if b == b'\n' { b' ' } else { b })
        .collect()
}
