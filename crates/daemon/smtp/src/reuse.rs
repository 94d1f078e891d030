// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connections that wait for the next message.
//!
//! The process keeps its own idle connections; it looks at them before it connects, and closes
//! them when nobody needed them for a while. There is no connection cache service in between:
//! that would cost several round trips a message.
//!
//! *Invariants*: at most [`KEPT`] connections wait; one on which the server said something, or
//! which it closed, is not handed out.
//!
//! *Postfix:* smtp_reuse(3), and scache(8) for one process.

use std::time::{Duration, Instant};

use crate::session::{Endpoint, Session};

/// Most connections that wait at a time.
const KEPT: usize = 4;

/// The waiting connections.
pub(crate) struct Idle {
    limit: Duration,
    farewell: Duration,
    sessions: Vec<Kept>,
}

struct Kept {
    destination: String,
    session: Session,
    since: Instant,
}

impl Idle {
    /// Connections are kept for `limit`; saying goodbye takes at most `farewell`.
    pub(crate) fn new(limit: Duration, farewell: Duration) -> Idle {
        Idle {
            limit,
            farewell,
            sessions: Vec::new(),
        }
    }

    /// A connection to this destination, if one leads to an address that `suits`.
    pub(crate) fn take(
        &mut self,
        destination: &str,
        suits: impl Fn(&Endpoint) -> bool,
    ) -> Option<Session> {
        self.expire(Instant::now());
        let found = self
            .sessions
            .iter()
            .position(|kept| kept.destination == destination && suits(&kept.session.endpoint))?;
        let session = self.sessions.swap_remove(found).session;
        // Between messages a server has nothing to say but farewell.
        (!session.has_input()).then_some(session)
    }

    /// Keeps a connection.
    pub(crate) fn put(&mut self, destination: String, mut session: Session) {
        session.uses = session.uses.saturating_add(1);
        if self.sessions.len() >= KEPT {
            self.sessions.remove(0).session.quit(self.farewell);
        }
        self.sessions.push(Kept {
            destination,
            session,
            since: Instant::now(),
        });
    }

    /// Closes what waited for too long; when to look again.
    pub(crate) fn expire(&mut self, now: Instant) -> Option<Duration> {
        let (limit, farewell) = (self.limit, self.farewell);
        let old = |kept: &mut Kept| now.saturating_duration_since(kept.since) >= limit;
        for kept in self.sessions.extract_if(.., old) {
            kept.session.quit(farewell);
        }
        let oldest = self.sessions.iter().map(|kept| kept.since).min()?;
        Some((oldest + limit).saturating_duration_since(now))
    }

    /// Closes everything.
    pub(crate) fn close(&mut self) {
        for kept in self.sessions.drain(..) {
            kept.session.quit(self.farewell);
        }
    }
}
