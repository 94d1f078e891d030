// SPDX-License-Identifier: MIT OR Apache-2.0
//! The event loop: descriptors and timers, each with a value of the program's own closed enum.
//!
//! A program waits, gets the values of what happened, and matches on them; a `match` shows all
//! that can wake it. No callbacks.
//!
//! *Invariants:* descriptor events are edge-triggered: read (or accept) until it would block,
//! or call [`EventSet::rearm`]. An event of a removed watch or timer is never reported by a
//! later [`EventSet::wait`]. Timers fire in the order of their times, never early.
//!
//! *Errors:* those of the system's poller; a wait that a signal interrupts reports nothing.
//!
//! *Postfix:* events(3).

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

/// Most descriptor events that one wait reports.
const BATCH: usize = 128;

/// A set of descriptors and timers to wait for.
pub struct EventSet<E: Clone> {
    poll: Poll,
    ready: Events,
    entries: Vec<Option<Entry<E>>>,
    free: Vec<usize>,
    timers: BTreeMap<Timer, E>,
    counter: u64,
}

struct Entry<E> {
    raw: RawFd,
    id: u64,
    read: Option<E>,
    write: Option<E>,
}

/// A watched descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Watch {
    slot: usize,
    id: u64,
}

/// A pending timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timer {
    at: Instant,
    id: u64,
}

impl<E: Clone> EventSet<E> {
    /// An empty set.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            ready: Events::with_capacity(BATCH),
            entries: Vec::new(),
            free: Vec::new(),
            timers: BTreeMap::new(),
            counter: 0,
        })
    }

    /// Reports `event` when `fd` becomes readable (input, a client, or end of file).
    ///
    /// The descriptor must stay open until [`EventSet::unwatch`]; it is watched once only.
    pub fn watch_read(&mut self, fd: impl AsFd, event: E) -> io::Result<Watch> {
        self.watch(fd.as_fd().as_raw_fd(), Some(event), None)
    }

    /// Reports `event` when `fd` becomes writable.
    pub fn watch_write(&mut self, fd: impl AsFd, event: E) -> io::Result<Watch> {
        self.watch(fd.as_fd().as_raw_fd(), None, Some(event))
    }

    /// Reports `read` when `fd` becomes readable and `write` when it becomes writable.
    pub fn watch_both(&mut self, fd: impl AsFd, read: E, write: E) -> io::Result<Watch> {
        self.watch(fd.as_fd().as_raw_fd(), Some(read), Some(write))
    }

    fn watch(&mut self, raw: RawFd, read: Option<E>, write: Option<E>) -> io::Result<Watch> {
        let slot = self.free.pop().unwrap_or(self.entries.len());
        let interest = interest(read.is_some(), write.is_some());
        if let Err(error) =
            self.poll
                .registry()
                .register(&mut SourceFd(&raw), Token(slot), interest)
        {
            self.free.push(slot);
            if slot == self.entries.len() {
                self.entries.push(None);
            }
            return Err(error);
        }
        let id = self.next_id();
        let entry = Some(Entry {
            raw,
            id,
            read,
            write,
        });
        match self.entries.get_mut(slot) {
            Some(place) => *place = entry,
            None => self.entries.push(entry),
        }
        Ok(Watch { slot, id })
    }

    /// Forgets a watch whose descriptor is closed next, which is what the kernel needs to know: no
    /// copy of the descriptor may stay open.
    pub fn forget(&mut self, watch: Watch) {
        if let Some(place) = self.entries.get_mut(watch.slot)
            && place.as_ref().is_some_and(|entry| entry.id == watch.id)
        {
            *place = None;
            self.free.push(watch.slot);
        }
    }

    /// Stops watching. Does nothing for a watch that is gone.
    pub fn unwatch(&mut self, watch: Watch) {
        if let Some(place) = self.entries.get_mut(watch.slot)
            && place.as_ref().is_some_and(|entry| entry.id == watch.id)
            && let Some(entry) = place.take()
        {
            // Fails for a descriptor that was closed before, which the kernel dropped then.
            let _ = self.poll.registry().deregister(&mut SourceFd(&entry.raw));
            self.free.push(watch.slot);
        }
    }

    /// Reports the watch's events again if the descriptor is ready now, for programs that do
    /// not read until it would block.
    pub fn rearm(&mut self, watch: Watch) -> io::Result<()> {
        let Some(Some(entry)) = self.entries.get(watch.slot) else {
            return Ok(());
        };
        if entry.id != watch.id {
            return Ok(());
        }
        let interest = interest(entry.read.is_some(), entry.write.is_some());
        self.poll
            .registry()
            .reregister(&mut SourceFd(&entry.raw), Token(watch.slot), interest)
    }

    /// Reports `event` once, when `after` has passed.
    pub fn set_timer(&mut self, after: Duration, event: E) -> Timer {
        let now = Instant::now();
        // A century stands for "never" where the clock cannot count as far.
        let century = Duration::from_secs(100 * 366 * 86400);
        let at = now.checked_add(after.min(century)).unwrap_or(now);
        let timer = Timer {
            at,
            id: self.next_id(),
        };
        self.timers.insert(timer, event);
        timer
    }

    /// Cancels a timer. Does nothing for one that fired.
    pub fn cancel(&mut self, timer: Timer) {
        self.timers.remove(&timer);
    }

    /// Waits until something happens, at most for `limit`, and adds what happened to `out`:
    /// descriptors first, then timers in their order.
    pub fn wait(&mut self, limit: Option<Duration>, out: &mut Vec<E>) -> io::Result<()> {
        let now = Instant::now();
        let next = self.timers.first_key_value();
        let until_timer = next.map(|(timer, _)| timer.at.saturating_duration_since(now));
        let timeout = match (limit, until_timer) {
            (Some(limit), Some(timer)) => Some(limit.min(timer)),
            (limit, timer) => limit.or(timer),
        };
        match self.poll.poll(&mut self.ready, timeout) {
            Ok(()) => self.report_descriptors(out),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        self.report_timers(out);
        Ok(())
    }

    fn report_descriptors(&self, out: &mut Vec<E>) {
        for event in &self.ready {
            let Some(Some(entry)) = self.entries.get(event.token().0) else {
                continue;
            };
            let broken = event.is_error();
            if let Some(read) = &entry.read
                && (event.is_readable() || event.is_read_closed() || broken)
            {
                out.push(read.clone());
            }
            if let Some(write) = &entry.write
                && (event.is_writable() || event.is_write_closed() || broken)
            {
                out.push(write.clone());
            }
        }
    }

    fn report_timers(&mut self, out: &mut Vec<E>) {
        if self.timers.is_empty() {
            return;
        }
        let now = Instant::now();
        while let Some(first) = self.timers.first_entry() {
            if first.key().at > now {
                return;
            }
            out.push(first.remove());
        }
    }

    fn next_id(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        self.counter
    }
}

