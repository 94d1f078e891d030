// SPDX-License-Identifier: MIT OR Apache-2.0
//! A conversation with a server of PostgreSQL (protocol 3.0): logging in, and simple queries.
//!
//! *Invariants*: one message is at most [`MESSAGE_LIMIT`] bytes, all messages of one answer
//! [`ANSWER_LIMIT`]; logging in and each query have their deadline, whatever arrives meanwhile. A
//! server cannot make us compute a password for long.
//!
//! *Postfix:* what libpq does for dict_pgsql(3).

use std::io::{self, Read as _, Write as _};
use std::time::Instant;

use bstr::ByteSlice as _;
use bytes::BytesMut;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::{ErrorFields, Message};
use postgres_protocol::message::frontend;
use runtime::stream::Stream;

use super::encryption::Way;
use super::target::Target;
use crate::encryption;
use crate::pool::{CONNECT_LIMIT, QUERY_LIMIT, Trouble};
use crate::sql::{ANSWER_LIMIT, Row};

/// The largest message, in bytes.
const MESSAGE_LIMIT: usize = 1 << 20;

/// How often a server may want a password hashed.
const ITERATION_LIMIT: u32 = 1_000_000;

/// An open connection.
pub(super) struct Connection {
    stream: Stream,
    /// Bytes that the current answer may still have.
    budget: usize,
    /// Backslashes in strings are plain characters (`standard_conforming_strings`).
    plain_backslashes: bool,
}

impl Connection {
    /// Connects and logs in.
    pub(super) fn open(target: &Target) -> Result<Connection, String> {
        let mut reasons: Vec<String> = Vec::new();
        for way in target.encryption.ways(target.address.is_local()) {
            let stream = target.address.connect(CONNECT_LIMIT)?;
            let (stream, is_encrypted) = match encrypt(stream, *way, target) {
                Ok(stream) => stream,
                Err(why) => {
                    reasons.push(why);
                    continue;
                }
            };
            let mut connection = Connection {
                stream,
                budget: ANSWER_LIMIT,
                plain_backslashes: true,
            };
            match connection.log_in(target) {
                Ok(()) => return Ok(connection),
                Err(trouble) => reasons.push(trouble.into_reason()),
            }
            // The next way would be the same once more.
            if *way == Way::IfOffered && !is_encrypted {
                break;
            }
        }
        reasons.dedup();
        Err(reasons.join("; "))
    }

    fn log_in(&mut self, target: &Target) -> Result<(), Trouble> {
        let login = &target.login;
        let user = if login.user.is_empty() {
            let user = sys::users::by_uid(sys::users::effective_uid())?;
            user.map_or_else(String::new, |user| user.name)
        } else {
            login.user.clone()
        };
        let mut parameters = vec![("user", user.as_str())];
        if !login.database.is_empty() {
            parameters.push(("database", &login.database));
        }
        parameters.push(("client_encoding", &login.encoding));
        let own = target.parameters.iter();
        parameters.extend(own.map(|(name, value)| (name.as_str(), value.as_str())));
        let mut out = BytesMut::new();
        frontend::startup_message(parameters, &mut out)?;
        self.send(&out)?;
        loop {
            match self.receive()? {
                Message::AuthenticationOk => {}
                Message::AuthenticationCleartextPassword => {
                    self.send_password(login.password.as_bytes())?;
                }
                Message::AuthenticationMd5Password(body) => {
                    let (user, password) = (user.as_bytes(), login.password.as_bytes());
                    self.send_password(md5_hash(user, password, body.salt()).as_bytes())?;
                }
                Message::AuthenticationSasl(body) => {
                    let offered: Vec<&str> = body.mechanisms().collect()?;
                    if !offered.contains(&SCRAM_SHA_256) {
                        return Err(unexpected("authentication with a mechanism we lack"));
                    }
                    self.authenticate(login.password.as_bytes())?;
                }
                Message::BackendKeyData(_) => {}
                Message::ReadyForQuery(_) => return Ok(()),
                Message::ErrorResponse(body) => return Err(refused(body.fields())),
                _ => return Err(unexpected("unsupported authentication method or message")),
            }
        }
    }

    fn send_password(&mut self, password: &[u8]) -> Result<(), Trouble> {
        if password.is_empty() {
            return Err(Trouble::Connection("no password supplied".to_owned()));
        }
        let mut out = BytesMut::new();
        frontend::password_message(password, &mut out)?;
        Ok(self.send(&out)?)
    }

