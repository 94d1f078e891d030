// SPDX-License-Identifier: MIT OR Apache-2.0
//! A conversation with a server (protocol 10, text results): logging in, and queries.
//!
//! *Invariants*: all packets of one answer together are at most [`ANSWER_LIMIT`] bytes; logging in
//! and each query have their deadline. The server is never given a file, whatever it asks for.
//!
//! *Postfix:* what the client library does for dict_mysql(3).

use std::time::Instant;

use bstr::ByteSlice as _;
use maps::remote::Address;

use super::Login;
use super::packet::{Fields, Packets, malformed};
use super::password::{self, CACHING, CLEAR, NATIVE};
use crate::encryption::encrypt;
use crate::pool::{CONNECT_LIMIT, QUERY_LIMIT, Trouble};
use crate::sql::Row;

/// What we can do: long passwords, a database at login, protocol 4.1, safe authentication,
/// several result sets (procedures need them), methods of authentication.
const CAPABILITIES: u32 = 0x0000_0001
    | 0x0000_0004
    | CONNECT_WITH_DATABASE
    | 0x0000_0200
    | 0x0000_2000
    | 0x0000_8000
    | 0x0002_0000
    | PLUGINS;
const CONNECT_WITH_DATABASE: u32 = 0x0000_0008;
const PLUGINS: u32 = 0x0008_0000;
const ENCRYPTION: u32 = 0x0000_0800;

/// Status of the session: another result set follows.
const MORE_RESULTS: u64 = 0x0008;
/// Status of the session: a backslash in a string is a plain character.
const NO_BACKSLASH_ESCAPES: u64 = 0x0200;

const COMMAND_QUIT: u8 = 1;
const COMMAND_QUERY: u8 = 3;

/// The largest number of columns of a result.
const COLUMN_LIMIT: u64 = 4096;

/// An open connection.
pub(super) struct Connection {
    packets: Packets,
    status: u64,
}

/// What a server says of itself.
struct Greeting {
    capabilities: u32,
    method: Vec<u8>,
    challenge: Vec<u8>,
}

impl Connection {
    /// Connects and logs in.
    pub(super) fn open(address: &Address, login: &Login) -> Result<Connection, String> {
        let mut packets = Packets::new(address.connect(CONNECT_LIMIT)?);
        let greeting = packets.receive().and_then(|packet| parse_greeting(&packet));
        let greeting = greeting.map_err(Trouble::into_reason)?;
        // Nobody listens to a local socket.
        let encryption = login.encryption.as_ref().filter(|_| !address.is_local());
        if let Some(settings) = encryption {
            if greeting.capabilities & ENCRYPTION == 0 {
                return Err("TLS is required, but the server does not support it".to_owned());
            }
            let request = login_start(login, ENCRYPTION);
            packets.send(&request).map_err(Trouble::into_reason)?;
            packets = packets.over(|stream| encrypt(stream, address, settings))?;
        }
        let mut connection = Connection { packets, status: 0 };
        let is_private = address.is_local() || encryption.is_some();
        let done = connection.log_in(login, greeting, encryption.is_some(), is_private);
        done.map(|()| connection).map_err(Trouble::into_reason)
    }

    /// Proves who we are. The password itself is told only where that is private.
    fn log_in(
        &mut self,
        login: &Login,
        greeting: Greeting,
        is_encrypted: bool,
        is_private: bool,
    ) -> Result<(), Trouble> {
        let Greeting {
            mut method,
            mut challenge,
            ..
        } = greeting;
        let password = login.password.as_bytes();
        // A method that we lack may be one that the account does not use: the server will say.
        if password::proof(&method, password, &challenge).is_none() {
            method = NATIVE.to_vec();
        }
        let proof = password::proof(&method, password, &challenge).unwrap_or_default();
        let more = if is_encrypted { ENCRYPTION } else { 0 };
        self.packets
            .send(&login_packet(login, more, &method, &proof))?;
        loop {
            let packet = self.packets.receive()?;
            let mut fields = Fields(&packet);
            match fields.byte() {
                Some(0) => {
                    self.note_status(fields);
                    return Ok(());
                }
                Some(0xff) => return Err(Trouble::Connection(error_text(fields))),
                // Another method, or that of old times.
                Some(0xfe) => {
                    method = fields.text().ok_or_else(malformed)?.to_vec();
                    challenge = fields.0.strip_suffix(b"\0").unwrap_or(fields.0).to_vec();
                    let proof = match password::proof(&method, password, &challenge) {
                        Some(proof) => proof,
                        None if method == CLEAR && is_private => [password, b"\0"].concat(),
                        None => return Err(unknown_method(&method)),
                    };
                    self.packets.send(&proof)?;
                }
                // More of MySQL 8's method: 3 is "fine", 4 "the whole password, please".
                Some(1) if method == CACHING => match fields.byte() {
                    Some(3) => {}
                    Some(4) if is_private => self.packets.send(&[password, b"\0"].concat())?,
                    _ => {
                        let why = "the server wants the password itself, which needs TLS (such \
                                   as tls_CAfile) or a local socket";
                        return Err(Trouble::Connection(why.to_owned()));
                    }
                },
                _ => return Err(malformed()),
            }
        }
    }

