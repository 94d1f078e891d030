// SPDX-License-Identifier: MIT OR Apache-2.0
//! Policy servers: programs of the administrator that decide about a command.
//!
//! The servers that restriction lists name are known from the start ([`Policies`]); a connection
//! is made with the first question, and kept for the next ones within limits. A question that
//! gets no answer is asked again on a new connection.
//!
//! *Invariants*: a server is as hostile as a client: what it says is bounded in length and time.
//!
//! *Errors*: a server that cannot be asked is logged; the caller takes the default action.
//!
//! *Postfix:* attr_clnt(3), auto_clnt(3) and policy_client_register of smtpd_check(3).

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use config::value::{braced_words, seconds, unbraced};
use ipc::attr::{AttrError, Codec, Reader};
use runtime::log;
use runtime::net::host_port::{self, HostPort};
use runtime::net::interfaces::addresses_of;
use runtime::net::port;
use runtime::stream::Stream;

/// How a server is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// For connecting, a request, and an answer.
    pub(crate) timeout: Duration,
    /// An unused connection is closed after this time.
    pub(crate) max_idle: Duration,
    /// A connection is used for this time at most.
    pub(crate) max_ttl: Duration,
    /// Requests over one connection; 0 sets no limit.
    pub(crate) request_limit: u32,
    /// How often one question is asked.
    pub(crate) try_limit: u32,
    /// The pause before it is asked again.
    pub(crate) retry_delay: Duration,
    /// What is done when there is no answer.
    pub(crate) default_action: String,
    /// A word that tells one use of a server from another.
    pub(crate) policy_context: String,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Inet(HostPort),
    Unix(PathBuf),
}

/// A policy server.
struct Server {
    /// As the list names it.
    name: String,
    place: Place,
    /// The place as messages call it.
    endpoint: String,
    settings: Settings,
    open: Option<Open>,
}

struct Open {
    stream: Stream,
    opened: Instant,
    used: Instant,
    requests: u32,
}

/// Which of the policy servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PolicyId(usize);

/// The policy servers that restriction lists name.
pub(crate) struct Policies {
    defaults: Settings,
    servers: Vec<Server>,
}

impl Policies {
    /// No server yet; those that come have these settings where they have none of their own.
    pub(crate) fn new(defaults: Settings) -> Policies {
        let servers = Vec::new();
        Policies { defaults, servers }
    }

    /// The server that a list names, `unix:path`, `inet:host:port`, or either in braces with
    /// settings of its own.
    ///
    /// # Errors
    /// The text of a fatal error.
    pub(crate) fn register(&mut self, name: &str) -> Result<PolicyId, String> {
        let known = self.servers.iter().position(|server| server.name == name);
        if let Some(index) = known {
            return Ok(PolicyId(index));
        }
        self.servers.push(Server::parse(name, &self.defaults)?);
        Ok(PolicyId(self.servers.len() - 1))
    }

    /// The name of a server, and how it is asked.
    pub(crate) fn about(&self, id: PolicyId) -> Option<(&str, &Settings)> {
        let server = self.servers.get(id.0)?;
        Some((&server.name, &server.settings))
    }

    /// Asks a server; nothing when it does not answer, which was logged.
    pub(crate) fn ask(&mut self, id: PolicyId, request: &[u8]) -> Option<Vec<u8>> {
        self.servers.get_mut(id.0)?.ask(request)
    }

    /// Closes the connections that were idle or open for too long.
    pub(crate) fn close_old(&mut self) {
        self.servers.iter_mut().for_each(Server::close_if_old);
    }
}

