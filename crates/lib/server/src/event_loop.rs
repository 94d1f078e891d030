// SPDX-License-Identifier: MIT OR Apache-2.0
//! The loop of programs that wait for several things at a time.
//!
//! A program has its own closed enum of events; the runner has two of its own (a listening socket
//! is ready, master is gone) that the program does not see.
//!
//! *Postfix:* the event loop half of event_server(3), trigger_server(3), multi_server(3).

use crate::jail::Jail;
use crate::master::{Flow, Status};
use crate::start::Life;
use runtime::events::{EventSet, Timer, Watch};
use runtime::{log, watchdog};
use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// What the loop can wake up for.
#[derive(Debug, Clone)]
pub(crate) enum Wake<E> {
    /// An event of the program's own.
    Program(E),
    /// A client, or bytes, at one of the listening sockets.
    Listener,
    /// Master is gone.
    Master,
    /// A connection that the runner looks after, by number.
    Connection(u64),
    /// The time of such a connection is over.
    Expired(u64),
}

/// What a program can do while it runs: wait for descriptors and timers, and end.
pub struct Loop<E: Clone> {
    pub(crate) events: EventSet<Wake<E>>,
    jail: Jail,
    pub(crate) status: Option<Status>,
    flow: Option<Flow>,
    watchdog: Duration,
    max_idle: Option<Duration>,
    pub(crate) idle_since: Instant,
    pub(crate) ending: bool,
}

impl<E: Clone> Loop<E> {
    /// A loop for tests: no listeners, no master.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn for_test(jail: Jail) -> io::Result<Loop<E>> {
        let mut life = Life::for_test(crate::listen::Listeners::none());
        Loop::new(jail, &mut life)
    }

    pub(crate) fn new(jail: Jail, life: &mut Life) -> io::Result<Loop<E>> {
        let mut events = EventSet::new()?;
        for socket in life.listeners.sockets() {
            events.watch_read(socket, Wake::Listener)?;
        }
        let status = life.status.take();
        if let Some(status) = &status {
            events.watch_read(status, Wake::Master)?;
        }
        Ok(Loop {
            events,
            jail,
            status,
            flow: life.flow.take(),
            watchdog: life.watchdog,
            max_idle: life.max_idle,
            idle_since: Instant::now(),
            ending: false,
        })
    }

    /// The jail.
    #[must_use]
    pub fn jail(&self) -> &Jail {
        &self.jail
    }

    /// The mail-flow pipe; nothing in tests.
    pub fn flow(&mut self) -> Option<&mut Flow> {
        self.flow.as_mut()
    }

    /// Reports `event` when `fd` becomes readable; edge-triggered, as all descriptor events.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn watch_read(&mut self, fd: impl AsFd, event: E) -> io::Result<Watch> {
        self.events.watch_read(fd, Wake::Program(event))
    }

    /// Reports `event` when `fd` becomes writable.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn watch_write(&mut self, fd: impl AsFd, event: E) -> io::Result<Watch> {
        self.events.watch_write(fd, Wake::Program(event))
    }

    /// Reports `read` when `fd` becomes readable and `write` when it becomes writable.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn watch_both(&mut self, fd: impl AsFd, read: E, write: E) -> io::Result<Watch> {
        self.events
            .watch_both(fd, Wake::Program(read), Wake::Program(write))
    }

    /// Stops watching.
    pub fn unwatch(&mut self, watch: Watch) {
        self.events.unwatch(watch);
    }

    /// Forgets a watch whose descriptor is closed next, without asking the kernel.
    pub fn forget(&mut self, watch: Watch) {
        self.events.forget(watch);
    }

    /// Reports the watch's events again if the descriptor is ready now.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn rearm(&mut self, watch: Watch) -> io::Result<()> {
        self.events.rearm(watch)
    }

    /// Reports `event` once, when `after` has passed.
    pub fn set_timer(&mut self, after: Duration, event: E) -> Timer {
        self.events.set_timer(after, Wake::Program(event))
    }

    /// Cancels a timer.
    pub fn cancel(&mut self, timer: Timer) {
        self.events.cancel(timer);
    }

    /// Ends the program when it returns to the loop.
    pub fn end(&mut self) {
        self.ending = true;
    }

    /// Waits for the program's own events, for tests that play the runner.
    ///
    /// # Errors
    /// Those of the system's poller.
    pub fn wait_for_test(&mut self, limit: Duration) -> io::Result<Vec<E>> {
        let mut woken = Vec::new();
        self.events.wait(Some(limit), &mut woken)?;
        let own = woken.into_iter().filter_map(|wake| match wake {
            Wake::Program(event) => Some(event),
            Wake::Listener | Wake::Master | Wake::Connection(_) | Wake::Expired(_) => None,
        });
        Ok(own.collect())
    }

    /// Waits, at most for `limit`, and not beyond the idle time when `idle`.
    pub(crate) fn wait(&mut self, limit: Option<Duration>, idle: bool) -> Vec<Wake<E>> {
        watchdog::pat();
        let mut slice = self.watchdog / 4;
        if let Some(limit) = limit {
            slice = slice.min(limit);
        }
        if let Some(max_idle) = self.max_idle.filter(|_| idle) {
            slice = slice.min(max_idle.saturating_sub(self.idle_since.elapsed()));
        }
        let mut woken = Vec::new();
        if let Err(error) = self.events.wait(Some(slice), &mut woken) {
            log::fatal(format_args!("event loop: {error}"));
        }
        watchdog::pat();
        woken
    }

    /// Whether nothing happened for the time after which a process ends.
    pub(crate) fn idle_too_long(&self) -> bool {
        self.max_idle
            .is_some_and(|limit| self.idle_since.elapsed() >= limit)
    }

    /// Tells master once that this process works. That master is gone shows as an event of its
    /// own, which each loop treats in its way.
    pub(crate) fn greet(&mut self) {
        if let Some(status) = &mut self.status {
            let _ = status.greet();
        }
    }
}
