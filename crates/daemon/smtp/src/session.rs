// SPDX-License-Identifier: MIT OR Apache-2.0
//! A connection to a server: what it is called, what it offers, and one line at a time.
//!
//! *Invariants*: a reply takes bounded memory and a bounded number of lines; what a server says
//! is made printable before anything else sees it. A session on which something went wrong is
//! never used again ([`Session::reusable`]).
//!
//! *Postfix:* smtp_session(3), smtp_chat(3), smtp_stream(3).

use std::cell::RefCell;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bstr::ByteSlice;
use mail::smtp::ehlo::Features;
use mail::smtp::reply::{Reply, ReplyCollector};
use maps::Maps;
use runtime::log;
use runtime::stream::{Stream, Until};

/// Most lines of one reply; a server that says more is not a mail server.
const REPLY_LINES: usize = 1000;
/// Bytes of the overlong lines of one reply that are read past.
const SKIP_LIMIT: usize = 256 * 1024;

/// Where a session is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// A host.
    Inet(SocketAddr),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl Endpoint {
    /// The address or path alone.
    pub(crate) fn address(&self) -> String {
        match self {
            Endpoint::Inet(address) => address.ip().to_string(),
            Endpoint::Unix(path) => path.display().to_string(),
        }
    }
}

/// The ways in which the server is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The server's name.
    pub(crate) host: String,
    /// `HOST[ADDRESS]`.
    pub(crate) with_address: String,
    /// `HOST[ADDRESS]:PORT`, the `relay=` of the log.
    pub(crate) relay: String,
}

impl Names {
    /// The names of a server.
    pub(crate) fn new(host: &str, endpoint: &Endpoint) -> Names {
        let (with_address, relay) = match endpoint {
            Endpoint::Inet(address) => {
                let named = format!("{host}[{}]", address.ip());
                let relay = format!("{named}:{}", address.port());
                (named, relay)
            }
            Endpoint::Unix(path) => {
                let named = format!("{host}[{}]", path.display());
                (named.clone(), named)
            }
        };
        Names {
            host: host.to_owned(),
            with_address,
            relay,
        }
    }
}

/// How a conversation ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The server went away.
    Gone,
    /// The server took too long.
    TimedOut,
    /// A table of ours cannot say how its reply is meant.
    LocalData,
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Lost {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Lost::TimedOut,
            _ => Lost::Gone,
        }
    }
}

/// An open conversation.
pub(crate) struct Session {
    stream: Stream,
    /// Where it leads.
    pub(crate) endpoint: Endpoint,
    /// What the server is called.
    pub(crate) names: Names,
    /// What the server offers and we use.
    pub(crate) features: Features,
    /// The limit that came with SIZE, bytes; zero: none.
    pub(crate) size_limit: u64,
    /// Pause before the final dot: an old firewall needs it in a packet of its own.
    pub(crate) pause_before_dot: bool,
    /// Whether another message may be sent on this connection.
    pub(crate) reusable: bool,
    /// The server is among those that the domain prefers.
    pub(crate) is_best: bool,
    /// How many messages were sent before this one.
    pub(crate) uses: u32,
    /// When the connection was made.
    pub(crate) since: Instant,
    /// Whether the server may be told to end the conversation (it is still there).
    alive: bool,
    reply_limit: usize,
    absolute: bool,
    deadline: Option<Instant>,
    helpful: bool,
    filter: Option<ReplyFilter>,
    protocol: &'static str,
}

/// The tables of `smtp_reply_filter`, which may replace what servers say, line by line.
pub(crate) type ReplyFilter = Rc<RefCell<Maps>>;

/// How replies are read.
#[derive(Clone)]
pub(crate) struct ChatRules {
    /// What replaces replies.
    pub(crate) filter: Option<ReplyFilter>,
    /// Longest line, and longest reply that is kept (`line_length_limit`), bytes.
    pub(crate) line_limit: usize,
    /// Time limits are for whole requests and replies (`smtp_per_request_deadline`).
    pub(crate) absolute: bool,
    /// Say what to do about a warning (`helpful_warnings`).
    pub(crate) helpful: bool,
    /// `ESMTP` or `LMTP`.
    pub(crate) protocol: &'static str,
}