fn interest(read: bool, write: bool) -> Interest {
    match (read, write) {
        (true, true) => Interest::READABLE | Interest::WRITABLE,
        (_, false) => Interest::READABLE,
        (false, true) => Interest::WRITABLE,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn happened<E: Clone>(set: &mut EventSet<E>, limit: u64) -> Vec<E> {
        let mut out = Vec::new();
        set.wait(Some(Duration::from_millis(limit)), &mut out)
            .unwrap();
        out
    }

    #[test]
    fn input_is_reported_once_until_rearmed() {
        let (one, mut two) = UnixStream::pair().unwrap();
        let mut set = EventSet::new().unwrap();
        let watch = set.watch_read(&one, 'r').unwrap();
        assert!(happened(&mut set, 0).is_empty());
        two.write_all(b"x").unwrap();
        assert_eq!(happened(&mut set, 1000), ['r']);
        assert!(happened(&mut set, 0).is_empty());
        set.rearm(watch).unwrap();
        assert_eq!(happened(&mut set, 1000), ['r']);
        set.unwatch(watch);
        two.write_all(b"x").unwrap();
        assert!(happened(&mut set, 0).is_empty());
    }

    #[test]
    fn end_of_file_is_reported() {
        let (one, two) = UnixStream::pair().unwrap();
        let mut set = EventSet::new().unwrap();
        set.watch_both(&one, 'r', 'w').unwrap();
        assert_eq!(happened(&mut set, 1000), ['w']);
        drop(two);
        assert!(happened(&mut set, 1000).contains(&'r'));
    }

    #[test]
    fn timers_fire_in_order_and_not_when_cancelled() {
        let mut set = EventSet::new().unwrap();
        set.set_timer(Duration::from_millis(2), 2);
        set.set_timer(Duration::from_millis(1), 1);
        let dead = set.set_timer(Duration::from_millis(1), 9);
        set.cancel(dead);
        let mut out = Vec::new();
        while out.len() < 2 {
            set.wait(None, &mut out).unwrap();
        }
        assert_eq!(out, [1, 2]);
        set.set_timer(Duration::MAX, 3);
        assert!(happened(&mut set, 0).is_empty());
    }

    #[test]
    fn an_old_watch_does_not_remove_a_new_one_in_its_place() {
        let (one, mut two) = UnixStream::pair().unwrap();
        let mut set = EventSet::new().unwrap();
        let old = set.watch_read(&one, 'o').unwrap();
        set.unwatch(old);
        set.watch_read(&one, 'n').unwrap();
        set.unwatch(old);
        two.write_all(b"x").unwrap();
        assert_eq!(happened(&mut set, 1000), ['n']);
    }

    #[test]
    fn a_forgotten_and_closed_descriptor_is_not_reported_for_its_successor() {
        let (one, mut two) = UnixStream::pair().unwrap();
        let mut set = EventSet::new().unwrap();
        let watch = set.watch_read(&one, 'o').unwrap();
        two.write_all(b"x").unwrap();
        set.forget(watch);
        drop(one);
        let (three, mut four) = UnixStream::pair().unwrap();
        set.watch_read(&three, 't').unwrap();
        assert!(happened(&mut set, 0).is_empty());
        four.write_all(b"x").unwrap();
        assert_eq!(happened(&mut set, 1000), ['t']);
    }

    #[test]
    fn the_same_descriptor_cannot_be_watched_twice() {
        let (one, _two) = UnixStream::pair().unwrap();
        let mut set = EventSet::new().unwrap();
        set.watch_read(&one, 1).unwrap();
        assert!(set.watch_read(&one, 2).is_err());
        let (three, _four) = UnixStream::pair().unwrap();
        set.watch_read(&three, 3).unwrap();
    }
}