    /// The rows that a query finds: of its one result set, as the original has it. A query without
    /// result set is an error if `required`.
    pub(super) fn select(&mut self, query: &[u8], required: bool) -> Result<Vec<Row>, Trouble> {
        self.packets.begin();
        let deadline = Instant::now() + QUERY_LIMIT;
        self.packets.stream.set_deadline(Some(deadline));
        self.packets.send(&[&[COMMAND_QUERY], query].concat())?;
        let mut found = None;
        let mut several = false;
        loop {
            if let Some(rows) = self.result_set()? {
                several |= found.is_some();
                found = found.or(Some(rows));
            }
            if self.status & MORE_RESULTS == 0 {
                break;
            }
        }
        if several {
            let why = "multiple result sets returning data are not supported";
            return Err(Trouble::Refused(why.to_owned()));
        }
        match found {
            Some(rows) => Ok(rows),
            None if !required => Ok(Vec::new()),
            None => Err(Trouble::Refused(
                "query returned no result set(require_result_set = yes)".to_owned(),
            )),
        }
    }

    /// One result: rows, or `None` for a statement that has none.
    fn result_set(&mut self) -> Result<Option<Vec<Row>>, Trouble> {
        let packet = self.packets.receive()?;
        let mut fields = Fields(&packet);
        match fields.0.first() {
            Some(0) => {
                fields.byte();
                self.note_status(fields);
                return Ok(None);
            }
            Some(0xff) => {
                fields.byte();
                self.status = 0;
                return Err(Trouble::Refused(error_text(fields)));
            }
            // A file of ours is asked for.
            Some(0xfb) => return Err(malformed()),
            _ => {}
        }
        let columns = fields.length().filter(|count| *count <= COLUMN_LIMIT);
        let columns = columns.ok_or_else(malformed)?;
        // A description of each column, and the end of them.
        for _ in 0..columns {
            self.packets.receive()?;
        }
        self.packets.receive()?;
        let mut rows = Vec::new();
        loop {
            let packet = self.packets.receive()?;
            let mut fields = Fields(&packet);
            match fields.0.first() {
                Some(0xfe) if packet.len() < 9 => {
                    let status = packet.get(3..5).map(|bytes| Fields(bytes).number(2));
                    self.status = status.flatten().unwrap_or(0);
                    return Ok(Some(rows));
                }
                Some(0xff) => {
                    fields.byte();
                    self.status = 0;
                    return Err(Trouble::Refused(error_text(fields)));
                }
                _ => {
                    let row: Option<Row> = (0..columns).map(|_| fields.column()).collect();
                    rows.push(row.ok_or_else(malformed)?);
                }
            }
        }
    }

    /// A piece of a query that stands between quotes.
    pub(super) fn quote(&self, text: &[u8]) -> Vec<u8> {
        if self.status & NO_BACKSLASH_ESCAPES != 0 {
            return text.replace("'", "''");
        }
        let mut quoted = Vec::with_capacity(text.len());
        for byte in text {
            let escaped = match byte {
                0 => b'0',
                b'\n' => b'n',
                b'\r' => b'r',
                0x1a => b'Z',
                b'\\' | b'\'' | b'"' => *byte,
                plain => {
                    quoted.push(*plain);
                    continue;
                }
            };
            quoted.extend_from_slice(&[b'\\', escaped]);
        }
        quoted
    }

    /// What follows the first byte of an OK packet.
    fn note_status(&mut self, mut fields: Fields<'_>) {
        let status = fields
            .length()
            .and_then(|_| fields.length())
            .and_then(|_| fields.number(2));
        self.status = status.unwrap_or(0);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.packets.begin();
        // A server that is gone does not need to be told.
        let _ = self.packets.send(&[COMMAND_QUIT]);
    }
}

fn parse_greeting(packet: &[u8]) -> Result<Greeting, Trouble> {
    let mut fields = Fields(packet);
    match fields.byte() {
        Some(10) => {}
        Some(0xff) => return Err(Trouble::Connection(error_text(fields))),
        _ => return Err(malformed()),
    }
    let mut parse = || {
        fields.text()?;
        fields.number(4)?;
        let first = fields.bytes(8)?;
        fields.byte()?;
        let low = fields.number(2)?;
        fields.byte()?;
        fields.number(2)?;
        let high = fields.number(2)?;
        let length = usize::from(fields.byte()?);
        fields.bytes(10)?;
        let second = fields.bytes(length.saturating_sub(8).max(13))?;
        let second = second.strip_suffix(b"\0").unwrap_or(second);
        let method = fields.text().unwrap_or(NATIVE);
        Some(Greeting {
            capabilities: u32::try_from(high << 16 | low).ok()?,
            method: method.to_vec(),
            challenge: [first, second].concat(),
        })
    };
    parse().ok_or_else(malformed)
}

