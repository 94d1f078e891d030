// SPDX-License-Identifier: MIT OR Apache-2.0
//! The walks through the incoming and the deferred queue, and whose turn it is.
//!
//! A request that comes while a walk is going on makes one more walk afterwards, however often it
//! comes. While there is room in the active queue the two take turns; when there is not, new mail
//! is next.
//!
//! *Postfix:* qmgr_scan and the loop of qmgr.

use queue::scan::{Entry, Scan};
use queue::{Layout, Queue, QueueId};
use runtime::log;
use std::io;

/// How a walk treats what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Manner {
    /// Takes files whose time has not come.
    pub(crate) ignore_time: bool,
    /// Uses transports that are named in `defer_transports`, too.
    pub(crate) lift_defer_transports: bool,
}

impl Manner {
    fn add(&mut self, other: Manner) {
        self.ignore_time |= other.ignore_time;
        self.lift_defer_transports |= other.lift_defer_transports;
    }
}

struct Walk {
    queue: Queue,
    going_on: Option<Scan>,
    manner: Manner,
    again: bool,
    next_manner: Manner,
}

impl Walk {
    fn new(queue: Queue) -> Self {
        let (manner, next_manner) = (Manner::default(), Manner::default());
        Walk {
            queue,
            going_on: None,
            manner,
            again: false,
            next_manner,
        }
    }

    fn request(&mut self, layout: &Layout, start: bool, manner: Manner) {
        // What was asked for holds for a walk that is going on, too.
        if self.going_on.is_some() {
            self.manner.add(manner);
        }
        self.next_manner.add(manner);
        self.again |= start;
        if self.going_on.is_none() && self.again {
            self.begin(layout);
        }
    }

    fn begin(&mut self, layout: &Layout) {
        self.again = false;
        self.manner = std::mem::take(&mut self.next_manner);
        match Scan::open(layout, self.queue) {
            Ok(scan) => self.going_on = Some(scan),
            Err(error) => log::fatal(format_args!(
                "open queue directory {}: {error}",
                self.queue.name()
            )),
        }
    }

    /// The next file, if the walk is not over.
    fn next(&mut self, layout: &Layout) -> Option<QueueId> {
        let scan = self.going_on.as_mut()?;
        loop {
            match scan.next_entry() {
                Some(Ok(Entry::Message { id, .. })) => return Some(id),
                Some(Ok(Entry::Stray { .. })) => {}
                Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Some(Err(error)) => {
                    log::warning(format_args!("read queue {}: {error}", self.queue.name()));
                    break;
                }
                None => break,
            }
        }
        self.going_on = None;
        if self.again {
            self.begin(layout);
        }
        None
    }
}

/// Both walks.
pub(crate) struct Scans {
    incoming: Walk,
    deferred: Walk,
    deferred_first: bool,
}

impl Scans {
    /// No walk is going on.
    pub(crate) fn new() -> Self {
        Scans {
            incoming: Walk::new(Queue::Incoming),
            deferred: Walk::new(Queue::Deferred),
            deferred_first: false,
        }
    }

    /// Asks for a walk (`start`), or only for the manner of the next one.
    pub(crate) fn request(&mut self, layout: &Layout, queue: Queue, start: bool, manner: Manner) {
        self.walk(queue).request(layout, start, manner);
    }

    /// Whether a walk through the incoming queue is going on.
    pub(crate) fn reads_incoming(&self) -> bool {
        self.incoming.going_on.is_some()
    }

    /// Whether any walk is going on.
    pub(crate) fn going_on(&self) -> bool {
        self.incoming.going_on.is_some() || self.deferred.going_on.is_some()
    }

    /// The next file of the queue whose turn it is, or of the other one.
    pub(crate) fn next(&mut self, layout: &Layout) -> Option<(Queue, QueueId, Manner)> {
        let order = if self.deferred_first {
            [Queue::Deferred, Queue::Incoming]
        } else {
            [Queue::Incoming, Queue::Deferred]
        };
        for queue in order {
            let walk = self.walk(queue);
            if let Some(id) = walk.next(layout) {
                return Some((queue, id, walk.manner));
            }
        }
        None
    }

