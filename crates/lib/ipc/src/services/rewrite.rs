// SPDX-License-Identifier: MIT OR Apache-2.0
//! Asking trivial-rewrite: what an address looks like in standard form, and where it goes.
//!
//! One server answers both kinds of questions ([`Request`]), many on one connection. [`Client`]
//! keeps the connection and remembers answers: rewriting depends on the configuration alone, so
//! its answers hold as long as the server; where an address goes may depend on tables, so those
//! answers hold for [`RESOLVED_FOR`].
//!
//! *Invariants*: at most [`REMEMBERED`] answers of each kind are kept; the caches start afresh
//! with each server process.
//!
//! *Postfix:* global/rewrite_clnt(3), resolve_clnt(3), trivial-rewrite(8).

use super::resolve::{Resolved, Verification};
use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client::{ClientError, Endpoint, Reusable};
use crate::flags::{ResolveFlags, ServerFlags};
use runtime::stream::Stream;
use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

/// What the server announces.
pub const PROTOCOL: &str = "trivial_rewrite_protocol";

/// How many answers of each kind a client remembers.
pub const REMEMBERED: usize = 500;

/// How long a client takes a resolved address for still true. Short, so that a changed table
/// shows at once to a person, yet a burst of mail asks once.
pub const RESOLVED_FOR: Duration = Duration::from_millis(500);

/// Which defaults complete an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rule {
    /// `local`: `myorigin` and `mydomain`.
    Local,
    /// `remote`: `remote_header_rewrite_domain`.
    Remote,
    /// Another name; the server decides what it means.
    Other(Vec<u8>),
}

impl Rule {
    /// The rule with this name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Rule {
        match name {
            b"local" => Rule::Local,
            b"remote" => Rule::Remote,
            other => Rule::Other(other.to_vec()),
        }
    }

    /// The name on the wire and in the attribute `rewrite_context`.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        match self {
            Rule::Local => b"local",
            Rule::Remote => b"remote",
            Rule::Other(name) => name,
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// What is the standard form of this address (external form)?
    Rewrite {
        /// Which defaults complete it.
        rule: Rule,
        /// The address.
        address: Vec<u8>,
    },
    /// Where does this address (internal form) go?
    Resolve {
        /// For mail, or for an address probe.
        purpose: Verification,
        /// The envelope sender; some routes depend on it.
        sender: Vec<u8>,
        /// The recipient.
        address: Vec<u8>,
    },
}

/// The answer to [`Request::Rewrite`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// What the server says about itself.
    pub server: ServerFlags,
    /// The standard form.
    pub address: Vec<u8>,
}

impl Request {
    /// The question as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new(Codec::Zero);
        match self {
            Request::Rewrite { rule, address } => {
                writer.text("request", "rewrite").text("rule", rule.name());
                writer.text("address", address);
            }
            Request::Resolve {
                purpose,
                sender,
                address,
            } => {
                let request = match purpose {
                    Verification::No => "resolve",
                    Verification::Yes => "verify",
                };
                writer
                    .text("request", request)
                    .text("sender", sender)
                    .text("address", address);
            }
        }
        writer.end();
        writer.into_bytes()
    }

    /// Server: reads a question.
    ///
    /// # Errors
    /// Those of [`Reader`], or the request is unknown.
    pub fn read(stream: &mut Stream) -> Result<Request, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer("rewrite client");
        let request = reader.text("request")?;
        let purpose = match request.as_slice() {
            b"rewrite" => None,
            b"resolve" => Some(Verification::No),
            b"verify" => Some(Verification::Yes),
            _ => return Err(AttrError::Misbehaved("bad request".into())),
        };
        let request = match purpose {
            None => {
                let rule = Rule::from_name(&reader.text("rule")?);
                Request::Rewrite {
                    rule,
                    address: reader.text("address")?,
                }
            }
            Some(purpose) => {
                let sender = reader.text("sender")?;
                Request::Resolve {
                    purpose,
                    sender,
                    address: reader.text("address")?,
                }
            }
        };
        reader.end()?;
        Ok(request)
    }
}

impl Rewritten {
    /// Server: answers.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, stream: &mut Stream) -> io::Result<()> {
        Writer::new(Codec::Zero)
            .int("flags", self.server.bits())
            .text("address", &self.address)
            .end()
            .send(stream)
    }

    /// Client: reads the answer.
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(stream: &mut Stream, peer: &str) -> Result<Rewritten, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
        let server = ServerFlags::from_bits_truncate(reader.int("flags")?);
        let address = reader.text("address")?;
        reader.end()?;
        Ok(Rewritten { server, address })
    }
}

