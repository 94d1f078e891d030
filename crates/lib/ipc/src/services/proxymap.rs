// SPDX-License-Identifier: MIT OR Apache-2.0
//! Asking proxymap: tables that another process holds open.
//!
//! Each request names its table again, so that a connection can be lost at any time. The original
//! changed the requests in its version 3.11; both forms exist on the wire ([`Dialect`]), the
//! server answers in the form in which it was asked, and [`Client`] finds out which one its server
//! knows.
//!
//! *Invariants*: a name, key or value is at most [`TEXT_LIMIT`] bytes.
//!
//! *Postfix:* global/dict_proxy(3), proxymap(8).

use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client::{ClientError, Endpoint, Reusable};
use crate::flags::TableFlags;
use runtime::stream::Stream;
use std::io;
use std::time::Duration;

/// What the server announces.
pub const PROTOCOL: &str = "proxymap_protocol";

/// The longest name, key or value, in bytes. A header that `header_checks` looks at fits in.
pub const TEXT_LIMIT: usize = 256 * 1024;

/// The form of requests and replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Up to 3.10: one set of flags.
    Classic,
    /// Since 3.11: flags of the opened table and flags of the request, and flags in each reply.
    Current,
}

/// What is done with the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Open it, and say what it is like.
    Open,
    /// Look a key up.
    Lookup {
        /// The key.
        key: Vec<u8>,
    },
    /// Set the value of a key.
    Update {
        /// The key.
        key: Vec<u8>,
        /// The value.
        value: Vec<u8>,
    },
    /// Remove a key.
    Delete {
        /// The key.
        key: Vec<u8>,
    },
    /// Give the first or the next entry.
    Sequence {
        /// Begin anew.
        first: bool,
    },
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The form in which it travels.
    pub dialect: Dialect,
    /// `type:name`.
    pub table: Vec<u8>,
    /// How the table is opened, and how it is asked.
    pub flags: TableFlags,
    /// What is wanted.
    pub action: Action,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done; found.
    Ok,
    /// Not found.
    NotFound,
    /// The table is in trouble; later, perhaps.
    Retry,
    /// The request makes no sense.
    Bad,
    /// The administrator has not approved the table for this.
    Denied,
    /// The table is configured wrongly.
    Configuration,
}

/// The answer. Fields that the request does not ask for stay empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// How it ended.
    pub status: Status,
    /// What the table is like.
    pub flags: TableFlags,
    /// The key, for a sequence.
    pub key: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

impl Status {
    const ALL: [Status; 6] = [
        Status::Ok,
        Status::NotFound,
        Status::Retry,
        Status::Bad,
        Status::Denied,
        Status::Configuration,
    ];

    /// The number on the wire.
    fn code(self) -> u32 {
        match self {
            Status::Ok => 0,
            Status::NotFound => 1,
            Status::Retry => 2,
            Status::Bad => 3,
            Status::Denied => 4,
            Status::Configuration => 5,
        }
    }

    fn from_code(code: u32) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }
}

impl Action {
    fn name(&self) -> &'static str {
        match self {
            Action::Open => "open",
            Action::Lookup { .. } => "lookup",
            Action::Update { .. } => "update",
            Action::Delete { .. } => "delete",
            Action::Sequence { .. } => "sequence",
        }
    }
}

