// SPDX-License-Identifier: MIT OR Apache-2.0
//! For tests: both ends of a conversation in memory, no sockets and no second thread.

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::rc::Rc;
use std::time::Duration;

use crate::stream::{Stream, Transport};

/// How a neighbour answers.
type Answer = Box<dyn FnMut(&[u8]) -> Vec<u8>>;

/// The descriptor of an end that has none.
#[expect(clippy::expect_used, reason = "a test fails then")]
fn nothing() -> File {
    File::open("/dev/null").expect("/dev/null")
}

/// A neighbour: whatever has been written to it is answered when somebody reads.
pub struct StandIn {
    answer: Answer,
    heard: Vec<u8>,
    said: Vec<u8>,
    null: File,
}

impl StandIn {
    /// A neighbour that says `hello` first.
    pub fn new(hello: Vec<u8>, answer: impl FnMut(&[u8]) -> Vec<u8> + 'static) -> StandIn {
        StandIn {
            answer: Box::new(answer),
            heard: Vec::new(),
            said: hello,
            null: nothing(),
        }
    }

    fn listen(&mut self) {
        let heard = std::mem::take(&mut self.heard);
        if !heard.is_empty() {
            let answer = (self.answer)(&heard);
            self.said.extend_from_slice(&answer);
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.listen();
    }
}

impl Transport for StandIn {
    fn read(&mut self, buffer: &mut [u8], _limit: Option<Duration>) -> io::Result<usize> {
        if self.said.is_empty() {
            self.listen();
        }
        let count = self.said.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.said[..count]);
        self.said.drain(..count);
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8], _limit: Option<Duration>) -> io::Result<usize> {
        self.heard.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.null.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        None
    }
}

/// A client that has said everything before it is listened to.
pub struct Conversation {
    input: Rc<RefCell<(Vec<u8>, usize)>>,
    output: Rc<RefCell<Vec<u8>>>,
}

impl Conversation {
    /// With a client that says this.
    pub fn new(input: Vec<u8>) -> Conversation {
        Conversation {
            input: Rc::new(RefCell::new((input, 0))),
            output: Rc::default(),
        }
    }

    /// The server's end.
    fn transport(&self) -> ServerEnd {
        ServerEnd {
            input: Rc::clone(&self.input),
            output: Rc::clone(&self.output),
            null: nothing(),
        }
    }

    /// The server's end, as servers have it.
    pub fn stream(&self) -> Stream {
        Stream::over(Box::new(self.transport()))
    }

    /// What the server said.
    pub fn output(&self) -> Vec<u8> {
        self.output.borrow().clone()
    }

    /// What the server said after its announcement, to be read.
    pub fn answer(&self) -> Option<Stream> {
        let output = self.output();
        let announcement = output.windows(2).position(|pair| pair == b"\0\0")? + 2;
        let rest = Conversation::new(output.get(announcement..)?.to_vec());
        Some(rest.stream())
    }
}

/// The server's end of a [`Conversation`].
struct ServerEnd {
    input: Rc<RefCell<(Vec<u8>, usize)>>,
    output: Rc<RefCell<Vec<u8>>>,
    null: File,
}

impl Transport for ServerEnd {
    fn read(&mut self, buffer: &mut [u8], _limit: Option<Duration>) -> io::Result<usize> {
        let (input, position) = &mut *self.input.borrow_mut();
        let rest = &input[*position..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        *position += count;
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8], _limit: Option<Duration>) -> io::Result<usize> {
        self.output.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.null.as_fd()
    }

    fn into_fd(self: Box<Self>) -> Option<OwnedFd> {
        None
    }
}
