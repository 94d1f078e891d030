// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many deliveries to one destination run at once, and when a destination is called dead.
//!
//! The window grows at the end of a run of good deliveries and shrinks at the beginning of a run
//! of bad ones (connection or handshake failures), so that overload is corrected at once while
//! single failures among many successes do little harm. Death is decided apart from that: each
//! failure counts for the part of the window that it used up, and a configurable number of whole
//! windows ("cohorts") without one success in between ends deliveries for a while.
//!
//! *Postfix:* the feedback parts of qmgr_queue and qmgr_feedback; SCHEDULER_README has the theory.

use std::str::FromStr;

/// How much one delivery moves the window, as a function of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Feedback {
    /// The same amount always.
    Constant(f64),
    /// The amount divided by the window.
    OverConcurrency(f64),
    /// The amount divided by the square root of the window.
    OverSquareRoot(f64),
}

/// A feedback expression that is not `number`, `number/number`, `number/concurrency` or
/// `number/sqrt_concurrency`, or whose amount is not between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadFeedback;

impl FromStr for Feedback {
    type Err = BadFeedback;

    fn from_str(text: &str) -> Result<Self, BadFeedback> {
        let number = |part: &str| part.trim().parse::<f64>().map_err(|_| BadFeedback);
        let feedback = match text.split_once('/') {
            None => Feedback::Constant(number(text)?),
            Some((top, bottom)) => match bottom.trim() {
                "concurrency" => Feedback::OverConcurrency(number(top)?),
                "sqrt_concurrency" => Feedback::OverSquareRoot(number(top)?),
                bottom => Feedback::Constant(number(top)? / number(bottom)?),
            },
        };
        if (0.0..=1.0).contains(&feedback.amount()) {
            Ok(feedback)
        } else {
            Err(BadFeedback)
        }
    }
}

impl Feedback {
    /// What an unusable setting becomes.
    pub(crate) const FALLBACK: Feedback = Feedback::Constant(1.0);

    fn amount(self) -> f64 {
        match self {
            Feedback::Constant(amount)
            | Feedback::OverConcurrency(amount)
            | Feedback::OverSquareRoot(amount) => amount,
        }
    }

    fn value(self, window: u32) -> f64 {
        let window = f64::from(window.max(1));
        match self {
            Feedback::Constant(amount) => amount,
            Feedback::OverConcurrency(amount) => amount / window,
            Feedback::OverSquareRoot(amount) => amount / window.sqrt(),
        }
    }
}

/// The settings of a transport that rule the windows of its destinations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WindowLimits {
    /// The window of a new destination; at least 1.
    pub(crate) initial: u32,
    /// The widest window; 0 means any.
    pub(crate) maximum: u32,
    /// What a good delivery adds.
    pub(crate) positive: Feedback,
    /// What a bad delivery takes.
    pub(crate) negative: Feedback,
    /// How many failed cohorts make a destination dead; 0 means never.
    pub(crate) failed_cohorts: u32,
}

/// What a failure did to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Deliveries go on, with a possibly narrower window.
    Alive,
    /// No more deliveries for a while.
    Dead,
}

/// The number of simultaneous deliveries that one destination may have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    size: u32,
    success: f64,
    failure: f64,
    failed_cohorts: f64,
}

impl Window {
    /// The window of a destination that nothing is known about.
    pub(crate) fn new(limits: &WindowLimits) -> Self {
        Window {
            size: limits.initial.max(1),
            success: 0.0,
            failure: 0.0,
            failed_cohorts: 0.0,
        }
    }

    /// Its size now; never 0.
    pub(crate) fn size(&self) -> u32 {
        self.size
    }

    /// Learns from a delivery without connection or handshake failure while `busy` deliveries run.
    pub(crate) fn succeeded(&mut self, limits: &WindowLimits, busy: u32) {
        self.failed_cohorts = 0.0;
        let at_maximum = limits.maximum != 0 && self.size >= limits.maximum;
        // A window far above what really runs would make negative feedback useless.
        if at_maximum || self.size >= busy.saturating_add(limits.initial) {
            return;
        }
        let feedback = limits.positive.value(self.size);
        self.success += feedback;
        while self.success + feedback / 2.0 >= 1.0 {
            self.size += 1;
            self.success -= 1.0;
            self.failure = 0.0;
        }
        if limits.maximum != 0 {
            self.size = self.size.min(limits.maximum);
        }
    }