/// Whether an address is in standard form already, whatever the configuration: one `@` between a
/// plain localpart and a plain domain that has a dot and no literal. Such an address need not be
/// asked about.
#[must_use]
pub fn is_standard(address: &[u8]) -> bool {
    let Some(at) = address.iter().position(|byte| *byte == b'@') else {
        return false;
    };
    let (local, domain) = (
        address.get(..at).unwrap_or(b""),
        address.get(at + 1..).unwrap_or(b""),
    );
    let local_byte =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'=');
    let domain_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let plain_words = |text: &[u8], byte: fn(&u8) -> bool| {
        text.split(|byte| *byte == b'.')
            .all(|word| !word.is_empty() && word.iter().all(byte))
    };
    domain.contains(&b'.') && plain_words(local, local_byte) && plain_words(domain, domain_byte)
}

/// What a resolve request asks: for what, from whom, to whom.
type ResolveKey = (Verification, Vec<u8>, Vec<u8>);

/// A client of trivial-rewrite.
pub struct Client {
    connection: Reusable,
    generation: u64,
    rewritten: HashMap<(Rule, Vec<u8>), Vec<u8>>,
    resolved: HashMap<ResolveKey, (Instant, Resolved)>,
}

impl Client {
    /// A client of the server at `endpoint` (`rewrite_service_name`, private).
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Client {
        Client::over(Reusable::new(endpoint, PROTOCOL))
    }

    /// A client with its own limits.
    #[must_use]
    pub fn over(connection: Reusable) -> Client {
        let (rewritten, resolved) = (HashMap::new(), HashMap::new());
        Client {
            connection,
            generation: 0,
            rewritten,
            resolved,
        }
    }

    /// The standard form of an address in external form. The empty address has no other form.
    ///
    /// # Errors
    /// The service cannot be asked: try the mail again later.
    pub fn rewrite(&mut self, rule: &Rule, address: &[u8]) -> Result<Vec<u8>, ClientError> {
        if address.is_empty() || is_standard(address) {
            return Ok(address.to_vec());
        }
        let key = (rule.clone(), address.to_vec());
        if let Some(known) = self.rewritten.get(&key) {
            return Ok(known.clone());
        }
        let request = Request::Rewrite {
            rule: rule.clone(),
            address: address.to_vec(),
        };
        let peer = self.connection.name().to_owned();
        let reply = self
            .connection
            .exchange(&request.encode(), |stream| Rewritten::read(stream, &peer))?;
        self.note_server(reply.server);
        if self.rewritten.len() >= REMEMBERED {
            self.rewritten.clear();
        }
        self.rewritten.insert(key, reply.address.clone());
        Ok(reply.address)
    }

    /// Where an address in internal form goes.
    ///
    /// # Errors
    /// The service cannot be asked: try the mail again later.
    pub fn resolve(
        &mut self,
        purpose: Verification,
        sender: &[u8],
        address: &[u8],
    ) -> Result<Resolved, ClientError> {
        let key = (purpose, sender.to_vec(), address.to_vec());
        if let Some((since, known)) = self.resolved.get(&key)
            && since.elapsed() < RESOLVED_FOR
        {
            return Ok(known.clone());
        }
        let (_, sender, address) = key.clone();
        let request = Request::Resolve {
            purpose,
            sender,
            address,
        };
        let peer = self.connection.name().to_owned();
        let reply = self
            .connection
            .exchange(&request.encode(), |stream| Resolved::read(stream, &peer))?;
        self.note_server(reply.server);
        // That a table was in trouble is true for this moment only.
        if !reply.flags.contains(ResolveFlags::FAIL) {
            if self.resolved.len() >= REMEMBERED {
                self.resolved.clear();
            }
            self.resolved.insert(key, (Instant::now(), reply.clone()));
        }
        Ok(reply)
    }

    /// Closes a connection that is too old; for programs that are about to wait.
    pub fn close_if_old(&mut self) {
        self.connection.close_if_old();
    }

