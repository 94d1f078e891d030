// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which stage of a delivery took how long.
//!
//! *Postfix:* log_adhoc(3).

use std::time::{Duration, SystemTime};

use ipc::services::MessageStats;
use runtime::event::Delays;

/// The delays of a delivery that ends at `now` (or ended before, as `stats` says), to be shown
/// with at most `resolution` decimals. Stages that were not reached take no time; clocks that
/// went back count as no time either.
#[must_use]
pub fn delays(stats: &MessageStats, now: SystemTime, resolution: u32) -> Delays {
    let now = stats.deliver_done.unwrap_or(now);
    let between = |from: SystemTime, to: SystemTime| to.duration_since(from).unwrap_or_default();
    let mut parts = [Duration::ZERO; 4];
    let Some(arrival) = stats.incoming_arrival else {
        return Delays {
            total: Duration::ZERO,
            parts,
            resolution,
        };
    };
    let total = between(arrival, now);
    match (
        stats.active_arrival,
        stats.agent_handoff,
        stats.conn_setup_done,
    ) {
        (None, _, _) => parts[0] = total,
        (Some(active), None, _) => {
            parts[0] = between(arrival, active);
            parts[1] = between(active, now);
        }
        (Some(active), Some(handoff), connected) => {
            parts[0] = between(arrival, active);
            parts[1] = between(active, handoff);
            match connected {
                Some(connected) => {
                    parts[2] = between(handoff, connected);
                    parts[3] = between(connected, now);
                }
                None => parts[3] = between(handoff, now),
            }
        }
    }
    Delays {
        total,
        parts,
        resolution,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_the_times_that_are_known() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let at = |seconds| Some(start + Duration::from_secs(seconds));
        let mut stats = MessageStats {
            incoming_arrival: at(0),
            ..MessageStats::default()
        };
        let now = start + Duration::from_secs(10);
        let log = |stats: &MessageStats| delays(stats, now, 2).to_string();
        assert_eq!(log(&stats), "delay=10, delays=10/0/0/0");
        stats.active_arrival = at(1);
        assert_eq!(log(&stats), "delay=10, delays=1/9/0/0");
        stats.agent_handoff = at(3);
        assert_eq!(log(&stats), "delay=10, delays=1/2/0/7");
        stats.conn_setup_done = at(4);
        assert_eq!(log(&stats), "delay=10, delays=1/2/1/6");
        stats.deliver_done = at(2);
        assert_eq!(log(&stats), "delay=2, delays=1/2/1/0");
    }
}
