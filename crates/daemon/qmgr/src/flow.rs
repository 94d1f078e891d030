// SPDX-License-Identifier: MIT OR Apache-2.0
//! The rate at which mail may come in: tokens in master's mail-flow pipe.
//!
//! cleanup takes one for each message, and waits a little when there is none. One is put back for
//! each message that entered the active queue from the incoming queue; while no walk through the
//! incoming queue is going on, the pipe is filled up. So receivers that get ahead are slowed to the
//! rate at which this process takes mail in.
//!
//! *Postfix:* mail_flow(3) and the loop of qmgr.

use crate::{Event, QueueManager};
use server::Loop;

impl QueueManager {
    /// Adjusts the tokens, after a pass that took `new_mail` messages from the incoming queue.
    pub(crate) fn adjust_flow(&mut self, new_mail: usize, ctx: &mut Loop<Event>) {
        if self.params.in_flow_delay.is_zero() {
            return;
        }
        let limit = usize::try_from(self.params.default_process_limit).unwrap_or(0);
        let idle = !self.scans.reads_incoming();
        let Some(flow) = ctx.flow() else { return };
        let Ok(tokens) = flow.count() else { return };
        match adjustment(tokens, limit, new_mail, idle) {
            Adjustment::Put(count) => flow.put(count),
            Adjustment::Take(count) => flow.take(count),
        };
    }
}

/// A change of the number of tokens.
#[derive(Debug, PartialEq, Eq)]
enum Adjustment {
    Put(usize),
    Take(usize),
}

fn adjustment(tokens: usize, limit: usize, new_mail: usize, idle: bool) -> Adjustment {
    match limit.checked_sub(tokens) {
        None => Adjustment::Take(tokens - limit),
        Some(missing) if idle => Adjustment::Put(missing),
        Some(missing) => Adjustment::Put(missing.min(new_mail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_follow_the_rate_of_intake_while_there_is_a_backlog() {
        assert_eq!(adjustment(3, 100, 2, false), Adjustment::Put(2));
        assert_eq!(adjustment(3, 100, 0, false), Adjustment::Put(0));
        assert_eq!(adjustment(99, 100, 5, false), Adjustment::Put(1));
    }

    #[test]
    fn without_a_backlog_the_pipe_is_full_and_never_overfull() {
        assert_eq!(adjustment(3, 100, 0, true), Adjustment::Put(97));
        assert_eq!(adjustment(100, 100, 1, true), Adjustment::Put(0));
        assert_eq!(adjustment(107, 100, 1, true), Adjustment::Take(7));
    }
}