    fn note_server(&mut self, flags: ServerFlags) {
        if self.generation != self.connection.generation() {
            self.generation = self.connection.generation();
            self.rewritten.clear();
            self.resolved.clear();
        }
        if flags.contains(ServerFlags::SHUTDOWN) {
            self.connection.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::announce_protocol;
    use crate::flags::ResolveFlags;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    /// The far ends of the connections that were made.
    type Servers = Rc<RefCell<Vec<Stream>>>;

    /// A client whose server has its answers ready, one connection per list of answers.
    fn client(answers: Vec<Vec<Rewritten>>) -> (Client, Servers, Rc<Cell<usize>>) {
        let servers = Rc::new(RefCell::new(Vec::new()));
        let connections = Rc::new(Cell::new(0));
        let (kept, count) = (servers.clone(), connections.clone());
        let endpoint = Endpoint::fake("private/rewrite", move || {
            let (mut server, client) = Stream::pair()?;
            announce_protocol(&mut server, PROTOCOL)?;
            for answer in answers.get(count.get()).into_iter().flatten() {
                answer.write(&mut server)?;
            }
            count.set(count.get() + 1);
            kept.borrow_mut().push(server);
            Ok(client)
        });
        (Client::new(endpoint), servers, connections)
    }

    fn answer(address: &str, server: ServerFlags) -> Rewritten {
        Rewritten {
            server,
            address: address.into(),
        }
    }

    #[test]
    fn plain_addresses_are_not_asked_about() {
        for plain in ["a@b.c", "first.last+x@mail-1.example.com"] {
            assert!(is_standard(plain.as_bytes()), "{plain}");
        }
        for other in [
            "a",
            "a@b",
            "a@b.c.",
            "a@",
            "@a:b@c.d",
            "\"a b\"@c.d",
            "a%b@c.d",
            "a@[1.2]",
            "a..b@c.d",
        ] {
            assert!(!is_standard(other.as_bytes()), "{other}");
        }
        let (mut client, _, connections) = client(vec![]);
        assert_eq!(client.rewrite(&Rule::Local, b"a@b.c").unwrap(), b"a@b.c");
        assert_eq!(client.rewrite(&Rule::Local, b"").unwrap(), b"");
        assert_eq!(connections.get(), 0);
    }

    #[test]
    fn an_answer_is_remembered() {
        let (mut client, servers, connections) =
            client(vec![vec![answer("root@local", ServerFlags::empty())]]);
        assert_eq!(
            client.rewrite(&Rule::Local, b"root").unwrap(),
            b"root@local"
        );
        assert_eq!(
            client.rewrite(&Rule::Local, b"root").unwrap(),
            b"root@local"
        );
        assert_eq!(connections.get(), 1);
        let mut servers = servers.borrow_mut();
        let request = Request::read(&mut servers[0]).unwrap();
        assert_eq!(
            request,
            Request::Rewrite {
                rule: Rule::Local,
                address: b"root".to_vec()
            }
        );
        assert!(!servers[0].has_input());
    }

    #[test]
    fn a_server_about_to_stop_is_left_and_one_that_hung_up_is_replaced_silently() {
        let none = ServerFlags::empty();
        let (mut client, servers, connections) = client(vec![
            vec![answer("a@x", ServerFlags::SHUTDOWN)],
            vec![answer("b@x", none)],
            vec![answer("c@x", none)],
        ]);
        client.rewrite(&Rule::Local, b"a").unwrap();
        client.rewrite(&Rule::Local, b"b").unwrap();
        assert_eq!(connections.get(), 2);
        servers.borrow_mut().clear();
        assert_eq!(client.rewrite(&Rule::Local, b"c").unwrap(), b"c@x");
        assert_eq!(connections.get(), 3);
    }

    #[test]
    fn questions_are_read_as_they_were_written() {
        for request in [
            Request::Rewrite {
                rule: Rule::Other(b"x".to_vec()),
                address: b"a%b".to_vec(),
            },
            Request::Resolve {
                purpose: Verification::Yes,
                sender: vec![],
                address: b"a@b".to_vec(),
            },
        ] {
            let (mut server, mut client) = Stream::pair().unwrap();
            io::Write::write_all(&mut client, &request.encode()).unwrap();
            io::Write::flush(&mut client).unwrap();
            assert_eq!(Request::read(&mut server).unwrap(), request);
        }
    }

    #[test]
    fn a_resolved_address_is_read_as_it_was_written() {
        let (mut server, mut client) = Stream::pair().unwrap();
        let resolved = Resolved {
            server: ServerFlags::SHUTDOWN,
            transport: b"smtp".to_vec(),
            nexthop: b"[127.0.0.1]:2525".to_vec(),
            recipient: b"a b@c".to_vec(),
            flags: ResolveFlags::CLASS_DEFAULT | ResolveFlags::ROUTED,
        };
        resolved.write(&mut server).unwrap();
        assert_eq!(
            Resolved::read(&mut client, "private/rewrite").unwrap(),
            resolved
        );
    }
}
