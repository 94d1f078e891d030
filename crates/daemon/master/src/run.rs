// SPDX-License-Identifier: MIT OR Apache-2.0
//! The loop: all that can wake master, and what it does then.
//!
//! *Invariants:* no event handler waits for anybody. What a round of events changed about who
//! watches which socket is put into force once, before the next wait.
//!
//! *Postfix:* master.c, master_avail.c, master_spawn.c, master_sig.c.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use config::environment::Environment;
use ipc::services::master::{Availability, Report};
use runtime::event::master::{MasterTerminating, ProcessLimitReached};
use runtime::events::EventSet;
use runtime::gather::Gather;
use runtime::log;
use runtime::text::reason;
use sys::signal::{Signal, Signals};

use crate::children::Children;
use crate::options::Options;
use crate::params::Params;
use crate::service::{Service, ServiceId};
use crate::startup::Owner;
use crate::status::{self, Reports};

/// Signals that master reads.
const SIGNALS: [Signal; 5] = [
    Signal::SIGHUP,
    Signal::SIGTERM,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGCHLD,
];

/// A master that makes no progress for this long ends itself.
const WATCHDOG: Duration = Duration::from_secs(1000);

/// Longest wait, well below the watchdog's step.
const LONGEST_WAIT: Duration = Duration::from_secs(240);

/// How long reports of a busy system may gather; a client that needs a new process waits as long.
const GATHERING: Duration = Duration::from_millis(1);

/// How long children may take to end when the mail system stops.
const LAST_WAIT: Duration = Duration::from_secs(4);

/// What can wake master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A signal came.
    Signal,
    /// A child reported.
    Status(ServiceId),
    /// A client came, and no child waits for it.
    Client(ServiceId),
    /// A service shall be woken.
    Wakeup(ServiceId),
    /// A service may start processes again.
    Unthrottle(ServiceId),
    /// The time of option `-e` has come.
    Exit,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By this signal.
    Signal(Signal),
    /// By option `-e`.
    Time,
}

/// The mail system's first process.
pub(crate) struct Master {
    pub(crate) options: Options,
    pub(crate) params: Params,
    pub(crate) owner: Owner,
    pub(crate) events: EventSet<Event>,
    pub(crate) services: BTreeMap<ServiceId, Service>,
    pub(crate) children: Children,
    /// Services whose counts changed in this round.
    pub(crate) changed: BTreeSet<ServiceId>,
    /// What children find in their environment.
    pub(crate) environment: Environment,
    signals: Signals,
    /// The mail-flow pipe.
    pub(crate) flow: (OwnedFd, OwnedFd),
    /// How many children were started.
    pub(crate) generation: u32,
    last_service: u32,
    reports: Gather,
    end: Option<End>,
}

impl Master {
    /// A master without services.
    pub(crate) fn new(options: Options, params: Params, owner: Owner) -> io::Result<Self> {
        let signals = Signals::new(&SIGNALS)?;
        let mut events = EventSet::new()?;
        events.watch_read(&signals, Event::Signal)?;
        let flow = sys::fd::pipe()?;
        sys::fd::set_nonblocking(&flow.0, true)?;
        sys::fd::set_nonblocking(&flow.1, true)?;
        if let Some(time) = options.exit_after {
            events.set_timer(time, Event::Exit);
        }
        let mut master = Self {
            options,
            params,
            owner,
            events,
            services: BTreeMap::new(),
            children: Children::default(),
            changed: BTreeSet::new(),
            environment: Environment::new(),
            signals,
            flow,
            generation: 0,
            last_service: 0,
            reports: Gather::new(GATHERING),
            end: None,
        };
        master.environment = master.children_environment();
        Ok(master)
    }

    /// What `import_environment` lets through, and where the configuration and the log are.
    pub(crate) fn children_environment(&self) -> Environment {
        let mut environment = self.params.environment.clone();
        environment.insert(
            "MAIL_CONFIG".into(),
            self.params.config_directory.clone().into_os_string(),
        );
        for (name, value) in self.params.log_setup(false).environment() {
            environment.insert(name.into(), value.into());
        }
        environment
    }

    /// Serves until a signal or the time of `-e` ends it.
    pub(crate) fn run(&mut self) -> io::Result<End> {
        runtime::watchdog::start(WATCHDOG);
        loop {
            self.round(Some(LONGEST_WAIT))?;
            if let Some(end) = self.end {
                return Ok(end);
            }
        }
    }

    /// Waits once, and handles what happened.
    pub(crate) fn round(&mut self, limit: Option<Duration>) -> io::Result<()> {
        runtime::watchdog::pat();
        self.settle();
        let mut happened = Vec::new();
        self.events.wait(limit, &mut happened)?;
        let reports = happened
            .iter()
            .any(|event| matches!(event, Event::Status(_)));
        for event in happened {
            self.handle(event);
        }
        if reports {
            self.reports.rest();
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Signal => self.take_signals(),
            Event::Status(id) => self.take_reports(id),
            Event::Client(id) => self.serve_client(id),
            Event::Wakeup(id) => self.wake(id),
            Event::Unthrottle(id) => self.unthrottle(id),
            Event::Exit => {
                log::info("master exit time has arrived");
                self.end = Some(End::Time);
            }
        }
    }

