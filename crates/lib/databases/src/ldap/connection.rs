// SPDX-License-Identifier: MIT OR Apache-2.0
//! A conversation with a directory server (RFC 4511): binding and searching.
//!
//! *Invariants*: one message is at most [`MESSAGE_LIMIT`] bytes, all messages of one search
//! [`ANSWER_LIMIT`]; binding and each search have their deadline.
//!
//! *Postfix:* what libldap does for dict_ldap(3).

use std::io::{self, Read as _, Write as _};
use std::time::{Duration, Instant};

use bstr::ByteSlice as _;
use runtime::stream::Stream;

use super::Login;
use super::ber::{self, BOOLEAN, ENUMERATED, INTEGER, OCTETS, SEQUENCE, SET, Values};
use super::uri::{Scope, Server};
use crate::encryption::encrypt;
use crate::pool::{CONNECT_LIMIT, Trouble};
use crate::sql::ANSWER_LIMIT;

/// The largest message, in bytes.
const MESSAGE_LIMIT: usize = 1 << 20;

const BIND: u8 = 0x60;
const BOUND: u8 = 0x61;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;
const ENTRY: u8 = 0x64;
const DONE: u8 = 0x65;
const REFERENCE: u8 = 0x73;
const EXTENDED: u8 = 0x78;
const EXTENSION: u8 = 0x77;

/// The operation that begins TLS (RFC 4511, 4.14).
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// How we say who we are.
#[derive(Debug, Clone)]
pub(super) enum Bind {
    /// Not at all.
    None,
    /// A name and a password; both empty for nobody in particular.
    Simple { name: String, password: String },
    /// A SASL mechanism with all it says.
    Sasl {
        name: String,
        mechanism: &'static str,
        credentials: Vec<u8>,
    },
}

/// A search.
pub(super) struct Search<'s> {
    pub(super) base: &'s [u8],
    pub(super) scope: Scope,
    /// Encoded.
    pub(super) filter: &'s [u8],
    pub(super) attributes: &'s [String],
    /// When aliases are followed: 0 to 3.
    pub(super) dereference: u32,
    /// How many entries may be found; 0: any number.
    pub(super) size_limit: u32,
    pub(super) time_limit: Duration,
}

/// An attribute of an entry: its name and its values.
pub(super) type Attribute = (String, Vec<Vec<u8>>);

/// How a search ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// These entries.
    Found(Vec<Vec<Attribute>>),
    /// There is no entry of the base's name.
    NoBase(String),
    /// More entries than the limit.
    TooMany,
    /// The server refuses: what it says.
    Refused(String),
}

/// An open connection.
pub(super) struct Connection {
    stream: Stream,
    /// The number of the last message we sent.
    number: u32,
    /// Bytes that the current answer may still have.
    budget: usize,
}

impl Connection {
    /// Connects, and binds.
    pub(super) fn open(server: &Server, login: &Login) -> Result<Connection, String> {
        let mut stream = server.address.connect(CONNECT_LIMIT)?;
        if login.start_tls && !server.encrypted {
            start_tls(&mut stream).map_err(Trouble::into_reason)?;
        }
        if login.start_tls || server.encrypted {
            stream = encrypt(stream, &server.address, &login.encryption)?;
        }
        let mut connection = Connection {
            stream,
            number: u32::from(login.start_tls),
            budget: ANSWER_LIMIT,
        };
        let bound = connection.bind(login.version, &login.bind);
        bound.map(|()| connection).map_err(Trouble::into_reason)
    }

    fn bind(&mut self, version: u32, bind: &Bind) -> Result<(), Trouble> {
        let (name, proof) = match bind {
            Bind::None => return Ok(()),
            Bind::Simple { name, password } => (name, ber::value(0x80, password.as_bytes())),
            Bind::Sasl {
                name,
                mechanism,
                credentials,
            } => {
                let parts = [ber::octets(mechanism.as_bytes()), ber::octets(credentials)];
                (name, ber::group(0xa3, &parts))
            }
        };
        let parts = [
            ber::number(INTEGER, version),
            ber::octets(name.as_bytes()),
            proof,
        ];
        self.send(&ber::group(BIND, &parts))?;
        let (tag, content) = self.receive()?;
        if tag != BOUND {
            return Err(malformed());
        }
        match result(&content)? {
            (0, _) => Ok(()),
            (code, text) => Err(Trouble::Connection(format!(
                "Unable to bind to server with dn {name}: {code} ({text})"
            ))),
        }
    }

