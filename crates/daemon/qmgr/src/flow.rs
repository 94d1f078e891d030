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
        if tokens > limit {
            flow.take(tokens - limit);
        } else if tokens < limit {
            let missing = limit - tokens;
            flow.put(if idle { missing } else { missing.min(new_mail) });
        }
    }
}