impl Request {
    /// The request as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new(Codec::Zero);
        writer.text("request", self.action.name());
        writer.text("table", &self.table);
        let for_request = self.flags & TableFlags::REQUEST;
        match (self.dialect, &self.action) {
            (Dialect::Classic, _) => writer.int("flags", self.flags.bits()),
            (Dialect::Current, Action::Open) => writer.int("instance_flags", self.flags.bits()),
            (Dialect::Current, _) => writer
                .int("instance_flags", (self.flags - for_request).bits())
                .int("flags", for_request.bits()),
        };
        match &self.action {
            Action::Open => {}
            Action::Lookup { key } | Action::Delete { key } => {
                writer.text("key", key);
            }
            Action::Update { key, value } => {
                writer.text("key", key).text("value", value);
            }
            Action::Sequence { first } => {
                writer.int("function", u32::from(!first));
            }
        }
        writer.end();
        writer.into_bytes()
    }

    /// Server: reads a request. One that makes no sense is `None`: it is answered with
    /// [`Status::Bad`].
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(stream: &mut Stream) -> Result<Option<Request>, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero)
            .peer("proxymap client")
            .string_limit(TEXT_LIMIT);
        let mut pairs = Vec::new();
        while let Some(pair) = reader.any()? {
            pairs.push(pair);
        }
        let mut take = |name: &str| {
            let at = pairs.iter().position(|pair| pair.0 == name.as_bytes())?;
            Some(pairs.swap_remove(at).1)
        };
        Ok(Request::from_attributes(&mut take))
    }

    fn from_attributes(take: &mut dyn FnMut(&str) -> Option<Vec<u8>>) -> Option<Request> {
        let name = take("request")?;
        let table = take("table")?;
        let instance = take("instance_flags");
        let dialect = match instance {
            Some(_) => Dialect::Current,
            None => Dialect::Classic,
        };
        let mut flags = TableFlags::empty();
        for text in [instance, take("flags")].into_iter().flatten() {
            flags |= TableFlags::from_bits_truncate(number(&text)?);
        }
        let action = match name.as_slice() {
            b"open" => Action::Open,
            b"lookup" => Action::Lookup { key: take("key")? },
            b"update" => Action::Update {
                key: take("key")?,
                value: take("value")?,
            },
            b"delete" => Action::Delete { key: take("key")? },
            b"sequence" => Action::Sequence {
                first: number(&take("function")?)? == 0,
            },
            _ => return None,
        };
        Some(Request {
            dialect,
            table,
            flags,
            action,
        })
    }
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

impl Reply {
    /// An answer without data.
    #[must_use]
    pub fn of(status: Status) -> Reply {
        Reply {
            status,
            flags: TableFlags::empty(),
            key: Vec::new(),
            value: Vec::new(),
        }
    }

    /// Server: answers `request`, or a request that made no sense.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, stream: &mut Stream, request: Option<&Request>) -> io::Result<()> {
        let mut writer = Writer::new(Codec::Zero);
        writer.int("status", self.status.code());
        if let Some(request) = request {
            if has_flags(request) {
                writer.int("flags", self.flags.bits());
            }
            if matches!(request.action, Action::Sequence { .. }) {
                writer.text("key", &self.key);
            }
            if has_value(&request.action) {
                writer.text("value", &self.value);
            }
        }
        writer.end().send(stream)
    }

    /// Client: reads the answer to `request`.
    ///
    /// # Errors
    /// Those of [`Reader`], or an unknown status.
    pub fn read(stream: &mut Stream, request: &Request, peer: &str) -> Result<Reply, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero)
            .peer(peer)
            .string_limit(TEXT_LIMIT);
        let code = reader.int("status")?;
        let status = Status::from_code(code).ok_or_else(|| {
            AttrError::Misbehaved(format!("unexpected reply status {code} from {peer}"))
        })?;
        let mut reply = Reply::of(status);
        // A server that does not know this form of request answers in its own.
        if status == Status::Bad {
            reader.end()?;
            return Ok(reply);
        }
        if has_flags(request) {
            reply.flags = TableFlags::from_bits_truncate(reader.int("flags")?);
        }
        if matches!(request.action, Action::Sequence { .. }) {
            reply.key = reader.text("key")?;
        }
        if has_value(&request.action) {
            reply.value = reader.text("value")?;
        }
        reader.end()?;
        Ok(reply)
    }
}

fn has_flags(request: &Request) -> bool {
    request.dialect == Dialect::Current || request.action == Action::Open
}

fn has_value(action: &Action) -> bool {
    matches!(action, Action::Lookup { .. } | Action::Sequence { .. })
}

/// A client of proxymap or proxywrite, for any number of tables.
pub struct Client {
    connection: Reusable,
    /// Known once a server has understood a request.
    dialect: Option<Dialect>,
}

impl Client {
    /// A client of the server at `endpoint`; the limits are `ipc_timeout`, `ipc_idle` and
    /// `ipc_ttl`.
    #[must_use]
    pub fn new(endpoint: Endpoint, timeout: Duration, idle: Duration, ttl: Duration) -> Client {
        Client {
            connection: Reusable::new(endpoint, PROTOCOL)
                .with_limits(timeout, idle, ttl)
                .impatient(),
            dialect: None,
        }
    }