    /// Searches.
    pub(super) fn search(&mut self, search: &Search<'_>) -> Result<Outcome, Trouble> {
        self.budget = ANSWER_LIMIT;
        self.stream
            .set_deadline(Some(Instant::now() + search.time_limit));
        let seconds = u32::try_from(search.time_limit.as_secs()).unwrap_or(u32::MAX);
        let attributes = search.attributes.iter();
        let attributes: Vec<Vec<u8>> = attributes
            .map(|name| ber::octets(name.as_bytes()))
            .collect();
        let parts = [
            ber::octets(search.base),
            ber::number(ENUMERATED, search.scope.code()),
            ber::number(ENUMERATED, search.dereference),
            ber::number(INTEGER, search.size_limit),
            ber::number(INTEGER, seconds),
            ber::value(BOOLEAN, &[0]),
            search.filter.to_vec(),
            ber::group(SEQUENCE, &attributes),
        ];
        self.send(&ber::group(SEARCH, &parts))?;
        let mut entries = Vec::new();
        loop {
            let (tag, content) = self.receive()?;
            match tag {
                ENTRY => entries.push(parse_entry(&content).ok_or_else(malformed)?),
                // Another server may know more; it is not asked.
                REFERENCE => {}
                DONE => {
                    return Ok(match result(&content)? {
                        (0, _) => Outcome::Found(entries),
                        (4, _) => Outcome::TooMany,
                        (32, text) => Outcome::NoBase(text),
                        (code, text) => Outcome::Refused(format!("Search error {code}: {text}")),
                    });
                }
                _ => return Err(malformed()),
            }
        }
    }

    fn send(&mut self, operation: &[u8]) -> Result<(), Trouble> {
        self.number = self.number % 0x7fff_ffff + 1;
        let number = ber::number(INTEGER, self.number);
        let message = ber::group(SEQUENCE, &[number, operation.to_vec()]);
        self.stream.write_all(&message)?;
        Ok(self.stream.flush()?)
    }

    /// The next part of the answer to our last message: its tag and content.
    fn receive(&mut self) -> Result<(u8, Vec<u8>), Trouble> {
        loop {
            let message = read_message(&mut self.stream, &mut self.budget)?;
            let mut values = Values(&message);
            let number = values.number(INTEGER).ok_or_else(malformed)?;
            let (tag, content) = values.next().ok_or_else(malformed)?;
            if number == 0 && tag == EXTENDED {
                let (code, text) = result(content)?;
                return Err(Trouble::Connection(format!(
                    "the server disconnects: {code} ({text})"
                )));
            }
            // What is left of a search that was given up.
            if number == self.number {
                return Ok((tag, content.to_vec()));
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A server that is gone does not need to be told.
        let _ = self.send(&ber::value(UNBIND, b""));
    }
}

/// Asks the server for TLS, in our first message.
fn start_tls(stream: &mut Stream) -> Result<(), Trouble> {
    let request = ber::group(EXTENSION, &[ber::value(0x80, START_TLS)]);
    let message = ber::group(SEQUENCE, &[ber::number(INTEGER, 1), request]);
    stream.write_all(&message)?;
    let answer = read_message(stream, &mut { MESSAGE_LIMIT })?;
    let mut values = Values(&answer);
    values.number(INTEGER).ok_or_else(malformed)?;
    match result(values.expect(EXTENDED).ok_or_else(malformed)?)? {
        (0, _) => Ok(()),
        (code, text) => {
            let why = format!("Unable to set STARTTLS: {code}: {text}");
            Err(Trouble::Connection(why))
        }
    }
}

/// The content of the next message; its length is taken off the budget.
fn read_message(stream: &mut Stream, budget: &mut usize) -> Result<Vec<u8>, Trouble> {
    let mut head = [0; 2];
    stream.read_exact(&mut head)?;
    let [tag, first] = head;
    if tag != SEQUENCE {
        return Err(malformed());
    }
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7f);
        if !(1..=4).contains(&count) {
            return Err(malformed());
        }
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes)?;
        length = bytes
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte));
    }
    let cost = length + head.len();
    if length > MESSAGE_LIMIT || cost > *budget {
        return Err(Trouble::Connection("answer is too long".to_owned()));
    }
    *budget -= cost;
    let mut content = vec![0; length];
    stream.read_exact(&mut content)?;
    Ok(content)
}