    fn take_signals(&mut self) {
        while let Some(signal) = self.signals.read() {
            match signal {
                Signal::SIGCHLD => self.reap(),
                Signal::SIGHUP => self.reload(),
                other => self.end = Some(End::Signal(other)),
            }
        }
    }

    /// Takes all reports of a service's children that have come.
    pub(crate) fn take_reports(&mut self, id: ServiceId) {
        let Some(service) = self.services.get(&id) else {
            return;
        };
        let Some(pair) = &service.status else {
            return;
        };
        let mut reports = Reports::default();
        if let Err(error) = status::read_all(&pair.ours, &mut reports) {
            log::warning(format_args!(
                "master_status_event: read: {}",
                reason(&error)
            ));
        }
        if let Some(bytes) = reports.partial {
            log::warning(format_args!(
                "service {}({}): child sent partial status update ({bytes} bytes)",
                service.entry.name, service.named.name
            ));
        }
        if reports.unknown > 0 {
            log::warning(format_args!(
                "service {}({}): ignoring {} unknown status updates",
                service.entry.name, service.named.name, reports.unknown
            ));
        }
        for report in reports.whole {
            self.take_report(id, report);
        }
    }

    fn take_report(&mut self, id: ServiceId, report: Report) {
        let Report {
            pid,
            generation,
            status,
        } = report;
        let Some(child) = u32::try_from(pid)
            .ok()
            .and_then(|pid| self.children.get_mut(pid))
        else {
            log::warning(format_args!(
                "master_status_event: process id not found: {pid}"
            ));
            return;
        };
        // A report of an earlier process with the same number may still have been on its way.
        if child.generation != generation || child.service != id || child.retired {
            log::info(format_args!(
                "ignoring status update from child pid {pid} generation {generation}"
            ));
            return;
        }
        let Some(service) = self.services.get_mut(&id) else {
            return;
        };
        let is_available = status == Availability::Available;
        if is_available == child.available {
            return;
        }
        if is_available {
            service.load.became_available();
        } else {
            child.uses = child.uses.saturating_add(1);
            service.load.became_busy();
        }
        child.available = is_available;
        self.changed.insert(id);
    }

    /// Puts into force what this round changed: which sockets master watches itself.
    fn settle(&mut self) {
        let now = Instant::now();
        while let Some(id) = self.changed.pop_first() {
            let Some(service) = self.services.get_mut(&id) else {
                continue;
            };
            if service.load.note_stress(now) {
                self.announce_stress(id);
                continue;
            }
            let watched = !service.watches.is_empty();
            let wanted = service.load.must_watch();
            if watched && !wanted {
                for watch in service.watches.drain(..) {
                    self.events.unwatch(watch);
                }
            } else if wanted && !watched {
                for socket in &service.sockets {
                    match self.events.watch_read(socket, Event::Client(id)) {
                        Ok(watch) => service.watches.push(watch),
                        Err(error) => log::error(format_args!("cannot watch a socket: {error}")),
                    }
                }
            }
        }
    }

    /// Tells the administrator that a service is full, and replaces its processes by hurried
    /// ones.
    fn announce_stress(&mut self, id: ServiceId) {
        if let Some(service) = self.services.get(&id) {
            log::warning(ProcessLimitReached {
                name: &service.entry.name,
                endpoint: &service.named.name,
                limit: service.load.limit(),
            });
            log::warning(
                "to avoid this condition, increase the process count in master.cf or reduce the \
                 service time per client",
            );
            log::warning(
                "see https://www.postfix.org/STRESS_README.html for examples of \
                 stress-adapting configuration settings",
            );
        }
        if let Err(error) = self.restart_service(id) {
            log::error(error);
        }
    }

    /// Writes the log file without postlogd(8), which ends before it has read the last lines.
    fn log_directly(&self) {
        let file = &self.params.maillog_file;
        if !file.is_empty() {
            log::set_sinks(vec![log::Sink::File { path: file.into() }]);
        }
    }

    pub(crate) fn next_service_id(&mut self) -> ServiceId {
        self.last_service = self.last_service.wrapping_add(1);
        ServiceId(self.last_service)
    }

    /// Ends all children, waits for them a little, and ends this process as the signal would.
    pub(crate) fn terminate(&mut self, signal: Signal) -> ! {
        self.log_directly();
        log::info(MasterTerminating {
            signal: signal as i32,
        });
        let own = std::process::id();
        if sys::spawn::own_group() == own {
            // The signal that comes to this process as well is blocked.
            let _ = sys::spawn::kill_group(own, signal);
        } else {
            for pid in self.children.pids() {
                let _ = sys::spawn::kill(pid, signal);
            }
        }
        let until = Instant::now().checked_add(LAST_WAIT);
        while !self.children.is_empty() {
            while let Some((pid, _)) = sys::spawn::reap() {
                self.children.remove(pid);
            }
            let left = until.map_or(Duration::ZERO, |u| {
                u.saturating_duration_since(Instant::now())
            });
            if self.children.is_empty() || left.is_zero() {
                break;
            }
            let _ = sys::fd::wait_readable(&self.signals, Some(left));
            while self.signals.read().is_some() {}
        }
        sys::signal::end_by(signal)
    }
}