    /// SCRAM-SHA-256 (RFC 5802, RFC 7677).
    fn authenticate(&mut self, password: &[u8]) -> Result<(), Trouble> {
        let mut scram = ScramSha256::new(password, ChannelBinding::unsupported());
        let mut out = BytesMut::new();
        frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), &mut out)?;
        self.send(&out)?;
        match self.receive()? {
            Message::AuthenticationSaslContinue(body) => {
                check_iterations(body.data())?;
                scram.update(body.data())?;
            }
            Message::ErrorResponse(body) => return Err(refused(body.fields())),
            _ => return Err(unexpected("message in authentication")),
        }
        out.clear();
        frontend::sasl_response(scram.message(), &mut out)?;
        self.send(&out)?;
        match self.receive()? {
            Message::AuthenticationSaslFinal(body) => Ok(scram.finish(body.data())?),
            Message::ErrorResponse(body) => Err(refused(body.fields())),
            _ => Err(unexpected("message in authentication")),
        }
    }

    /// The rows that a query finds; with several queries those of the last.
    pub(super) fn select(&mut self, query: &[u8]) -> Result<Vec<Row>, Trouble> {
        let Ok(query) = std::str::from_utf8(query) else {
            return Err(Trouble::Refused("query is not UTF-8".to_owned()));
        };
        self.budget = ANSWER_LIMIT;
        self.stream.set_deadline(Some(Instant::now() + QUERY_LIMIT));
        let mut out = BytesMut::new();
        frontend::query(query, &mut out)?;
        self.send(&out)?;
        let mut rows = Vec::new();
        let mut error = None;
        loop {
            match self.receive()? {
                Message::RowDescription(_) => rows.clear(),
                Message::DataRow(body) => {
                    let buffer = body.buffer();
                    let column = |range: Option<std::ops::Range<usize>>| {
                        Ok(range.map(|range| buffer.get(range).unwrap_or_default().to_vec()))
                    };
                    let row = body.ranges().map(column).collect::<Vec<_>>();
                    rows.push(row?);
                }
                Message::CommandComplete(_) | Message::EmptyQueryResponse => {}
                Message::ErrorResponse(body) => error = error.or(Some(refused(body.fields()))),
                Message::ReadyForQuery(_) => return error.map_or(Ok(rows), Err),
                _ => return Err(unexpected("protocol error")),
            }
        }
    }

    /// A piece of a query that stands between single quotes.
    pub(super) fn quote(&self, text: &[u8]) -> Vec<u8> {
        let quoted = text.replace("'", "''");
        if self.plain_backslashes {
            quoted
        } else {
            quoted.replace("\\", "\\\\")
        }
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.stream.write_all(message)?;
        self.stream.flush()
    }

    /// The next message that is an answer; what the server tells beside is noted.
    fn receive(&mut self) -> Result<Message, Trouble> {
        loop {
            match self.receive_any()? {
                Message::ParameterStatus(body) => {
                    if body.name()? == "standard_conforming_strings" {
                        self.plain_backslashes = body.value()? != "off";
                    }
                }
                Message::NoticeResponse(_) | Message::NotificationResponse(_) => {}
                message => return Ok(message),
            }
        }
    }

    fn receive_any(&mut self) -> Result<Message, Trouble> {
        let too_long = || Trouble::Connection("answer is too long".to_owned());
        let mut header = [0; 5];
        self.stream.read_exact(&mut header)?;
        let [_, length @ ..] = header;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| too_long())?;
        let body = length
            .checked_sub(4)
            .ok_or_else(|| unexpected("protocol error"))?;
        let cost = length + 1;
        if length > MESSAGE_LIMIT || cost > self.budget {
            return Err(too_long());
        }
        self.budget -= cost;
        let mut message = BytesMut::with_capacity(cost);
        message.extend_from_slice(&header);
        message.resize(header.len() + body, 0);
        let space = message.get_mut(header.len()..).unwrap_or_default();
        self.stream.read_exact(space)?;
        Message::parse(&mut message)?.ok_or_else(|| unexpected("protocol error"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut out = BytesMut::new();
        frontend::terminate(&mut out);
        // A server that is gone does not need to be told.
        let _ = self.send(&out);
    }
}