/// What a login begins with; by itself, with the capability of encryption, the request for it.
fn login_start(login: &Login, more: u32) -> Vec<u8> {
    let mut capabilities = CAPABILITIES | more;
    if login.database.is_empty() {
        capabilities &= !CONNECT_WITH_DATABASE;
    }
    let mut out = Vec::new();
    out.extend_from_slice(&capabilities.to_le_bytes());
    out.extend_from_slice(&0x0100_0000_u32.to_le_bytes());
    out.push(login.collation);
    out.extend_from_slice(&[0; 23]);
    out
}

fn login_packet(login: &Login, more: u32, method: &[u8], proof: &[u8]) -> Vec<u8> {
    let mut out = login_start(login, more);
    out.extend_from_slice(login.user.as_bytes());
    out.push(0);
    out.push(u8::try_from(proof.len()).unwrap_or(0));
    out.extend_from_slice(proof);
    if !login.database.is_empty() {
        out.extend_from_slice(login.database.as_bytes());
        out.push(0);
    }
    out.extend_from_slice(method);
    out.push(0);
    out
}

/// What follows the first byte of an error packet.
fn error_text(mut fields: Fields<'_>) -> String {
    let number = fields.number(2).unwrap_or(0);
    if fields.0.first() == Some(&b'#') {
        fields.bytes(6);
    }
    let text = fields.0.to_str_lossy();
    let text: String = text.chars().take(200).collect();
    format!("{} ({number})", text.replace(char::is_control, "?"))
}

fn unknown_method(method: &[u8]) -> Trouble {
    let method = method.get(..50).unwrap_or(method).as_bstr();
    Trouble::Connection(format!("authentication method {method} is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use runtime::stream::Stream;
    use std::io::{Read as _, Write as _};
    use std::net::Shutdown;
    use std::os::unix::net::UnixStream;

    /// A connection to a server that has said all this already, and says no more; its end stays
    /// open for what we say.
    fn after(bytes: &[u8]) -> (Connection, UnixStream) {
        let (mut server, ours) = UnixStream::pair().unwrap();
        server.write_all(bytes).unwrap();
        server.shutdown(Shutdown::Write).unwrap();
        let connection = Connection {
            packets: Packets::new(Stream::new(ours.into())),
            status: 0,
        };
        (connection, server)
    }

    fn packet(content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&length[..3], &[1], content].concat()
    }

    fn packets() -> impl Strategy<Value = Vec<u8>> {
        let content = prop::collection::vec(any::<u8>(), 0..20);
        let packets = prop::collection::vec(content, 0..6);
        packets.prop_map(|packets| packets.iter().flat_map(|content| packet(content)).collect())
    }

    proptest! {
        #[test]
        fn no_answer_breaks_anything(bytes in packets()) {
            let (mut connection, _server) = after(&bytes);
            let _ = connection.select(b"SELECT 1", true);
        }

        #[test]
        fn no_greeting_breaks_anything(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = parse_greeting(&bytes);
            let _ = parse_greeting(&[b"\x0a8.0\0", bytes.as_slice()].concat());
        }
    }

    #[test]
    fn the_password_itself_is_told_only_in_private() {
        let login = || Login {
            user: "me".to_owned(),
            password: "secret".to_owned(),
            database: String::new(),
            collation: 45,
            encryption: None,
        };
        let greeting = || Greeting {
            capabilities: ENCRYPTION,
            method: CACHING.to_vec(),
            challenge: b"01234567890123456789".to_vec(),
        };
        let ok = packet(b"\0\0\0\x02\0\0\0");
        let wanted = [packet(b"\x01\x04"), ok].concat();
        for is_private in [true, false] {
            let (mut connection, mut server) = after(&wanted);
            let done = connection.log_in(&login(), greeting(), is_private, is_private);
            assert_eq!(done.is_ok(), is_private);
            drop(connection);
            let mut said = Vec::new();
            server.read_to_end(&mut said).unwrap();
            assert_eq!(said.contains_str("secret\0"), is_private);
        }
    }

    #[test]
    fn an_answer_without_end_ends_at_the_limit() {
        let (mut connection, _server) = after(&[packet(&[0; 60]), packet(&[0; 60])].concat());
        connection.packets.budget = 100;
        assert!(connection.packets.receive().is_ok());
        assert!(connection.packets.receive().is_err());
    }

    #[test]
    fn what_could_end_a_string_is_escaped() {
        let (mut connection, _server) = after(b"");
        assert_eq!(connection.quote(b"a'b\"c\\d\n\0"), b"a\\'b\\\"c\\\\d\\n\\0");
        connection.status = NO_BACKSLASH_ESCAPES;
        assert_eq!(connection.quote(b"a'b\\"), b"a''b\\");
    }
}
