// SPDX-License-Identifier: MIT OR Apache-2.0
//! The internal conversations as a neighbour holds them, written anew here so that a mistake of
//! our own library cannot hide itself.

use kit::{Instance, watch};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

/// Names and values, in order.
pub(crate) type Attributes = Vec<(String, String)>;

/// A conversation with one service of an instance.
pub(crate) struct Conversation {
    reader: BufReader<UnixStream>,
}

impl Conversation {
    /// Connects to a service below `public/` or `private/`, and returns what it says first.
    pub(crate) fn begin(instance: &Instance, service: &str) -> (Self, Attributes) {
        let stream = UnixStream::connect(instance.path("spool").join(service)).expect("service");
        stream
            .set_read_timeout(Some(watch::PATIENCE))
            .expect("timeout");
        let mut conversation = Self {
            reader: BufReader::new(stream),
        };
        let announced = conversation.hear();
        (conversation, announced)
    }

    /// Sends bytes. A server that has heard enough may be gone.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).ok();
    }

    /// Sends a list of attributes.
    pub(crate) fn say(&mut self, attributes: &[(&str, &str)]) {
        let mut bytes = Vec::new();
        for (name, value) in attributes {
            for text in [name, value] {
                bytes.extend(text.bytes());
                bytes.push(0);
            }
        }
        bytes.push(0);
        self.send(&bytes);
    }

    /// The next list of attributes, as far as it comes.
    pub(crate) fn hear(&mut self) -> Attributes {
        let mut heard = Vec::new();
        while let Some(name) = self.text().filter(|name| !name.is_empty()) {
            let Some(value) = self.text() else { break };
            heard.push((name, value));
        }
        heard
    }

    fn text(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        self.reader.read_until(0, &mut bytes).ok()?;
        (bytes.pop() == Some(0)).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// One record of a queue file: its type, its length in groups of seven bits, its data.
pub(crate) fn record(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    let mut length = data.len();
    while length > 127 {
        bytes.push(0x80 | u8::try_from(length & 127).expect("seven bits"));
        length >>= 7;
    }
    bytes.push(u8::try_from(length).expect("seven bits"));
    bytes.extend(data);
    bytes
}

/// The records of a queue file.
pub(crate) fn records(mut file: &[u8]) -> Vec<(char, String)> {
    let mut found = Vec::new();
    while let [kind, rest @ ..] = file {
        file = rest;
        let (mut length, mut shift) = (0, 0);
        while let [byte, rest @ ..] = file {
            file = rest;
            length |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte & 128 == 0 {
                break;
            }
        }
        let (data, rest) = file.split_at(length.min(file.len()));
        file = rest;
        found.push((char::from(*kind), data.escape_ascii().to_string()));
    }
    found
}