    /// The service's name for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        self.connection.name()
    }

    /// Asks for one thing.
    ///
    /// # Errors
    /// The service cannot be asked: try again later.
    pub fn ask(
        &mut self,
        table: &[u8],
        flags: TableFlags,
        action: Action,
    ) -> Result<Reply, ClientError> {
        let mut request = Request {
            dialect: self.dialect.unwrap_or(Dialect::Current),
            table: table.to_vec(),
            flags,
            action,
        };
        let mut reply = self.exchange(&request);
        let refused = match &reply {
            Ok(reply) => reply.status == Status::Bad,
            Err(ClientError::Misbehaved { .. }) => true,
            Err(_) => false,
        };
        if refused && self.dialect.is_none() {
            // What an old server has not read of the request would be taken for the next one.
            self.connection.close();
            request.dialect = Dialect::Classic;
            reply = self.exchange(&request);
        }
        if reply
            .as_ref()
            .is_ok_and(|reply| reply.status != Status::Bad)
        {
            self.dialect = Some(request.dialect);
        }
        reply
    }

    fn exchange(&mut self, request: &Request) -> Result<Reply, ClientError> {
        let peer = self.connection.name().to_owned();
        self.connection.exchange(&request.encode(), |stream| {
            Reply::read(stream, request, &peer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::announce_protocol;
    use std::cell::RefCell;
    use std::rc::Rc;

    fn request(dialect: Dialect, action: Action) -> Request {
        let flags = TableFlags::LOCK | TableFlags::FOLD_FIXED | TableFlags::DEBUG;
        Request {
            dialect,
            table: b"hash:/etc/aliases".to_vec(),
            flags,
            action,
        }
    }

    fn actions() -> [Action; 5] {
        let key = b"key".to_vec();
        [
            Action::Open,
            Action::Lookup { key: key.clone() },
            Action::Update {
                key: key.clone(),
                value: vec![b'x'; 100_000],
            },
            Action::Delete { key },
            Action::Sequence { first: false },
        ]
    }

    #[test]
    fn requests_and_replies_are_read_as_they_were_written_in_both_dialects() {
        for dialect in [Dialect::Classic, Dialect::Current] {
            for action in actions() {
                let sent = request(dialect, action);
                let (mut client, mut server) = Stream::pair().unwrap();
                io::Write::write_all(&mut client, &sent.encode()).unwrap();
                io::Write::flush(&mut client).unwrap();
                let received = Request::read(&mut server).unwrap().unwrap();
                assert_eq!(received, sent);
                let mut answer = Reply::of(Status::Ok);
                answer.flags = TableFlags::FIXED;
                answer.value = b"value".to_vec();
                answer.write(&mut server, Some(&received)).unwrap();
                let reply = Reply::read(&mut client, &sent, "proxymap").unwrap();
                assert_eq!(reply.status, Status::Ok);
                assert_eq!(reply.value.is_empty(), !has_value(&sent.action));
            }
        }
    }

    #[test]
    fn a_request_without_key_makes_no_sense() {
        let (mut client, mut server) = Stream::pair().unwrap();
        let mut writer = Writer::new(Codec::Zero);
        writer
            .text("request", "lookup")
            .text("table", "a:b")
            .int("flags", 0);
        writer.end().send(&mut client).unwrap();
        assert_eq!(Request::read(&mut server).unwrap(), None);
        Reply::of(Status::Bad).write(&mut server, None).unwrap();
        let asked = request(Dialect::Current, Action::Open);
        let reply = Reply::read(&mut client, &asked, "proxymap").unwrap();
        assert_eq!(reply.status, Status::Bad);
    }

    #[test]
    fn a_server_of_the_old_form_is_asked_in_the_old_form() {
        let servers: Rc<RefCell<Vec<Stream>>> = Rc::default();
        let kept = servers.clone();
        let endpoint = Endpoint::fake("private/proxymap", move || {
            let (mut server, client) = Stream::pair()?;
            announce_protocol(&mut server, PROTOCOL)?;
            let asked = request(Dialect::Classic, Action::Open);
            let first = kept.borrow().is_empty();
            let status = if first { Status::Bad } else { Status::Ok };
            Reply::of(status).write(&mut server, Some(&asked))?;
            kept.borrow_mut().push(server);
            Ok(client)
        });
        let hour = Duration::from_secs(3600);
        let mut client = Client::new(endpoint, hour, hour, hour);
        let reply = client
            .ask(b"hash:x", TableFlags::LOCK, Action::Open)
            .unwrap();
        assert_eq!(reply.status, Status::Ok);
        let mut servers = servers.borrow_mut();
        let dialects: Vec<Dialect> = servers
            .iter_mut()
            .map(|server| Request::read(server).unwrap().unwrap().dialect)
            .collect();
        assert_eq!(dialects, [Dialect::Current, Dialect::Classic]);
    }
}
