// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversations with delivery agents.
//!
//! An agent is asked for first, and gets an entry only when it is there: connect, wait for its
//! greeting, select an entry, send the request, wait for the report. Both waits are events; reading
//! a greeting or a report that has begun, and writing a request, are bounded by `qmgr_ipc_timeout`.
//!
//! *Invariants*: whatever an agent does (no greeting, another protocol, death, half a report,
//! silence), its transport or its entry is told to the scheduler exactly once.
//!
//! *Postfix:* qmgr_transport (allocation), qmgr_deliver.

use crate::message::Message;
use crate::schedule::{Entry, Key, Report, Selection, Transport, Trouble};
use crate::{Event, QueueManager};
use bstr::ByteSlice as _;
use ipc::flags::{DeliverFlags, SendOptions};
use ipc::services::delivery::{self, DeliveryRequest, Reply};
use runtime::events::{Timer, Watch};
use runtime::log;
use runtime::stream::Stream;
use server::Loop;
use std::collections::HashMap;
use std::time::SystemTime;

/// A connection to a delivery agent.
struct Agent {
    stream: Stream,
    watch: Watch,
    timer: Timer,
    transport: Key<Transport>,
    /// What it delivers; nothing while it has not greeted.
    delivers: Option<Key<Entry>>,
}

/// All connections to delivery agents, by number.
pub(crate) struct Agents {
    open: HashMap<u64, Agent>,
    next: u64,
}

impl Agents {
    /// No connection.
    pub(crate) fn new() -> Self {
        Agents {
            open: HashMap::new(),
            next: 0,
        }
    }
}

/// What a destination's deferred mail is marked with.
const SUSPENDED: &[u8] = b"delivery temporarily suspended: ";

impl QueueManager {
    /// Asks for an agent for each transport that has something to deliver.
    pub(crate) fn ask_for_agents(&mut self, ctx: &mut Loop<Event>) {
        while let Some(transport) = self.scheduler.next_transport() {
            self.ask_for_agent(transport, ctx);
            self.settle(ctx);
        }
    }

    fn ask_for_agent(&mut self, transport: Key<Transport>, ctx: &mut Loop<Event>) {
        let name = self.service_name(transport);
        let number = self.agents.next;
        let stream = ctx
            .jail()
            .private(&name)
            .connect_now(self.params.qmgr_ipc_timeout);
        let watched = stream
            .map_err(|error| error.to_string())
            .and_then(|stream| {
                let watch = ctx.watch_read(&stream, Event::Agent(number));
                watch
                    .map(|watch| (stream, watch))
                    .map_err(|error| error.to_string())
            });
        let (stream, watch) = match watched {
            Ok(watched) => watched,
            Err(error) => {
                log::warning(format_args!(
                    "{}",
                    error.replacen("connect to", "connect to transport", 1)
                ));
                self.transport_unavailable(transport);
                return;
            }
        };
        let timer = ctx.set_timer(self.params.daemon_timeout, Event::AgentOverdue(number));
        self.agents.next += 1;
        let agent = Agent {
            stream,
            watch,
            timer,
            transport,
            delivers: None,
        };
        self.agents.open.insert(number, agent);
    }

    fn service_name(&self, transport: Key<Transport>) -> String {
        self.scheduler
            .transport(transport)
            .name
            .to_str_lossy()
            .into_owned()
    }

    fn peer_name(&self, transport: Key<Transport>) -> String {
        format!("private/{}", self.service_name(transport))
    }

    /// No agent can be had: mail for the transport waits.
    fn transport_unavailable(&mut self, transport: Key<Transport>) {
        let now = self.now();
        self.scheduler.agent_answered(transport);
        let trouble = Trouble::new("4.3.0", "mail transport unavailable");
        self.scheduler.transport_failed(transport, &trouble, now);
    }

    /// An agent sent its greeting or its report, or closed.
    pub(crate) fn agent_spoke(&mut self, number: u64, ctx: &mut Loop<Event>) {
        let Some(agent) = self.agents.open.get(&number) else {
            return;
        };
        match agent.delivers {
            None => self.agent_greeted(number, ctx),
            Some(entry) => self.agent_reported(number, entry, ctx),
        }
    }

    /// An agent said nothing for too long.
    pub(crate) fn agent_overdue(&mut self, number: u64, ctx: &mut Loop<Event>) {
        let Some(agent) = self.hang_up(number, ctx) else {
            return;
        };
        let peer = self.peer_name(agent.transport);
        match agent.delivers {
            None => {
                log::warning(format_args!("timeout connecting to transport: {peer}"));
                self.transport_unavailable(agent.transport);
            }
            Some(entry) => {
                log::warning(format_args!(
                    "timeout receiving delivery status from transport: {peer}"
                ));
                self.agent_lost(agent.transport, entry);
            }
        }
    }

    fn hang_up(&mut self, number: u64, ctx: &mut Loop<Event>) -> Option<Agent> {
        let agent = self.agents.open.remove(&number)?;
        ctx.forget(agent.watch);
        ctx.cancel(agent.timer);
        Some(agent)
    }

