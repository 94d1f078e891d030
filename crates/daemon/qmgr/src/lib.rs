// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../qmgr.8.md")]
//!
//! # Privileges
//!
//! Runs as `mail_owner`, in a jail if master.cf says so. Opens no lookup tables. Moves, marks and
//! removes queue files; talks to rewrite, to the delivery agents, and to bounce, defer and trace.
//! Starts no program. There is one process of it, which ends with master.
//!
//! # Inside
//!
//! [`schedule`] decides without any I/O; the rest does what it says. [`triggers`] and [`scan`] find
//! messages, [`admission`] takes them in ([`message`], [`resolve`]), [`agents`] delivers,
//! [`completion`] and [`notices`] end.

mod admission;
mod agents;
mod completion;
mod flow;
mod message;
mod notices;
mod params;
mod postpone;
mod resolve;
mod scan;
mod schedule;
#[cfg(test)]
mod tests;
mod triggers;

use crate::agents::Agents;
use crate::message::Message;
use crate::notices::Notices;
use crate::params::Params;
use crate::resolve::Resolver;
use crate::scan::Scans;
use crate::schedule::{Effect, Key, Moment, Scheduler};
use config::MainCf;
use ipc::client::{Endpoint, Reusable};
use ipc::services::rewrite;
use queue::Layout;
use runtime::log;
use server::{Loop, Privileges, Program, Startup, Triggered};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// What wakes the queue manager besides triggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A delivery agent said something.
    Agent(u64),
    /// A delivery agent said nothing for too long.
    AgentOverdue(u64),
    /// A bounce daemon said something.
    Notice(u64),
    /// A bounce daemon said nothing for too long.
    NoticeOverdue(u64),
    /// It is time to look at the deferred queue.
    QueueRun,
}

/// The queue manager.
pub struct QueueManager {
    params: Params,
    layout: Layout,
    resolver: Resolver,
    scheduler: Scheduler,
    messages: HashMap<Key<schedule::Message>, Box<Message>>,
    scans: Scans,
    agents: Agents,
    notices: Notices,
    /// Address probes among the messages.
    probes: usize,
    /// Until when the defer service is not asked again after it failed.
    defer_service_fails_until: Option<Instant>,
    started: Instant,
}

impl QueueManager {
    /// How many messages may come in before other events are looked at: not more than agents are asked
    /// for in that time, or mail would come in faster than it goes out.
    const MESSAGES_PER_PASS: usize = 1;
    /// How many files, ready or not, are looked at before that.
    const FILES_PER_PASS: usize = 500;

    fn new(main_cf: &MainCf, layout: Layout, rewrite: Endpoint) -> Result<Self, String> {
        let mut params = Params::load(main_cf).map_err(|error| error.to_string())?;
        params.adjust_lifetimes();
        // A bad value fails at start, not when the first message needs it.
        params::transport_limits(main_cf, "retry").map_err(|error| error.to_string())?;
        let main_cf = main_cf.clone();
        let settings = move |name: &[u8]| {
            let name = String::from_utf8_lossy(name);
            match params::transport_limits(&main_cf, &name) {
                Ok(limits) => limits,
                Err(error) => log::fatal(error),
            }
        };
        let clog = if params.helpful_warnings {
            params.qmgr_clog_warn_time
        } else {
            Duration::ZERO
        };
        let connection = Reusable::new(rewrite, rewrite::PROTOCOL).with_limits(
            params.qmgr_ipc_timeout,
            params.ipc_idle,
            params.ipc_ttl,
        );
        let client = rewrite::Client::over(connection);
        Ok(QueueManager {
            resolver: Resolver::new(&params, client),
            scheduler: Scheduler::new(params.limits(), clog, settings),
            layout,
            messages: HashMap::new(),
            scans: Scans::new(),
            agents: Agents::new(),
            notices: Notices::new(),
            probes: 0,
            defer_service_fails_until: None,
            started: Instant::now(),
            params,
        })
    }

    /// The time as the scheduler counts it.
    fn now(&self) -> Moment {
        self.started.elapsed()
    }

    /// Does what the scheduler decided.
    fn settle(&mut self, ctx: &mut Loop<Event>) {
        while let Some(effect) = self.scheduler.next_effect() {
            match effect {
                Effect::Defer {
                    message,
                    recipients,
                    trouble,
                } => {
                    self.postpone(message, &recipients, &trouble, ctx);
                }
                Effect::Drained(message) => self.drained(message, ctx),
                Effect::Clogged {
                    destination,
                    entries,
                } => self.warn_of_clog(destination, entries),
            }
        }
    }
}

impl Program for QueueManager {
    const NAME: &'static str = "qmgr";
    const PRIVILEGES: Privileges = Privileges {
        solitary: true,
        endless: true,
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<Self, String> {
        let rewrite = start
            .main_cf
            .load::<config::params::rewrite_service_name>()
            .map_err(|error| error.to_string())?;
        let names = start
            .main_cf
            .load::<config::params::hash_queue_names>()
            .map_err(|error| error.to_string())?;
        let depth = start
            .main_cf
            .load::<config::params::hash_queue_depth>()
            .map_err(|error| error.to_string())?;
        let layout = Layout::relative(&names, depth);
        QueueManager::new(&start.main_cf, layout, Endpoint::private(&rewrite))
    }

    fn watchdog(&self) -> Option<Duration> {
        Some(self.params.qmgr_daemon_timeout)
    }
}

impl Triggered for QueueManager {
    type Event = Event;

    fn started(&mut self, ctx: &mut Loop<Event>) {
        self.requeue_active();
        self.begin_scans(ctx);
    }

    fn triggered(&mut self, requests: &[u8], ctx: &mut Loop<Event>) {
        self.obey(requests);
        self.settle(ctx);
    }

    fn event(&mut self, event: Event, ctx: &mut Loop<Event>) {
        match event {
            Event::Agent(number) => self.agent_spoke(number, ctx),
            Event::AgentOverdue(number) => self.agent_overdue(number, ctx),
            Event::Notice(number) => self.notice_spoke(number, ctx),
            Event::NoticeOverdue(number) => self.notice_overdue(number, ctx),
            Event::QueueRun => self.queue_run(ctx),
        }
        self.settle(ctx);
    }

    fn before_wait(&mut self, ctx: &mut Loop<Event>) -> Option<Duration> {
        let now = self.now();
        self.scheduler.wake_up(now);
        self.settle(ctx);
        self.ask_for_agents(ctx);
        let more = self.take_in(ctx);
        if more {
            return Some(Duration::ZERO);
        }
        self.resolver.rest();
        let next = self.scheduler.next_wake_up()?;
        Some(
            next.saturating_sub(self.now())
                .max(Duration::from_millis(1)),
        )
    }
}

/// Runs the daemon.
pub fn main() -> ! {
    server::run_triggered::<QueueManager>()
}