/// Computing a hash takes as long as the server says, within reason.
fn check_iterations(message: &[u8]) -> Result<(), Trouble> {
    let count = message
        .split_str(",")
        .find_map(|attribute| attribute.strip_prefix(b"i="))
        .and_then(|text| std::str::from_utf8(text).ok()?.parse::<u32>().ok());
    match count {
        Some(count) if (1..=ITERATION_LIMIT).contains(&count) => Ok(()),
        _ => Err(unexpected("password exchange")),
    }
}

fn unexpected(what: &str) -> Trouble {
    Trouble::Connection(format!("unexpected {what}"))
}

/// Asks the server for encryption; the stream, and whether it is encrypted.
fn encrypt(mut stream: Stream, way: Way, target: &Target) -> Result<(Stream, bool), String> {
    if way == Way::Plain {
        return Ok((stream, false));
    }
    let mut request = BytesMut::new();
    frontend::ssl_request(&mut request);
    let mut answer = [0];
    let asked = stream.write_all(&request);
    let answered = asked.and_then(|()| stream.read_exact(&mut answer));
    answered.map_err(|error| runtime::text::reason(&error))?;
    match (&answer, way) {
        (b"S", _) => {
            let settings = target.encryption.settings();
            let stream = encryption::encrypt(stream, &target.address, &settings)?;
            Ok((stream, true))
        }
        (b"N", Way::IfOffered) => Ok((stream, false)),
        (b"N", _) => Err("server does not support SSL, but SSL was required".to_owned()),
        _ => Err("received invalid response to SSL negotiation".to_owned()),
    }
}

/// What the server says is wrong. After a fatal error the connection is of no use.
fn refused(mut fields: ErrorFields<'_>) -> Trouble {
    let mut severity = String::new();
    let mut shown = None;
    let mut text = String::new();
    while let Ok(Some(field)) = fields.next() {
        let value = String::from_utf8_lossy(field.value_bytes());
        let value: String = value.chars().take(200).collect();
        match field.type_() {
            b'S' => shown = Some(value),
            // The same, whatever language the server speaks.
            b'V' => severity = value,
            b'M' => text = value.replace(char::is_control, "?"),
            _ => {}
        }
    }
    let message = format!("{}:  {text}", shown.as_ref().unwrap_or(&severity));
    if severity == "ERROR" {
        Trouble::Refused(message)
    } else {
        Trouble::Connection(message)
    }
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
            budget: ANSWER_LIMIT,
            plain_backslashes: true,
        };
        (connection, server)
    }

    /// A message of some type with any content.
    fn message() -> impl Strategy<Value = Vec<u8>> {
        let kinds = prop::sample::select(b"RSKZTDCENAIGHWdc123nst".to_vec());
        let content = prop::collection::vec(any::<u8>(), 0..40);
        (kinds, content).prop_map(|(kind, content)| {
            let length = u32::try_from(content.len() + 4).unwrap();
            [&[kind], &length.to_be_bytes()[..], &content].concat()
        })
    }

    proptest! {
        #[test]
        fn no_answer_breaks_anything(messages in prop::collection::vec(message(), 0..5)) {
            let (mut connection, _server) = after(&messages.concat());
            let _ = connection.select(b"SELECT 1");
        }

        #[test]
        fn no_noise_breaks_anything(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let (mut connection, _server) = after(&bytes);
            let _ = connection.select(b"SELECT 1");
        }
    }

    #[test]
    fn an_answer_without_end_ends_at_the_limit() {
        let row = [b"D\0\0\x10\0\0\x01\0\0\x0f\xf6".as_slice(), &[b'x'; 0x0ff6]].concat();
        let (mut connection, _server) = after(&[b"T\0\0\0\x06\0\0".as_slice(), &row].concat());
        connection.budget = 100;
        assert!(connection.receive().is_ok());
        assert!(matches!(connection.receive(), Err(Trouble::Connection(why))
            if why == "answer is too long"));
    }

    #[test]
    fn quotes_are_doubled_and_backslashes_where_they_escape() {
        let (mut connection, _server) = after(b"");
        assert_eq!(connection.quote(b"a'b\\c"), b"a''b\\c");
        connection.plain_backslashes = false;
        assert_eq!(connection.quote(b"a'b\\c"), b"a''b\\\\c");
    }
}
