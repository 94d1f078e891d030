// SPDX-License-Identifier: MIT OR Apache-2.0
//! When master itself must watch a service, and when the service is under stress: counting,
//! without any input or output.
//!
//! *Invariants:* `available <= total`.
//!
//! *Postfix:* master_avail.c, the throttling of master_spawn.c.

use std::time::{Duration, Instant};

/// How long a service counts as stressed after its last process became busy.
pub(crate) const STRESS_TIME: Duration = Duration::from_secs(1000);

/// The processes of one service.
#[derive(Debug, Clone)]
pub(crate) struct Availability {
    /// All of them.
    total: u32,
    /// Those that wait for a client.
    available: u32,
    /// How many there may be; 0 means any number.
    limit: u32,
    /// No process is started for a while, because the last one failed.
    throttled: bool,
    /// Whether a busy service tells its processes to hurry.
    stress_capable: bool,
    stressed_until: Option<Instant>,
}

impl Availability {
    pub(crate) fn new(limit: u32, stress_capable: bool) -> Self {
        Self {
            total: 0,
            available: 0,
            limit,
            throttled: false,
            stress_capable,
            stressed_until: None,
        }
    }

    /// Takes over what a changed master.cf says.
    pub(crate) fn configure(&mut self, limit: u32, stress_capable: bool) {
        self.limit = limit;
        self.stress_capable = stress_capable;
    }

    /// Whether master must watch the service's sockets: nobody else does, and a process may be
    /// started when a client comes.
    pub(crate) fn must_watch(&self) -> bool {
        self.available == 0 && !self.throttled && !self.at_limit()
    }

    fn at_limit(&self) -> bool {
        self.limit > 0 && self.total >= self.limit
    }

    pub(crate) fn started(&mut self) {
        self.total = self.total.saturating_add(1);
        self.available = self.available.saturating_add(1);
    }

    pub(crate) fn became_busy(&mut self) {
        self.available = self.available.saturating_sub(1);
    }

    pub(crate) fn became_available(&mut self) {
        self.available = self.available.saturating_add(1).min(self.total);
    }

    pub(crate) fn ended(&mut self, was_available: bool) {
        self.total = self.total.saturating_sub(1);
        if was_available {
            self.available = self.available.saturating_sub(1);
        }
    }

    /// All processes were told to go: none of them counts as available any more.
    pub(crate) fn all_retired(&mut self) {
        self.available = 0;
    }

    /// Starts to throttle; `false` when it did already.
    pub(crate) fn throttle(&mut self) -> bool {
        !std::mem::replace(&mut self.throttled, true)
    }

    pub(crate) fn unthrottle(&mut self) {
        self.throttled = false;
    }

    pub(crate) fn is_throttled(&self) -> bool {
        self.throttled
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Notes that the last process is busy, if that is so; `true` when it is news: once per
    /// [`STRESS_TIME`] the administrator is told, and the processes are replaced by hurried
    /// ones.
    pub(crate) fn note_stress(&mut self, now: Instant) -> bool {
        if !self.stress_capable || self.available > 0 || !self.at_limit() {
            return false;
        }
        let news = !self.is_stressed(now);
        self.stressed_until = now.checked_add(STRESS_TIME);
        news
    }

    /// Whether new processes are told to hurry.
    pub(crate) fn is_stressed(&self, now: Instant) -> bool {
        self.stressed_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_watched_until_a_process_waits() {
        let mut load = Availability::new(2, false);
        assert!(load.must_watch());
        load.started();
        assert!(!load.must_watch());
        load.became_busy();
        assert!(load.must_watch());
        load.started();
        load.became_busy();
        assert!(!load.must_watch(), "at the limit");
        load.ended(false);
        assert!(load.must_watch());
    }

    #[test]
    fn a_throttled_service_is_not_watched() {
        let mut load = Availability::new(0, false);
        assert!(load.throttle());
        assert!(!load.throttle());
        assert!(!load.must_watch());
        load.unthrottle();
        assert!(load.must_watch());
    }

    #[test]
    fn no_limit_means_no_limit() {
        let mut load = Availability::new(0, true);
        for _ in 0..1000 {
            load.started();
            load.became_busy();
        }
        assert!(load.must_watch());
        assert!(!load.note_stress(Instant::now()));
    }

    #[test]
    fn stress_is_news_once_and_wears_off() {
        let now = Instant::now();
        let mut load = Availability::new(1, true);
        load.started();
        assert!(!load.note_stress(now));
        load.became_busy();
        assert!(load.note_stress(now));
        assert!(!load.note_stress(now));
        assert!(load.is_stressed(now + Duration::from_secs(999)));
        let later = now + Duration::from_secs(1001);
        assert!(!load.is_stressed(later));
        assert!(load.note_stress(later));
    }

    #[test]
    fn retired_processes_count_but_do_not_serve() {
        let mut load = Availability::new(1, false);
        load.started();
        load.all_retired();
        assert!(!load.must_watch(), "the old process is still there");
        load.ended(false);
        assert!(load.must_watch());
    }
}
