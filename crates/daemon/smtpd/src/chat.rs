// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversation as such: commands in, replies out, within bounds of length and time.
//!
//! Replies collect in the stream's buffer and leave when the session waits for input, so a
//! client that pipelines gets one packet for many commands.
//!
//! *Invariants*: at most line_length_limit bytes of a command are kept; a reply has no control
//! characters but its line ends, whatever a client sent.
//!
//! *Errors*: [`Lost`] ends the session.
//!
//! *Postfix:* smtpd_chat(3), smtp_stream(3).

use std::fmt::Display;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use mail::line::{BareNewline, LineEnd, strip_line_end};
use mail::text::printable;
use runtime::event::Client;
use runtime::log;
use runtime::stream::{Stream, Until};
use runtime::watchdog;

/// Why the conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The client went away.
    Connection,
    /// The client said nothing for too long.
    Timeout,
    /// We hang up, after a reply that says why.
    HangUp,
    /// The same, and the log says so.
    TooManyErrors,
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Lost {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Lost::Timeout,
            _ => Lost::Connection,
        }
    }
}

/// A command line as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The text, without line end.
    Line {
        /// The text.
        text: Vec<u8>,
        /// It ended in LF without CR.
        bare_newline: bool,
    },
    /// More than line_length_limit bytes; they are skipped.
    TooLong,
}

/// Settings of the conversation.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// smtpd_timeout.
    pub(crate) timeout: Duration,
    /// smtpd_per_request_deadline.
    pub(crate) deadline_per_request: bool,
    /// smtpd_min_data_rate, bytes a second.
    pub(crate) least_rate: u64,
    /// line_length_limit.
    pub(crate) line_length_limit: usize,
    /// soft_bounce.
    pub(crate) soft_bounce: bool,
    /// smtpd_error_sleep_time.
    pub(crate) error_pause: Duration,
    /// smtpd_soft_error_limit.
    pub(crate) soft_error_limit: u64,
}

/// What is skipped of an overlong command, in units of line_length_limit, before the client's
/// input is ignored altogether.
const SKIP_LINES: usize = 100;
/// How long that may take.
const SKIP_TIME: Duration = Duration::from_secs(10);

/// The conversation with one client.
pub(crate) struct Chat {
    stream: Stream,
    rules: Rules,
    hang_up: bool,
    /// Errors so far; success of a message resets them.
    pub(crate) errors: u64,
    /// Commands without use so far (smtpd_junk_command_limit).
    pub(crate) junk: u64,
    /// How lines that end in bare LF are treated.
    pub(crate) bare_newlines: BareNewline,
}

impl Chat {
    /// A conversation that has not begun.
    pub(crate) fn new(mut stream: Stream, rules: Rules, bare_newlines: BareNewline) -> Chat {
        stream.set_timeout(rules.timeout);
        Chat {
            stream,
            rules,
            hang_up: false,
            errors: 0,
            junk: 0,
            bare_newlines,
        }
    }

    /// Whether the last reply said that we hang up.
    pub(crate) fn is_hanging_up(&self) -> bool {
        self.hang_up
    }

    /// Says one reply line. Codes 421 and 521 end the session.
    pub(crate) fn say(&mut self, text: impl Display) -> Result<(), Lost> {
        self.say_line(&text.to_string())
    }

    /// Says a reply of several lines, all with this code.
    pub(crate) fn say_lines(&mut self, code: u16, lines: &[String]) -> Result<(), Lost> {
        let (last, others) = match lines.split_last() {
            Some(parts) => parts,
            None => return Ok(()),
        };
        for line in others {
            self.write(&format!("{code}-{line}"))?;
        }
        self.say_line(&format!("{code} {last}"))
    }

