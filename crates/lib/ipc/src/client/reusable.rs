// SPDX-License-Identifier: MIT OR Apache-2.0
//! A connection that serves many requests.
//!
//! It is opened when first needed, closed after [`IPC_IDLE`](super::IPC_IDLE) without use or
//! [`IPC_TTL`](super::IPC_TTL) since it was opened, and opened again without a word when the
//! server hung up in between, which servers do when they have served their number of clients or
//! when a table changed.
//!
//! *Bugs*: the limits are looked at when the connection is next used, or when the owner calls
//! [`Reusable::close_if_old`]; a program that never returns to either keeps its connection.

use super::{ClientError, Endpoint, IPC_IDLE, IPC_TIMEOUT, IPC_TTL, expect_protocol};
use crate::attr::AttrError;
use runtime::log;
use runtime::stream::Stream;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// How often a request is tried on new connections before the caller hears of it.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// A kept connection to one service.
pub struct Reusable {
    endpoint: Endpoint,
    protocol: &'static str,
    timeout: Duration,
    idle: Duration,
    ttl: Duration,
    open: Option<Open>,
    generation: u64,
    patient: bool,
}

struct Open {
    stream: Stream,
    opened: Instant,
    used: Instant,
}

impl Reusable {
    /// A connection to be made when first needed, to a server that announces this protocol.
    #[must_use]
    pub fn new(endpoint: Endpoint, protocol: &'static str) -> Reusable {
        Reusable {
            endpoint,
            protocol,
            timeout: IPC_TIMEOUT,
            idle: IPC_IDLE,
            ttl: IPC_TTL,
            open: None,
            generation: 0,
            patient: true,
        }
    }

    /// Does not wait for a service that is not there, for callers whose own clients wait.
    #[must_use]
    pub fn impatient(mut self) -> Reusable {
        self.patient = false;
        self
    }

    /// Other limits than the defaults: `ipc_timeout`, `ipc_idle`, `ipc_ttl`.
    #[must_use]
    pub fn with_limits(mut self, timeout: Duration, idle: Duration, ttl: Duration) -> Reusable {
        self.timeout = timeout;
        self.idle = idle;
        self.ttl = ttl;
        self
    }

    /// The service's name for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        self.endpoint.name()
    }

    /// Which connection this is: the number grows with every new one, so that an owner knows
    /// when what it remembers came from an earlier server.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Sends one request and reads its reply. When the server hung up, or a request gets no
    /// answer, the same request is sent again on a new connection, a few times.
    ///
    /// # Errors
    /// The service cannot be reached, or keeps failing; the last reason.
    pub fn exchange<T>(
        &mut self,
        request: &[u8],
        mut read: impl FnMut(&mut Stream) -> Result<T, AttrError>,
    ) -> Result<T, ClientError> {
        let mut attempt = 1;
        loop {
            let reused = self.refresh();
            let error = match self.attempt(request, &mut read) {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            self.close();
            // That a kept connection was closed under our hands is ordinary: no word, no count.
            if reused
                && matches!(
                    &error,
                    ClientError::Broken {
                        error: AttrError::Gone,
                        ..
                    }
                )
            {
                continue;
            }
            if attempt == TRIES || matches!(error, ClientError::Unreachable { .. }) {
                return Err(error);
            }
            log::warning(format_args!(
                "problem talking to service {}: {error}",
                self.name()
            ));
            std::thread::sleep(PAUSE);
            attempt += 1;
        }
    }

    /// Closes the connection.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Closes the connection if it was idle, or open, for too long; for programs that are about
    /// to wait.
    pub fn close_if_old(&mut self) {
        if let Some(open) = &self.open
            && (open.used.elapsed() >= self.idle || open.opened.elapsed() >= self.ttl)
        {
            self.close();
        }
    }

    /// Drops a connection that is too old or that the server closed; whether one is left.
    fn refresh(&mut self) -> bool {
        self.close_if_old();
        // Between requests the server has nothing to say: what can be read is its farewell.
        if self
            .open
            .as_mut()
            .is_some_and(|open| open.stream.has_input())
        {
            self.close();
        }
        self.open.is_some()
    }

    fn attempt<T>(
        &mut self,
        request: &[u8],
        read: &mut impl FnMut(&mut Stream) -> Result<T, AttrError>,
    ) -> Result<T, ClientError> {
        let name = self.endpoint.name();
        let open = match &mut self.open {
            Some(open) => open,
            closed => {
                let mut stream = if self.patient {
                    self.endpoint.connect_patiently(self.timeout)?
                } else {
                    self.endpoint.connect(self.timeout)?
                };
                expect_protocol(&mut stream, self.protocol, name)
                    .map_err(|error| ClientError::reading(name, error))?;
                self.generation += 1;
                let now = Instant::now();
                closed.insert(Open {
                    stream,
                    opened: now,
                    used: now,
                })
            }
        };
        open.stream
            .write_all(request)
            .and_then(|()| open.stream.flush())
            .map_err(|error| ClientError::writing(name, error))?;
        let reply = read(&mut open.stream).map_err(|error| ClientError::reading(name, error))?;
        open.used = Instant::now();
        Ok(reply)
    }
}