/// Code and text of a result.
fn result(content: &[u8]) -> Result<(u32, String), Trouble> {
    let mut values = Values(content);
    let mut parse = || {
        let code = values.number(ENUMERATED)?;
        values.expect(OCTETS)?;
        Some((code, values.expect(OCTETS)?))
    };
    let (code, text) = parse().ok_or_else(malformed)?;
    let text: String = text.to_str_lossy().chars().take(200).collect();
    let text = text.replace(char::is_control, "?");
    let name = match code {
        32 => "No such object",
        34 => "Invalid DN syntax",
        49 => "Invalid credentials",
        50 => "Insufficient access",
        51 => "Server is busy",
        52 => "Server is unavailable",
        53 => "Server is unwilling to perform",
        3 => "Time limit exceeded",
        2 => "Protocol error",
        _ => "",
    };
    let separator = if name.is_empty() || text.is_empty() {
        ""
    } else {
        ": "
    };
    Ok((code, format!("{name}{separator}{text}")))
}

fn parse_entry(content: &[u8]) -> Option<Vec<Attribute>> {
    let mut values = Values(content);
    values.expect(OCTETS)?;
    let mut list = Values(values.expect(SEQUENCE)?);
    let mut attributes = Vec::new();
    while !list.0.is_empty() {
        let mut attribute = Values(list.expect(SEQUENCE)?);
        let name = attribute.expect(OCTETS)?.to_str_lossy().into_owned();
        let mut set = Values(attribute.expect(SET)?);
        let mut found = Vec::new();
        while !set.0.is_empty() {
            found.push(set.expect(OCTETS)?.to_vec());
        }
        attributes.push((name, found));
    }
    Some(attributes)
}

fn malformed() -> Trouble {
    io::Error::new(io::ErrorKind::InvalidData, "malformed message").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Shutdown;
    use std::os::unix::net::UnixStream;

    /// A connection to a server that has said all this already, and says no more; its end stays
    /// open for what we say.
    fn after(bytes: &[u8]) -> (Connection, UnixStream) {
        let (mut server, ours) = UnixStream::pair().unwrap();
        server.write_all(bytes).unwrap();
        server.shutdown(Shutdown::Write).unwrap();
        let connection = Connection {
            stream: Stream::new(ours.into()),
            number: 0,
            budget: ANSWER_LIMIT,
        };
        (connection, server)
    }

    fn search(connection: &mut Connection) -> Result<Outcome, Trouble> {
        connection.search(&Search {
            base: b"dc=x",
            scope: Scope::Sub,
            filter: b"\x87\x01a",
            attributes: &[],
            dereference: 0,
            size_limit: 0,
            time_limit: Duration::from_secs(10),
        })
    }

    /// An answer to the first message, of some kind with any content.
    fn answer() -> impl Strategy<Value = Vec<u8>> {
        let kinds = prop::sample::select(vec![ENTRY, DONE, REFERENCE, EXTENDED, BOUND, 0x02]);
        let content = prop::collection::vec(any::<u8>(), 0..40);
        let number = 0..3_u32;
        (number, kinds, content).prop_map(|(number, kind, content)| {
            let parts = [ber::number(INTEGER, number), ber::value(kind, &content)];
            ber::group(SEQUENCE, &parts)
        })
    }

    proptest! {
        #[test]
        fn no_answer_breaks_anything(answers in prop::collection::vec(answer(), 0..5)) {
            let (mut connection, _server) = after(&answers.concat());
            let _ = search(&mut connection);
        }

        #[test]
        fn no_noise_breaks_anything(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let (mut connection, _server) = after(&bytes);
            let _ = search(&mut connection);
            let _ = parse_entry(&bytes);
        }
    }

    #[test]
    fn a_server_that_says_goodbye_is_left() {
        let result = [
            ber::number(ENUMERATED, 52),
            ber::octets(b""),
            ber::octets(b"bye"),
        ];
        let notice = [ber::number(INTEGER, 0), ber::group(EXTENDED, &result)];
        let (mut connection, _server) = after(&ber::group(SEQUENCE, &notice));
        assert!(
            matches!(search(&mut connection), Err(Trouble::Connection(why))
            if why == "the server disconnects: 52 (Server is unavailable: bye)")
        );
    }
}