impl Server {
    fn parse(name: &str, defaults: &Settings) -> Result<Server, String> {
        let mut settings = defaults.clone();
        let mut service = name;
        if name.starts_with('{') {
            let inside = unbraced(name);
            if let Some(complaint) = inside.complaint {
                return Err(format!("policy service syntax error: {complaint}"));
            }
            let mut words = braced_words(inside.text, |c| c == ',');
            service = words
                .next()
                .ok_or_else(|| format!("empty policy service: \"{name}\""))?;
            for word in words {
                settings.set(name, word)?;
            }
        }
        let (transport, endpoint) = match service.split_once(':') {
            Some((transport, endpoint)) if !transport.is_empty() && !endpoint.is_empty() => {
                (transport, endpoint)
            }
            _ => {
                return Err(format!(
                    "need service transport:endpoint instead of \"{service}\""
                ));
            }
        };
        let place = match transport {
            "inet" => Place::Inet(
                host_port::parse(endpoint, None, None)
                    .map_err(|error| format!("{error} in service: {service}"))?,
            ),
            "unix" | "local" => Place::Unix(endpoint.into()),
            _ => {
                return Err(format!(
                    "invalid transport name: {transport} in service: {service}"
                ));
            }
        };
        Ok(Server {
            name: name.to_owned(),
            place,
            endpoint: endpoint.to_owned(),
            settings,
            open: None,
        })
    }

    fn ask(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let mut tries = 0;
        loop {
            self.close_if_old();
            let problem = match self.attempt(request) {
                Ok(action) => return Some(action),
                Err(problem) => problem,
            };
            self.open = None;
            tries += 1;
            // That a server ended, or restarts, is ordinary as long as a new connection helps.
            if tries >= self.settings.try_limit || !is_ordinary(&problem) {
                log::warning(format_args!(
                    "problem talking to server {}: {}",
                    self.endpoint,
                    runtime::text::reason(&problem)
                ));
            }
            if tries >= self.settings.try_limit {
                return None;
            }
            std::thread::sleep(self.settings.retry_delay);
        }
    }

    fn attempt(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        let open = match &mut self.open {
            Some(open) => open,
            closed => {
                let stream = connect(&self.place, self.settings.timeout).inspect_err(|error| {
                    let reason = runtime::text::reason(error);
                    log::warning(format_args!("connect to {}: {reason}", self.endpoint));
                })?;
                let now = Instant::now();
                closed.insert(Open {
                    stream,
                    opened: now,
                    used: now,
                    requests: 0,
                })
            }
        };
        open.stream.write_all(request)?;
        open.stream.flush()?;
        let mut reader = Reader::new(&mut open.stream, Codec::Plain).peer(&self.endpoint);
        let action = reader
            .text("action")
            .and_then(|action| reader.end().map(|()| action))
            .map_err(|error| self::failure(&error, &self.endpoint))?;
        open.used = Instant::now();
        open.requests += 1;
        if open.requests == self.settings.request_limit {
            self.open = None;
        }
        Ok(action)
    }

    /// Gives up a connection that the server closed, or that is too old.
    fn close_if_old(&mut self) {
        let Settings {
            max_idle, max_ttl, ..
        } = self.settings;
        let ended = |open: &Open| {
            // Between requests a server has nothing to say: what can be read is its end.
            open.used.elapsed() >= max_idle
                || open.opened.elapsed() >= max_ttl
                || open.stream.has_input()
        };
        if self.open.as_ref().is_some_and(ended) {
            self.open = None;
        }
    }
}

impl Settings {
    /// One `name=value` of a server's own settings.
    fn set(&mut self, server: &str, word: &str) -> Result<(), String> {
        let inside = unbraced_pair(word);
        let Some((name, value)) = inside.split_once('=') else {
            return Err(format!(
                "missing '=' after attribute name: \"{inside}\" in policy service: {server}"
            ));
        };
        let (name, value) = (name.trim(), value.trim());
        let bad = || format!("policy service {server}: bad value of {name}: \"{value}\"");
        let time = || {
            let seconds = seconds(value, 's').filter(|seconds| *seconds > 0);
            let seconds = seconds.ok_or_else(bad)?;
            Ok::<_, String>(Duration::from_secs(u64::from(seconds)))
        };
        let number = |least| {
            let number = value.parse().ok().filter(|number| *number >= least);
            number.ok_or_else(bad)
        };
        match name {
            "timeout" => self.timeout = time()?,
            "max_idle" => self.max_idle = time()?,
            "max_ttl" => self.max_ttl = time()?,
            "retry_delay" => self.retry_delay = time()?,
            "request_limit" => self.request_limit = number(0)?,
            "try_limit" => self.try_limit = number(1)?,
            "default_action" => value.clone_into(&mut self.default_action),
            "policy_context" => value.clone_into(&mut self.policy_context),
            _ => {
                return Err(format!(
                    "unknown attribute name: \"{name}\" in policy service: {server}"
                ));
            }
        }
        Ok(())
    }
}