    /// Learns from a delivery that failed with a connection or handshake failure.
    pub(crate) fn failed(&mut self, limits: &WindowLimits) -> Verdict {
        self.failed_cohorts += 1.0 / f64::from(self.size);
        // The sum of N times 1/N may end just below 1.
        let limit = f64::from(limits.failed_cohorts) - 1e-9;
        if limits.failed_cohorts > 0 && self.failed_cohorts >= limit {
            return Verdict::Dead;
        }
        let feedback = limits.negative.value(self.size);
        self.failure -= feedback;
        while self.failure - feedback / 2.0 < 0.0 {
            self.size = self.size.saturating_sub(1);
            self.success = 0.0;
            self.failure += 1.0;
        }
        self.size = self.size.max(1);
        Verdict::Alive
    }

    /// Starts again after death, at what runs now or at the initial size.
    pub(crate) fn revive(&mut self, limits: &WindowLimits, busy: u32) {
        *self = Window::new(limits);
        if busy > 0 {
            self.size = busy;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(positive: &str, negative: &str) -> WindowLimits {
        WindowLimits {
            initial: 5,
            maximum: 20,
            positive: positive.parse().unwrap(),
            negative: negative.parse().unwrap(),
            failed_cohorts: 1,
        }
    }

    #[test]
    fn feedback_expressions_are_read_as_documented() {
        assert_eq!("1".parse(), Ok(Feedback::Constant(1.0)));
        assert_eq!("1/4".parse(), Ok(Feedback::Constant(0.25)));
        assert_eq!(
            "0.5 / concurrency".parse(),
            Ok(Feedback::OverConcurrency(0.5))
        );
        assert_eq!(
            "1/sqrt_concurrency".parse(),
            Ok(Feedback::OverSquareRoot(1.0))
        );
        for bad in [
            "",
            "x",
            "2",
            "-1",
            "1/",
            "1/0",
            "1/concurrency/2",
            "nan",
            "1/cubic",
        ] {
            assert_eq!(bad.parse::<Feedback>(), Err(BadFeedback), "{bad}");
        }
    }

    #[test]
    fn with_feedback_of_one_the_window_grows_by_one_per_delivery_up_to_the_limit() {
        let limits = limits("1", "1");
        let mut window = Window::new(&limits);
        let mut sizes = vec![];
        for _ in 0..20 {
            let busy = window.size();
            window.succeeded(&limits, busy);
            sizes.push(window.size());
        }
        assert_eq!(sizes[..4], [6, 7, 8, 9]);
        assert_eq!(window.size(), 20);
    }

    #[test]
    fn the_window_does_not_run_away_from_what_is_really_in_progress() {
        let limits = limits("1", "1");
        let mut window = Window::new(&limits);
        for _ in 0..100 {
            window.succeeded(&limits, 1);
        }
        assert_eq!(window.size(), 6);
    }

    #[test]
    fn with_feedback_over_concurrency_a_whole_window_of_successes_adds_one() {
        let limits = limits("1/concurrency", "1/concurrency");
        let mut window = Window::new(&limits);
        let mut deliveries = 0;
        while window.size() == 5 {
            window.succeeded(&limits, 5);
            deliveries += 1;
        }
        assert_eq!(deliveries, 5);
    }

    #[test]
    fn one_cohort_of_failures_kills_and_a_success_forgives() {
        let limits = limits("1", "1/concurrency");
        let mut window = Window::new(&limits);
        assert_eq!(window.failed(&limits), Verdict::Alive);
        assert_eq!(
            window.size(),
            4,
            "the first failure already narrows the window"
        );
        window.succeeded(&limits, 4);
        let mut failures = 0;
        while window.failed(&limits) == Verdict::Alive {
            failures += 1;
            assert!(failures < 10);
        }
        assert!(window.size() >= 1);
    }

    #[test]
    fn the_first_failure_at_a_window_of_one_is_a_cohort() {
        let limits = WindowLimits {
            initial: 1,
            ..limits("1", "1")
        };
        assert_eq!(Window::new(&limits).failed(&limits), Verdict::Dead);
    }

    #[test]
    fn without_a_cohort_limit_a_destination_never_dies() {
        let limits = WindowLimits {
            failed_cohorts: 0,
            ..limits("1", "1")
        };
        let mut window = Window::new(&limits);
        for _ in 0..1000 {
            assert_eq!(window.failed(&limits), Verdict::Alive);
        }
        assert_eq!(window.size(), 1);
    }

    #[test]
    fn a_revived_window_takes_up_what_still_runs() {
        let limits = limits("1", "1");
        let mut window = Window::new(&limits);
        window.revive(&limits, 3);
        assert_eq!(window.size(), 3);
        window.revive(&limits, 0);
        assert_eq!(window.size(), 5);
    }
}