    /// Says a complete reply that somebody else made; it may have several lines.
    pub(crate) fn say_foreign(&mut self, reply: &[u8]) -> Result<(), Lost> {
        let mut lines = reply
            .split(|&b| b == b'\n')
            .filter(|line| !line.is_empty())
            .peekable();
        while let Some(line) = lines.next() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = String::from_utf8_lossy(line).into_owned();
            if lines.peek().is_some() {
                self.write(&self.softened(&text))?;
            } else {
                self.say_line(&text)?;
            }
        }
        Ok(())
    }

    fn say_line(&mut self, text: &str) -> Result<(), Lost> {
        let text = self.softened(text);
        if self.errors >= self.rules.soft_error_limit && !self.rules.error_pause.is_zero() {
            std::thread::sleep(self.rules.error_pause);
        }
        self.write(&text)?;
        if text.starts_with("421") || text.starts_with("521") {
            self.hang_up = true;
        }
        Ok(())
    }

    /// With soft_bounce, a permanent refusal becomes a temporary one.
    fn softened(&self, text: &str) -> String {
        match text.strip_prefix('5') {
            Some(rest) if self.rules.soft_bounce => match rest.split_at_checked(3) {
                Some((code, detail)) => {
                    let detail = detail.strip_prefix("5.").map(|rest| format!("4.{rest}"));
                    let rest = detail.map_or(rest.to_owned(), |detail| format!("{code}{detail}"));
                    format!("4{rest}")
                }
                None => format!("4{rest}"),
            },
            _ => text.to_owned(),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Lost> {
        let mut line = printable(text.as_bytes(), b'?');
        line.extend_from_slice(b"\r\n");
        Ok(self.stream.write_all(&line)?)
    }

    /// Waits for the next command.
    pub(crate) fn read_command(&mut self, client: &Client) -> Result<Input, Lost> {
        self.read_line(client, self.rules.line_length_limit)
    }

    /// Waits for a line of at most so many bytes.
    pub(crate) fn read_line(&mut self, client: &Client, limit: usize) -> Result<Input, Lost> {
        self.start_request();
        let mut line = Vec::new();
        // The line end does not count.
        match self.stream.read_until(b'\n', limit + 2, &mut line)? {
            Until::Found => {
                let (text, end) = strip_line_end(&line);
                Ok(Input::Line {
                    text: text.to_vec(),
                    bare_newline: end == LineEnd::BareLf,
                })
            }
            Until::EndOfStream => Err(Lost::Connection),
            Until::LimitReached => {
                let start = line.get(..30).unwrap_or(&line);
                log::warning(format_args!(
                    "{client}: request longer than {limit}: {}...",
                    String::from_utf8_lossy(&printable(start, b'?'))
                ));
                self.skip_line(client)?;
                Ok(Input::TooLong)
            }
        }
    }

    /// Skips the rest of a line, within bounds.
    fn skip_line(&mut self, client: &Client) -> Result<(), Lost> {
        self.stream.set_deadline(Some(Instant::now() + SKIP_TIME));
        let mut room = SKIP_LINES * self.rules.line_length_limit;
        loop {
            let input = self.stream.fill()?;
            if input.is_empty() {
                return Err(Lost::Connection);
            }
            if let Some(end) = input.iter().position(|&b| b == b'\n') {
                self.stream.consume(end + 1);
                return Ok(());
            }
            let skipped = input.len();
            self.stream.consume(skipped);
            room = room.saturating_sub(skipped);
            if room == 0 {
                log::warning(format_args!("disabling input from {client}"));
                return Err(Lost::Connection);
            }
        }
    }

    /// Begins the time of one request.
    pub(crate) fn start_request(&mut self) {
        watchdog::pat();
        let deadline = self
            .rules
            .deadline_per_request
            .then(|| Instant::now() + self.rules.timeout);
        self.stream.set_deadline(deadline);
    }

    /// Begins the time of receiving content, which grows with what arrives.
    pub(crate) fn start_content(&mut self) -> ContentClock {
        self.start_request();
        ContentClock {
            deadline: self
                .rules
                .deadline_per_request
                .then(|| Instant::now() + self.rules.timeout),
            latest: self.rules.timeout,
            least_rate: self.rules.least_rate.max(1),
        }
    }

    /// Some content, at least one byte.
    pub(crate) fn content(&mut self) -> Result<&[u8], Lost> {
        // Two steps, since the borrow checker does not see that an error ends the borrow.
        if self.stream.fill()?.is_empty() {
            return Err(Lost::Connection);
        }
        Ok(self.stream.buffered())
    }

    /// Takes content that was used.
    pub(crate) fn consume(&mut self, count: usize, clock: &mut ContentClock) {
        watchdog::pat();
        self.stream.consume(count);
        if let Some(deadline) = clock.extended(count) {
            self.stream.set_deadline(Some(deadline));
        }
    }

    /// Whether the client has sent something that was not asked for yet.
    pub(crate) fn has_input(&self) -> bool {
        self.stream.has_input()
    }

    /// The beginning of input that waits, for the log.
    pub(crate) fn waiting_input(&mut self) -> Vec<u8> {
        if self.stream.buffered().is_empty() && self.stream.unwritten() == 0 {
            // There is something in the socket; reading does not wait.
            let _ = self.stream.fill();
        }
        let input = self.stream.buffered();
        input.get(..100).unwrap_or(input).to_vec()
    }

    /// How much content came since the last was taken, for the log.
    pub(crate) fn buffered(&self) -> usize {
        self.stream.buffered().len()
    }

    /// Gives the stream to a handshake, and goes on with what comes of it. Whatever the client had
    /// sent before is forgotten; after an error there is nobody to talk to.
    pub(crate) fn encrypt<T, E>(
        &mut self,
        handshake: impl FnOnce(Stream) -> Result<(Stream, T), E>,
    ) -> Result<Result<T, E>, Lost> {
        let (ended, _) = Stream::pair()?;
        let mut plain = std::mem::replace(&mut self.stream, ended);
        plain.set_deadline(None);
        Ok(handshake(plain).map(|(encrypted, made)| {
            self.stream = encrypted;
            made
        }))
    }

    /// Sends what was said.
    pub(crate) fn flush(&mut self) -> Result<(), Lost> {
        Ok(self.stream.flush()?)
    }
}

/// The time that receiving content may take: at least smtpd_min_data_rate.
pub(crate) struct ContentClock {
    deadline: Option<Instant>,
    latest: Duration,
    least_rate: u64,
}

impl ContentClock {
    /// The deadline after so many more bytes: later, but never further away than smtpd_timeout.
    fn extended(&mut self, bytes: usize) -> Option<Instant> {
        let deadline = self.deadline?;
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let credit = Duration::from_millis(bytes.saturating_mul(1000) / self.least_rate);
        let latest = Instant::now() + self.latest;
        let extended = deadline
            .checked_add(credit)
            .map_or(latest, |later| later.min(latest));
        self.deadline = Some(extended);
        Some(extended)
    }
}