/// `name=value`, or the same in braces, which keep white space together.
fn unbraced_pair(word: &str) -> &str {
    if word.starts_with('{') {
        unbraced(word).text
    } else {
        word
    }
}

fn connect(place: &Place, timeout: Duration) -> io::Result<Stream> {
    let fd = match place {
        Place::Unix(path) => sys::socket::unix_connect(path, timeout)?,
        Place::Inet(host_port) => {
            let unknown = || io::Error::new(io::ErrorKind::InvalidInput, "unknown service");
            let port = port::number(&host_port.port).ok_or_else(unknown)?;
            let mut result = Err(unknown());
            for address in addresses_of(&host_port.host)? {
                result = sys::socket::inet_connect(SocketAddr::new(address, port), None, timeout);
                if result.is_ok() {
                    break;
                }
            }
            result?
        }
    };
    let mut stream = Stream::new(fd);
    stream.set_timeout(timeout);
    Ok(stream)
}

/// An answer that is none, in the words of the original.
fn failure(error: &AttrError, endpoint: &str) -> io::Error {
    match error {
        AttrError::Gone => io::Error::new(io::ErrorKind::UnexpectedEof, "Application error"),
        AttrError::TimedOut => {
            log::warning(format_args!(
                "timeout on {endpoint} while reading input attribute name"
            ));
            io::Error::new(io::ErrorKind::TimedOut, "Connection timed out")
        }
        AttrError::Misbehaved(text) => {
            log::warning(text);
            io::Error::new(io::ErrorKind::InvalidData, "Success")
        }
    }
}

fn is_ordinary(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, InvalidData, NotFound, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionReset | InvalidData | NotFound | UnexpectedEof
    )
}

#[cfg(test)]
impl Settings {
    /// The defaults.
    pub(crate) fn for_test() -> Settings {
        Settings {
            timeout: Duration::from_secs(100),
            max_idle: Duration::from_secs(300),
            max_ttl: Duration::from_secs(1000),
            request_limit: 0,
            try_limit: 2,
            retry_delay: Duration::from_secs(1),
            default_action: "451 4.3.5 Server configuration problem".to_owned(),
            policy_context: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str) -> Result<Server, String> {
        Server::parse(name, &Settings::for_test())
    }

    #[test]
    fn a_server_in_braces_has_settings_of_its_own() {
        let server = parse(
            "{ inet:localhost:10023, timeout=10s, request_limit=3 try_limit=1, \
             { default_action = REJECT go away }, policy_context=submission }",
        );
        let server = server.expect("a good server");
        assert_eq!(server.endpoint, "localhost:10023");
        let settings = Settings {
            timeout: Duration::from_secs(10),
            request_limit: 3,
            try_limit: 1,
            default_action: "REJECT go away".to_owned(),
            policy_context: "submission".to_owned(),
            ..Settings::for_test()
        };
        assert_eq!(server.settings, settings);
    }

    #[test]
    fn a_server_that_makes_no_sense_is_refused() {
        for name in [
            "unix:",
            ":x",
            "tcp:host:25",
            "inet:host",
            "{}",
            "{ unix:x",
            "{ unix:x, timeout }",
            "{ unix:x, timeout=0 }",
            "{ unix:x, try_limit=0 }",
            "{ unix:x, color=red }",
        ] {
            assert!(parse(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_server_is_known_once_by_its_whole_name() {
        let mut policies = Policies::new(Settings::for_test());
        let one = policies.register("unix:a");
        assert_eq!(policies.register("unix:a"), one);
        assert_ne!(policies.register("{ unix:a }"), one);
    }
}
