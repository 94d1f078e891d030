// SPDX-License-Identifier: MIT OR Apache-2.0
//! For tests of delivery agents: a queue file made by hand, and a bounce service that remembers
//! what it was told.
//!
//! *Errors*: everything panics; this is not linked into programs (feature `fixture`).

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made ends the test"
)]

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use ipc::client::{Endpoint, announce_protocol, write_status};
use ipc::record::{self, RecordType};
use ipc::services::delivery::DeliveryRequest;
use ipc::services::{Recipient, bounce};
use runtime::log::{self, Sink};
use runtime::stream::Stream;

use crate::request::Message;

/// A message with this content; one recipient record per recipient, offsets filled in.
pub fn message(content: &[(RecordType, &[u8])], recipients: &[&str]) -> Message {
    let mut bytes = Vec::new();
    record::write(&mut bytes, RecordType::MessageSize, &[b' '; 95]);
    let mut list = Vec::new();
    for address in recipients {
        let offset = bytes.len() as u64;
        record::write(&mut bytes, RecordType::Recipient, address.as_bytes());
        list.push(Recipient {
            offset,
            ..Recipient::new(*address)
        });
    }
    record::write(&mut bytes, RecordType::MessageContent, b"");
    let data_offset = bytes.len() as u64;
    for (kind, data) in content {
        record::write(&mut bytes, *kind, data);
    }
    let data_size = bytes.len() as u64 - data_offset;
    record::write(&mut bytes, RecordType::ExtractedInformation, b"");
    record::write(&mut bytes, RecordType::End, b"");
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let request = DeliveryRequest {
        queue_id: b"3C91B2".to_vec(),
        sender: b"sender@example.org".to_vec(),
        data_offset,
        data_size,
        recipients: list,
        ..DeliveryRequest::default()
    };
    Message::new(request, file)
}

/// Lines of content.
#[must_use]
pub fn lines<'a>(text: &'a [&'a str]) -> Vec<(RecordType, &'a [u8])> {
    text.iter()
        .map(|line| (RecordType::RegularText, line.as_bytes()))
        .collect()
}

/// The type bytes of the recipient records of a message.
pub fn marks(message: &Message) -> Vec<u8> {
    use std::os::unix::fs::FileExt;
    let mark = |offset| {
        let mut byte = [0];
        message.file().read_exact_at(&mut byte, offset).unwrap();
        byte[0]
    };
    message
        .request
        .recipients
        .iter()
        .map(|recipient| mark(recipient.offset))
        .collect()
}

/// A service that says `status` to every request and keeps the requests. The conversation goes
/// through a file: the client writes its request after the reply is already there.
pub struct FakeService {
    /// Connects to the service.
    pub endpoint: Endpoint,
    requests: Rc<RefCell<Vec<Stream>>>,
}

impl FakeService {
    /// A service that answers every request with `status`.
    #[must_use]
    pub fn new(status: i32) -> FakeService {
        let requests = Rc::new(RefCell::new(Vec::new()));
        let kept = Rc::clone(&requests);
        let endpoint = Endpoint::fake("private/fake", move || {
            let (mut server, client) = Stream::pair()?;
            announce_protocol(&mut server, bounce::PROTOCOL)?;
            write_status(&mut server, status)?;
            kept.borrow_mut().push(server);
            Ok(client)
        });
        FakeService { endpoint, requests }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<bounce::Request> {
        let streams = self.requests.borrow_mut().split_off(0);
        streams
            .into_iter()
            .map(|mut stream| bounce::Request::read(&mut stream).unwrap())
            .collect()
    }
}

/// Captures the log of this thread.
pub fn captured_log() -> Rc<RefCell<Vec<String>>> {
    let captured = Rc::new(RefCell::new(Vec::new()));
    log::start("postfix/test", vec![Sink::Capture(Rc::clone(&captured))]);
    captured
}
