// SPDX-License-Identifier: MIT OR Apache-2.0
//! One recipient's delivery: what its branches share.
//!
//! *Invariants:* a recipient is marked as done only when every branch is; messages to be
//! forwarded leave only then, too.
//!
//! *Postfix:* local(8), `local_deliver`.

use std::io;

use delivery::duplicates::Duplicates;
use delivery::loops::DeliveredTo;
use delivery::request::NO_RECORD;
use delivery::{Attempt, Message, Trouble, Verdict, pass};
use ipc::services::Recipient;
use ipc::services::delivery::DeliveryRequest;
use mail::dsn::{Dsn, Status};
use runtime::log;

use crate::agent::Agent;
use crate::resubmit::Forwards;
use crate::step::Step;

/// How many expansions may lead from a recipient to an address.
pub(crate) const LEVEL_LIMIT: u32 = 100;

/// The delivery of one recipient.
pub(crate) struct Run<'r> {
    pub(crate) agent: &'r mut Agent,
    pub(crate) message: &'r Message,
    /// The service's name: the transport that leads here, and what the log shows as relay.
    pub(crate) service: &'r str,
    pub(crate) loops: &'r DeliveredTo,
    pub(crate) seen: Duplicates,
    pub(crate) forwards: Forwards,
}

/// Delivers a message to all recipients of a request.
pub(crate) fn deliver(agent: &mut Agent, message: &Message, service: &str) -> Verdict {
    check_file_size(agent, message);
    let loops = match DeliveredTo::read(&mut message.content()) {
        Ok(loops) => loops,
        Err(error) => {
            log::warning(format_args!("{}: {error}", message.queue_id()));
            return Verdict::Retry;
        }
    };
    let mut all = Verdict::Done;
    for recipient in &message.request.recipients {
        let limit = usize::try_from(agent.params.duplicate_filter_limit).unwrap_or_default();
        let mut run = Run {
            agent,
            message,
            service,
            loops: &loops,
            seen: Duplicates::new(limit),
            forwards: Forwards::default(),
        };
        let verdict = run.top(recipient);
        if verdict == Verdict::Done {
            message.mark_done(recipient.offset);
        }
        all |= verdict;
    }
    all
}

/// A queue file beyond the limit could not even be marked: everything would be delivered again
/// and again.
fn check_file_size(agent: &Agent, message: &Message) {
    let limit = agent.params.mailbox_size_limit;
    let size = message
        .file()
        .metadata()
        .map_or(0, |metadata| metadata.len());
    if limit > 0 && size > limit {
        log::panic(format_args!(
            "file size limit {limit} < message size {size}. This causes large messages to be \
             delivered repeatedly after they were submitted with \"sendmail -t\" or after \
             recipients were added with the Milter SMFIR_ADDRCPT request"
        ));
    }
}

impl Run<'_> {
    fn top(&mut self, recipient: &Recipient) -> Verdict {
        let DeliveryRequest {
            sender,
            envelope_id,
            ret,
            ..
        } = &self.message.request;
        let step = Step::new(recipient.clone(), sender, envelope_id, *ret);
        let verdict = self.recipient(&step);
        verdict | self.finish_forwarding(&step, verdict)
    }

    /// Records what became of an address.
    pub(crate) fn report(&mut self, step: &Step, dsn: Dsn) -> Verdict {
        let attempt = Attempt {
            message: self.message,
            recipient: &step.recipient,
            stats: &self.message.request.stats,
            relay: self.service,
        };
        self.agent.reporter.report(attempt, dsn)
    }

    /// Records a status with a text.
    pub(crate) fn say(
        &mut self,
        step: &Step,
        (class, subject, detail): (u8, u16, u16),
        text: impl Into<String>,
    ) -> Verdict {
        let status = Status::new(class, subject, detail);
        self.report(step, Dsn::simple(status, text.into().into_bytes()))
    }

    /// Records a delivery that did not work; a damaged message is left to the queue manager.
    pub(crate) fn failed(&mut self, step: &Step, trouble: Trouble) -> Verdict {
        match trouble {
            Trouble::Failed(dsn) => self.report(step, *dsn),
            Trouble::CorruptMessage => Verdict::Retry,
        }
    }

    /// The same for the files and commands of a list, whose owner hears of it.
    pub(crate) fn failed_in_list(&mut self, step: &Step, trouble: Trouble) -> Verdict {
        match trouble {
            Trouble::Failed(dsn) => self.failed_for_owner(step, *dsn),
            Trouble::CorruptMessage => Verdict::Retry,
        }
    }

    /// Whether the same was done already, for this recipient.
    pub(crate) fn done_before(&mut self, what: impl AsRef<[u8]>) -> bool {
        self.seen.seen_before(what.as_ref())
    }

    /// Lets another delivery agent do it.
    pub(crate) fn hand_over(&mut self, step: &Step, transport: &str) -> Verdict {
        let Some(transport) = pass::Transport::parse(transport, &step.recipient.address) else {
            log::warning(format_args!("bad transport name in \"{transport}\""));
            return self.say(step, (4, 3, 5), "mail system configuration error");
        };
        let address = String::from_utf8_lossy(&step.recipient.address);
        log::info(format_args!(
            "{}: passing <{address}> to transport={}",
            self.message.queue_id(),
            transport.name
        ));
        // Only this agent knows when all addresses of the recipient are done.
        let recipient = Recipient {
            offset: NO_RECORD,
            ..step.recipient.clone()
        };
        let timeout = self.agent.ipc_timeout();
        pass::hand_over(
            &mut self.agent.reporter,
            self.message,
            &recipient,
            &transport,
            timeout,
        )
    }

    /// A table that cannot be asked: the recipient waits.
    pub(crate) fn table_trouble(&mut self, step: &Step) -> Verdict {
        self.say(step, (4, 3, 0), "table lookup failure")
    }

    /// The user database cannot be asked: the recipient waits.
    pub(crate) fn user_trouble(&mut self, step: &Step, error: &io::Error) -> Verdict {
        let user = String::from_utf8_lossy(&step.name.user);
        let why = delivery::trouble::error_text(error);
        log::warning(format_args!(
            "error looking up passwd info for {user}: {why}"
        ));
        self.say(step, (4, 0, 0), "user lookup error")
    }
}