    /// A message of `queue` came in: the other one is next, unless there is no more room.
    pub(crate) fn took(&mut self, queue: Queue, room_left: bool) {
        self.deferred_first = room_left && queue == Queue::Incoming;
    }

    fn walk(&mut self, queue: Queue) -> &mut Walk {
        if queue == Queue::Deferred {
            &mut self.deferred
        } else {
            &mut self.incoming
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    fn queues(incoming: &[&str], deferred: &[&str]) -> (TempDir, Layout) {
        let directory = tempfile::tempdir().unwrap();
        for (queue, names) in [("incoming", incoming), ("deferred", deferred)] {
            fs::create_dir(directory.path().join(queue)).unwrap();
            for name in names {
                fs::write(directory.path().join(queue).join(name), b"").unwrap();
            }
        }
        let layout = Layout::new(directory.path(), "", 1);
        (directory, layout)
    }

    fn queues_of(scans: &mut Scans, layout: &Layout, count: usize) -> String {
        let mut order = String::new();
        for _ in 0..count {
            match scans.next(layout) {
                Some((Queue::Incoming, ..)) => {
                    order.push('i');
                    scans.took(Queue::Incoming, true);
                }
                Some(_) => {
                    order.push('d');
                    scans.took(Queue::Deferred, true);
                }
                None => order.push('-'),
            }
        }
        order
    }

    #[test]
    fn the_queues_take_turns() {
        let (_directory, layout) = queues(&["A1", "A2", "A3"], &["B1", "B2"]);
        let mut scans = Scans::new();
        for queue in [Queue::Incoming, Queue::Deferred] {
            scans.request(&layout, queue, true, Manner::default());
        }
        assert_eq!(queues_of(&mut scans, &layout, 6), "ididi-");
        assert!(!scans.going_on());
    }

    #[test]
    fn requests_during_a_walk_make_one_more_walk() {
        let (_directory, layout) = queues(&["A1", "A2"], &[]);
        let mut scans = Scans::new();
        let request = |scans: &mut Scans| {
            scans.request(&layout, Queue::Incoming, true, Manner::default());
        };
        request(&mut scans);
        assert_eq!(queues_of(&mut scans, &layout, 1), "i");
        request(&mut scans);
        request(&mut scans);
        assert_eq!(queues_of(&mut scans, &layout, 6), "i-ii--");
    }

    #[test]
    fn ignoring_times_holds_for_the_walk_going_on_and_for_one_more() {
        let (_directory, layout) = queues(&[], &["B1", "B2", "B3"]);
        let mut scans = Scans::new();
        let manner = |scans: &mut Scans| scans.next(&layout).map(|found| found.2.ignore_time);
        scans.request(&layout, Queue::Deferred, true, Manner::default());
        assert_eq!(manner(&mut scans), Some(false));
        let all = Manner {
            ignore_time: true,
            lift_defer_transports: false,
        };
        scans.request(&layout, Queue::Deferred, true, all);
        assert_eq!(manner(&mut scans), Some(true));
        assert_eq!(manner(&mut scans), Some(true));
        assert_eq!(manner(&mut scans), None);
        assert_eq!(manner(&mut scans), Some(true));
        while scans.going_on() {
            scans.next(&layout);
        }
        scans.request(&layout, Queue::Deferred, true, Manner::default());
        assert_eq!(manner(&mut scans), Some(false));
    }

    #[test]
    fn strays_are_passed_over() {
        let (_directory, layout) = queues(&["123.456", "A.tmp"], &[]);
        let mut scans = Scans::new();
        scans.request(&layout, Queue::Incoming, true, Manner::default());
        assert!(scans.next(&layout).is_none());
    }
}