    fn agent_greeted(&mut self, number: u64, ctx: &mut Loop<Event>) {
        let Some(agent) = self.agents.open.get_mut(&number) else {
            return;
        };
        let transport = agent.transport;
        let peer = format!(
            "private/{}",
            self.scheduler.transport(transport).name.as_bstr()
        );
        if let Err(error) = delivery::expect_announcement(&mut agent.stream, &peer) {
            log::warning(format_args!("{peer}: {error}"));
            self.hang_up(number, ctx);
            self.transport_unavailable(transport);
            return;
        }
        self.scheduler.agent_answered(transport);
        let Some(entry) = self.select(transport, ctx) else {
            self.hang_up(number, ctx);
            return;
        };
        let Some(request) = self.request(entry) else {
            self.hang_up(number, ctx);
            return;
        };
        let Some(agent) = self.agents.open.get_mut(&number) else {
            return;
        };
        match request.encode().send(&mut agent.stream) {
            Ok(()) => {
                agent.delivers = Some(entry);
                ctx.cancel(agent.timer);
                agent.timer =
                    ctx.set_timer(self.params.daemon_timeout, Event::AgentOverdue(number));
            }
            Err(error) => {
                log::warning(format_args!("{peer}: write delivery request: {error}"));
                self.hang_up(number, ctx);
                self.scheduler.unselect(entry);
                let now = self.now();
                let trouble = Trouble::new("4.3.0", "mail transport unavailable");
                self.scheduler.transport_failed(transport, &trouble, now);
            }
        }
    }

    fn select(&mut self, transport: Key<Transport>, ctx: &mut Loop<Event>) -> Option<Key<Entry>> {
        loop {
            let now = self.now();
            match self.scheduler.select(transport, now) {
                Selection::Entry(entry) => return Some(entry),
                Selection::Refill(message) => self.refill(message, ctx),
                Selection::Nothing => return None,
            }
        }
    }

    /// What the agent is asked.
    fn request(&self, key: Key<Entry>) -> Option<DeliveryRequest> {
        let entry = self.scheduler.entry(key)?;
        let message = self.messages.get(&entry.message)?;
        let destination = self.scheduler.destination(entry.destination)?;
        let mut request = message.request();
        request
            .flags
            .set(DeliverFlags::CONNECTION_LOAD, destination.cache.load);
        request
            .flags
            .set(DeliverFlags::CONNECTION_STORE, destination.cache.store);
        request.nexthop = destination.nexthop.clone();
        request.stats.incoming_arrival = Some(message.arrival);
        request.stats.active_arrival = Some(message.active_since);
        request.stats.agent_handoff = Some(SystemTime::now());
        request.recipients = entry.recipients.clone();
        if request
            .recipients
            .iter()
            .any(|recipient| !recipient.address.is_ascii())
        {
            request.sendopts |= SendOptions::SMTPUTF8_RECIPIENT;
        }
        if let Some(sender) = verp_sender(message, &request) {
            request.sender = sender;
        }
        Some(request)
    }

    fn agent_reported(&mut self, number: u64, entry: Key<Entry>, ctx: &mut Loop<Event>) {
        let Some(mut agent) = self.hang_up(number, ctx) else {
            return;
        };
        let peer = self.peer_name(agent.transport);
        let reply = match Reply::read(&mut agent.stream, &peer) {
            Ok(reply) => reply,
            Err(error) => {
                log::warning(format_args!("{peer}: {error}"));
                self.agent_lost(agent.transport, entry);
                return;
            }
        };
        let report = match reply {
            Reply { finished: true, .. } => Report::Done,
            Reply {
                unreachable: None, ..
            } => Report::TryAgain,
            Reply {
                unreachable: Some(dsn),
                ..
            } => Report::Unreachable(Trouble {
                status: dsn.status.to_string(),
                reason: [SUSPENDED, &dsn.reason].concat(),
            }),
        };
        if report != Report::Done {
            self.mark_deferred(entry, false);
        }
        let now = self.now();
        self.scheduler.finished(entry, report, now);
    }

    /// An agent is gone, and nobody knows what became of its recipients. They are tried again;
    /// those it finished are marked in the queue file.
    fn agent_lost(&mut self, transport: Key<Transport>, entry: Key<Entry>) {
        log::warning(format_args!(
            "transport {} failure -- see a previous warning/fatal/panic logfile record for the \
             problem description",
            self.service_name(transport)
        ));
        self.mark_deferred(entry, true);
        let now = self.now();
        let trouble = Trouble::new("4.3.0", "unknown mail transport error");
        self.scheduler.finished(entry, Report::Lost(trouble), now);
    }

    fn mark_deferred(&mut self, entry: Key<Entry>, unrecorded: bool) {
        let message = self.scheduler.entry(entry).map(|entry| entry.message);
        if let Some(message) = message.and_then(|key| self.messages.get_mut(&key)) {
            message.deferred = true;
            message.unrecorded |= unrecorded;
        }
    }
}

/// The sender that tells which recipient a bounce is about, if the message asks for that. There is
/// one recipient then.
fn verp_sender(message: &Message, request: &DeliveryRequest) -> Option<Vec<u8>> {
    let delimiters = <[u8; 2]>::try_from(message.verp_delimiters.as_slice()).ok()?;
    let recipient = request.recipients.first()?;
    Some(mail::address::verp::verp_sender(
        delimiters,
        &message.sender,
        recipient.sent_to(),
    ))
}