impl Session {
    /// A session on a fresh connection.
    pub(crate) fn new(stream: Stream, host: &str, endpoint: Endpoint, rules: ChatRules) -> Session {
        Session {
            stream,
            names: Names::new(host, &endpoint),
            endpoint,
            features: Features::empty(),
            size_limit: 0,
            pause_before_dot: false,
            reusable: true,
            is_best: false,
            uses: 0,
            since: Instant::now(),
            alive: true,
            reply_limit: rules.line_limit,
            absolute: rules.absolute,
            deadline: None,
            helpful: rules.helpful,
            filter: rules.filter,
            protocol: rules.protocol,
        }
    }

    /// Whether the server offers something.
    pub(crate) fn offers(&self, feature: Features) -> bool {
        self.features.contains(feature)
    }

    /// How long the next steps may take.
    pub(crate) fn limit(&mut self, limit: Duration) {
        self.stream.set_timeout(limit);
        self.deadline = if self.absolute {
            Instant::now().checked_add(limit)
        } else {
            None
        };
        self.stream.set_deadline(self.deadline);
    }

    /// Puts a command line into the output; it leaves with the next read, or when the output is
    /// large. Line breaks cannot get into it.
    pub(crate) fn command(&mut self, line: &[u8]) -> Result<(), Lost> {
        let mut bytes = Vec::with_capacity(line.len() + 2);
        bytes.extend(
            line.iter()
                .map(|&b| if b == b'\n' || b == b'\r' { b'?' } else { b }),
        );
        if log::verbose_level() > 0 {
            let shown = String::from_utf8_lossy(line);
            log::verbose(format_args!("> {}: {shown}", self.names.relay));
        }
        bytes.extend_from_slice(b"\r\n");
        self.write(&bytes)
    }

