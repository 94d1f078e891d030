// SPDX-License-Identifier: MIT OR Apache-2.0
//! A server that follows a script, in the same thread as the client.
//!
//! A script has lines `C: what the client must have written` and `S: what the server says`. When
//! the client reads, everything that the script has before the next `S:` must be written by
//! then, and nothing else: so the script also shows what is pipelined and what is not. `S:
//! <close>` and `S: <timeout>` end the conversation.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use runtime::stream::{Stream, Transport};

use crate::connect::Dial;

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Client(String),
    Server(String),
    Close,
    TimeOut,
    /// Writing fails from here on.
    Break,
}

/// The state of one conversation.
#[derive(Debug, Default)]
struct State {
    steps: VecDeque<Step>,
    written: Vec<u8>,
    broken: bool,
}

impl State {
    /// Takes the expected client lines off the script and off what was written.
    fn check(&mut self) {
        while let Some(Step::Client(line)) = self.steps.front().cloned() {
            let length = self.written.windows(2).position(|end| end == b"\r\n");
            let Some(length) = length else {
                let rest = String::from_utf8_lossy(&self.written).into_owned();
                panic!("expected \"C: {line}\", but the client waits; incomplete: {rest:?}");
            };
            let rest = self.written.split_off(length + 2);
            let got = std::mem::replace(&mut self.written, rest);
            let got = String::from_utf8_lossy(&got[..length]).into_owned();
            assert_eq!(got, line, "the rest of the script: {:?}", self.steps);
            self.steps.pop_front();
        }
        assert!(
            self.written.is_empty(),
            "the client wrote {:?} before {:?}",
            String::from_utf8_lossy(&self.written),
            self.steps.front()
        );
    }
}

/// A scripted connection.
#[derive(Clone, Debug)]
pub(super) struct Script(Rc<RefCell<State>>);

impl Script {
    pub(super) fn new(text: &str) -> Script {
        let lines = text
            .lines()
            .map(str::trim_start)
            .filter(|line| !line.is_empty());
        let steps = lines.map(|line| match line.split_once(": ").unwrap_or((line, "")) {
            ("C" | "C:", said) => Step::Client(said.to_owned()),
            ("S", "<close>") => Step::Close,
            ("S", "<timeout>") => Step::TimeOut,
            ("S", "<break>") => Step::Break,
            ("S", said) => Step::Server(said.to_owned()),
            _ => panic!("not a line of a script: {line}"),
        });
        Script(Rc::new(RefCell::new(State {
            steps: steps.collect(),
            ..State::default()
        })))
    }

    pub(super) fn stream(&self) -> Stream {
        // A descriptor on which nothing ever comes.
        let (quiet, other) = sys::socket::pair().unwrap();
        Stream::over(Box::new(Wire {
            script: self.clone(),
            quiet,
            _other: other,
        }))
    }

    /// The conversation is over: everything that the client should have said was said.
    pub(super) fn finish(&self) {
        let mut state = self.0.borrow_mut();
        if !state.broken {
            state.check();
        }
        assert!(
            state.steps.is_empty(),
            "still in the script: {:?}",
            state.steps
        );
    }
}

struct Wire {
    script: Script,
    quiet: OwnedFd,
    _other: OwnedFd,
}

impl Transport for Wire {
    fn read(&mut self, buffer: &mut [u8], _limit: Option<Duration>) -> io::Result<usize> {
        let mut state = self.script.0.borrow_mut();
        if state.steps.front() == Some(&Step::Break) {
            state.steps.pop_front();
        }
        if !state.broken {
            state.check();
        }
        match state.steps.pop_front() {
            Some(Step::Server(line)) => {
                let line = format!("{line}\r\n");
                buffer[..line.len()].copy_from_slice(line.as_bytes());
                Ok(line.len())
            }
            Some(Step::TimeOut) => Err(io::ErrorKind::TimedOut.into()),
            Some(Step::Close) => Ok(0),
            other => panic!("the client reads, but the script has {other:?}"),
        }
    }

    fn write(&mut self, bytes: &[u8], _limit: Option<Duration>) -> io::Result<usize> {
        let mut state = self.script.0.borrow_mut();
        if state.steps.front() == Some(&Step::Break) || state.broken {
            state.steps.pop_front();
            state.broken = true;
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        state.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn has_pending(&self) -> bool {
        let state = self.script.0.borrow();
        matches!(state.steps.front(), Some(Step::Server(_) | Step::Close))
            && state.written.is_empty()
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.quiet.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        None
    }
}

/// What becomes of one attempt to connect.
pub(super) enum Call {
    /// A conversation.
    Script(Script),
    /// A failure with this error number.
    Error(i32),
}

/// Connections by a list: to whom, and what happens.
pub(super) struct Calls(pub(super) Rc<RefCell<VecDeque<(String, Call)>>>);

impl Calls {
    fn next(&mut self, to: &str) -> io::Result<Stream> {
        let (expected, call) = self
            .0
            .borrow_mut()
            .pop_front()
            .unwrap_or_else(|| panic!("unexpected connection to {to}"));
        assert_eq!(to, expected);
        match call {
            Call::Script(script) => Ok(script.stream()),
            Call::Error(code) => Err(io::Error::from_raw_os_error(code)),
        }
    }
}

impl Dial for Calls {
    fn inet(
        &mut self,
        address: SocketAddr,
        _from: Option<IpAddr>,
        _timeout: Duration,
    ) -> io::Result<Stream> {
        self.next(&address.to_string())
    }

    fn unix(&mut self, path: &Path, _timeout: Duration) -> io::Result<Stream> {
        self.next(&path.display().to_string())
    }
}