    /// Puts bytes into the output, and sends what is there when it is much.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Lost> {
        self.stream
            .write_all(bytes)
            .map_err(|error| self.lost(error))
    }

    /// Sends everything that waits.
    pub(crate) fn flush(&mut self) -> Result<(), Lost> {
        self.stream.flush().map_err(|error| self.lost(error))
    }

    /// Whether the server said something without being asked.
    pub(crate) fn has_input(&self) -> bool {
        self.stream.has_input()
    }

    /// Sends what waits and reads one reply.
    pub(crate) fn reply(&mut self, queue_id: &str) -> Result<Reply, Lost> {
        let mut collector = ReplyCollector::new(self.reply_limit);
        let mut skipped = 0;
        let mut is_told = false;
        for _ in 0..REPLY_LINES {
            let line = self.line(&mut skipped)?;
            if let (false, Some(kept)) = (is_told, collector.full()) {
                is_told = true;
                self.too_long(kept);
            }
            if log::verbose_level() > 0 {
                let shown = String::from_utf8_lossy(line.get(..100).unwrap_or(&line)).into_owned();
                log::verbose(format_args!("< {}: {shown}", self.names.relay));
            }
            let line = self.filtered(queue_id, line)?;
            let garbage = collector.garbage();
            if let Some(reply) = collector.push(&line) {
                return Ok(reply);
            }
            if collector.garbage() > garbage {
                self.garbage(queue_id, &line);
            }
        }
        log::warning(format_args!(
            "{queue_id}: endless reply from {}",
            self.names.relay
        ));
        self.alive = false;
        Err(Lost::Gone)
    }

    /// Tells that the rest of a reply is not kept.
    fn too_long(&self, kept: &[u8]) {
        let start = String::from_utf8_lossy(kept.get(..30).unwrap_or(kept)).into_owned();
        let (relay, limit) = (&self.names.relay, self.reply_limit);
        log::warning(format_args!(
            "{relay}: multi-line response longer than {limit} {start}..."
        ));
    }

    /// What `smtp_reply_filter` makes of a line.
    fn filtered(&mut self, queue_id: &str, line: Vec<u8>) -> Result<Vec<u8>, Lost> {
        let Some(filter) = self.filter.clone() else {
            return Ok(line);
        };
        let found = filter.borrow_mut().get(&line);
        match found {
            Ok(Some(replacement)) => {
                let (old, new) = (line.as_bstr(), replacement.as_bstr());
                log::info(format_args!(
                    "{}: replacing server reply \"{old}\" with \"{new}\"",
                    self.names.relay
                ));
                Ok(replacement)
            }
            Ok(None) => Ok(line),
            Err(error) => {
                log::warning(format_args!("{queue_id}: smtp_reply_filter: {error}"));
                self.alive = false;
                Err(Lost::LocalData)
            }
        }
    }

    /// A line that is no part of a reply. With pipelining nobody can know any more which
    /// command the next reply belongs to, so the connection is not used again.
    fn garbage(&mut self, queue_id: &str, line: &[u8]) {
        self.reusable = false;
        if self.offers(Features::PIPELINING) {
            let shown = String::from_utf8_lossy(line.get(..100).unwrap_or(line)).into_owned();
            log::warning(format_args!(
                "{queue_id}: non-{} response from {}: {shown}",
                self.protocol, self.names.relay
            ));
            let parameter = if self.protocol == "LMTP" {
                "lmtp_discard_lhlo_keyword_address_maps"
            } else {
                "smtp_discard_ehlo_keyword_address_maps"
            };
            if self.helpful {
                log::warning(format_args!(
                    "to prevent loss of mail, turn off command pipelining for {} with the \
                     {parameter} parameter",
                    self.endpoint.address()
                ));
            }
        }
    }

    /// One line, printable, without its end; what is too long is cut off.
    fn line(&mut self, skipped: &mut usize) -> Result<Vec<u8>, Lost> {
        let mut line = Vec::new();
        let limit = self.reply_limit;
        match self
            .stream
            .read_until(b'\n', limit, &mut line)
            .map_err(|error| self.lost(error))?
        {
            Until::Found => {}
            Until::LimitReached => {
                let shown = String::from_utf8_lossy(line.get(..30).unwrap_or(&line)).into_owned();
                let relay = &self.names.relay;
                log::warning(format_args!(
                    "{relay}: response longer than {limit}: {shown}..."
                ));
                self.skip_line(skipped)?;
            }
            Until::EndOfStream => {
                self.alive = false;
                return Err(Lost::Gone);
            }
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        for byte in &mut line {
            if !(b' '..=b'~').contains(byte) && *byte < 0x80 || *byte == 0x7f {
                *byte = b'?';
            }
        }
        Ok(line)
    }

    fn skip_line(&mut self, skipped: &mut usize) -> Result<(), Lost> {
        while *skipped < SKIP_LIMIT {
            let mut rest = Vec::new();
            let ended = self.stream.read_until(b'\n', 4096, &mut rest);
            match ended.map_err(|error| self.lost(error))? {
                Until::Found => return Ok(()),
                Until::LimitReached => *skipped += rest.len(),
                Until::EndOfStream => break,
            }
        }
        self.alive = false;
        Err(Lost::Gone)
    }

    fn lost(&mut self, error: io::Error) -> Lost {
        self.alive = false;
        self.reusable = false;
        Lost::from(error)
    }

    /// Forgets output that can never be sent.
    pub(crate) fn forget_output(&mut self) {
        self.stream.discard_output();
    }

    /// Says nothing more, and is not used again.
    pub(crate) fn hang_up(&mut self) {
        self.stream.discard_output();
        self.alive = false;
        self.reusable = false;
    }

    /// Gives the server more time, because it received something.
    pub(crate) fn extend(&mut self, time: Duration) {
        self.deadline = self
            .deadline
            .and_then(|deadline| deadline.checked_add(time));
        self.stream.set_deadline(self.deadline);
    }

    /// Ends the conversation in a friendly way, without waiting for an answer.
    pub(crate) fn quit(mut self, limit: Duration) {
        if self.alive {
            self.limit(limit.min(FAREWELL));
            let _ = self.command(b"QUIT");
            let _ = self.flush();
        }
    }
}

/// A farewell is not worth a long wait.
const FAREWELL: Duration = Duration::from_secs(5);
