// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logins that a running Dovecot checks, over the client side of its authentication protocol,
//! version 1.
//!
//! Lines of fields that are separated by tabs. Both sides say who they are; Dovecot lists its
//! mechanisms (`MECH`) and ends with `DONE`. Each login has a number: `AUTH` begins it, `CONT`
//! carries challenges and responses, `OK` and `FAIL` end it. One connection serves all sessions
//! of a process; it is made anew when Dovecot was restarted in between.
//!
//! *Invariants*: a line is at most [`LINE_LIMIT`] bytes, a conversation at most [`LINES_LIMIT`]
//! lines and [`TIME_LIMIT`]; whatever breaks these rules ends the connection.
//!
//! *Errors*: a Dovecot that cannot be reached, or makes no sense, is logged; the client hears
//! that nobody can say now.
//!
//! *Postfix:* xsasl_dovecot_server(3).

use std::io::{self, Write as _};
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use runtime::log;
use runtime::stream::{Stream, Until};
use runtime::text::reason;

use crate::{About, Answer, Security, Server, Traits, is_base64, printable};

/// How long connecting, or one answer, may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The longest line: tickets of Kerberos fit.
const LINE_LIMIT: usize = 64 * 1024;
/// The most lines before the one that is waited for.
const LINES_LIMIT: usize = 1000;
/// The version of the protocol; only the first number must agree.
const VERSION: (u32, u32) = (1, 2);

/// Dovecot, as far as this process is connected to it.
pub(crate) struct Dovecot {
    path: String,
    connection: Option<Connection>,
    /// The number of the last login.
    request: u32,
    /// The mechanisms that the present session may use.
    offered: Vec<String>,
    user: Option<String>,
}

/// A connection that has said hello.
struct Connection {
    stream: Stream,
    mechanisms: Vec<(String, Traits)>,
}

impl Dovecot {
    /// The one behind this socket: a path, or `inet:host:port`.
    pub(crate) fn new(path: &str) -> Dovecot {
        Dovecot {
            path: path.to_owned(),
            connection: None,
            request: 0,
            offered: Vec::new(),
            user: None,
        }
    }

    /// Makes sure that there is a connection; what went wrong is logged.
    fn connect(&mut self) -> Option<&mut Connection> {
        if self.connection.is_none() {
            let socket = connect(&self.path).map_err(|error| {
                let (path, error) = (&self.path, reason(&error));
                log::warning(format_args!(
                    "SASL: Connect to Dovecot auth socket '{path}' failed: {error}"
                ));
            });
            self.connection = Connection::over(Stream::new(socket.ok()?));
        }
        self.connection.as_mut()
    }

    /// Sends the beginning of a login, over a new connection if the old one has gone.
    fn send(
        &mut self,
        about: &About,
        mechanism: &str,
        initial: Option<&str>,
    ) -> Result<(), Answer> {
        if let Some(connection) = &self.connection
            && connection.stream.is_closed_by_peer()
        {
            self.connection = None;
        }
        self.request = self.request.wrapping_add(1);
        let line = login(self.request, about, mechanism, initial);
        for _ in 0..2 {
            let Some(connection) = self.connect() else {
                return Err(Answer::Unavailable(
                    "Can't connect to authentication server".to_owned(),
                ));
            };
            if connection.say(&line).is_ok() {
                return Ok(());
            }
            self.connection = None;
        }
        Err(self.lost())
    }

    fn lost(&mut self) -> Answer {
        self.connection = None;
        Answer::Unavailable("Connection lost to authentication server".to_owned())
    }

    /// Waits for the answer to the present login.
    fn reply(&mut self) -> Answer {
        for _ in 0..LINES_LIMIT {
            let line = match &mut self.connection {
                Some(connection) => connection.line(),
                None => return self.lost(),
            };
            let Ok(line) = line else {
                return self.lost();
            };
            let mut fields = line.split(|&b| b == b'\t');
            let verb = fields.next().unwrap_or_default();
            if !matches!(verb, b"OK" | b"CONT" | b"FAIL") {
                continue;
            }
            let Some(id) = fields.next() else {
                log::warning("SASL: Protocol error");
                continue;
            };
            // The answer to a login that was given up.
            if printable(id).parse() != Ok(self.request) {
                continue;
            }
            return match (verb, fields.next()) {
                (b"CONT", Some(challenge)) => Answer::Challenge(printable(challenge)),
                (b"CONT", None) => incomplete("CONT reply"),
                (verb, first) => self.verdict(verb == b"OK", first.into_iter().chain(fields)),
            };
        }
        self.lost()
    }

    /// The end of a login.
    fn verdict<'a>(&mut self, is_good: bool, fields: impl Iterator<Item = &'a [u8]>) -> Answer {
        self.user = None;
        let mut why = String::new();
        for field in fields {
            if let Some(user) = field.strip_prefix(b"user=") {
                self.user = Some(printable(user));
            } else if let Some(text) = field.strip_prefix(b"reason=") {
                why = printable(text);
            }
        }
        match &self.user {
            Some(user) if is_good => Answer::Success(user.clone()),
            None if is_good => incomplete("OK username"),
            _ => Answer::Refused(why),
        }
    }
}

impl Server for Dovecot {
    fn mechanisms(&mut self, security: Security) -> Vec<String> {
        self.user = None;
        let known = self.connect().map(|connection| &connection.mechanisms);
        let allowed = known.into_iter().flatten();
        let allowed = allowed.filter(|(_, traits)| security.allows(*traits));
        self.offered = allowed.map(|(name, _)| name.clone()).collect();
        self.offered.clone()
    }

    fn begin(&mut self, about: &About, mechanism: &str, initial: Option<&str>) -> Answer {
        let mut offered = self.offered.iter();
        if !offered.any(|known| known.eq_ignore_ascii_case(mechanism)) {
            return Answer::Refused(format!("Invalid authentication mechanism: '{mechanism}'"));
        }
        if initial.is_some_and(|response| !is_base64(response)) {
            return Answer::Refused("Invalid base64 data in initial response".to_owned());
        }
        match self.send(about, mechanism, initial) {
            Ok(()) => self.reply(),
            Err(answer) => answer,
        }
    }

    fn answer(&mut self, response: &str) -> Answer {
        if !is_base64(response) {
            return Answer::Refused("Invalid base64 data in continued response".to_owned());
        }
        let line = format!("CONT\t{}\t{response}\n", self.request);
        let connection = self.connection.as_mut();
        match connection.map(|connection| connection.say(&line)) {
            Some(Ok(())) => self.reply(),
            _ => self.lost(),
        }
    }

    fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }
}

fn incomplete(what: &str) -> Answer {
    log::warning(format_args!("missing Dovecot server {what} field"));
    Answer::Refused("Authentication backend error".to_owned())
}

/// The line that begins a login.
fn login(request: u32, about: &About, mechanism: &str, initial: Option<&str>) -> String {
    let mut line = format!("AUTH\t{request}\t{mechanism}\tservice={}", about.service);
    line += "\tnologin";
    let facts = [
        ("lip", &about.local.0),
        ("rip", &about.remote.0),
        ("lport", &about.local.1),
        ("rport", &about.remote.1),
    ];
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        line += &format!("\t{name}={value}");
    }
    if about.encrypted {
        line += "\tsecured";
    }
    if about.certified {
        line += "\tvalid-client-cert";
    }
    // By the protocol it is the last field.
    if let Some(response) = initial {
        line += &format!("\tresp={response}");
    }
    line.push('\n');
    line
}

fn connect(path: &str) -> io::Result<OwnedFd> {
    let Some(endpoint) = path.strip_prefix("inet:") else {
        let path = path.strip_prefix("unix:").unwrap_or(path);
        return sys::socket::unix_connect(Path::new(path), TIME_LIMIT);
    };
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    let parsed = runtime::net::host_port::parse(endpoint, Some("localhost"), None);
    let endpoint = parsed.map_err(|error| invalid(error.to_string()))?;
    let port = runtime::net::port::number(&endpoint.port);
    let port = port.ok_or_else(|| invalid(format!("unknown service: {}", endpoint.port)))?;
    let found = (endpoint.host.as_str(), port).to_socket_addrs()?;
    let mut last = Err(invalid("host not found".to_owned()));
    let deadline = Instant::now() + TIME_LIMIT;
    for address in found.take_while(|_| Instant::now() < deadline) {
        last = inet(address, deadline);
        if last.is_ok() {
            break;
        }
    }
    last
}

fn inet(address: SocketAddr, deadline: Instant) -> io::Result<OwnedFd> {
    let left = deadline.saturating_duration_since(Instant::now());
    let socket = sys::socket::inet_connect(address, None, left)?;
    // A line is one small write; waiting for company would only delay it.
    let _ = sys::socket::set_nodelay(&socket);
    Ok(socket)
}

impl Connection {
    /// Says hello; none when the other side does not say it as it should.
    fn over(stream: Stream) -> Option<Connection> {
        let mechanisms = Vec::new();
        let mut connection = Connection { stream, mechanisms };
        let (major, minor) = VERSION;
        let id = std::process::id();
        let hello = format!("VERSION\t{major}\t{minor}\nCPID\t{id}\n");
        if let Err(error) = connection.say(&hello) {
            let error = reason(&error);
            log::warning(format_args!("SASL: Couldn't send handshake: {error}"));
            return None;
        }
        match connection.listen() {
            Ok(()) => Some(connection),
            Err(text) => {
                log::warning(format_args!("SASL: {text}"));
                None
            }
        }
    }

    /// Hears what the other side is.
    fn listen(&mut self) -> Result<(), String> {
        for _ in 0..LINES_LIMIT {
            let line = self.line();
            let line = line.map_err(|error| format!("handshake failed: {}", reason(&error)))?;
            let line = String::from_utf8_lossy(&line).into_owned();
            let mut fields = line.split('\t');
            match fields.next() {
                Some("VERSION") => agree(fields.next().unwrap_or_default())?,
                Some("MECH") => self.mechanisms.extend(mechanism(fields)),
                // Its other sockets, for other purposes, go on without listing mechanisms and
                // would leave us waiting.
                Some("SPID") if self.mechanisms.is_empty() => {
                    return Err("Connected to wrong auth socket (auth-master instead of \
                                auth-client)"
                        .to_owned());
                }
                Some("DONE") => return Ok(()),
                // CUID and COOKIE are for those who ask on behalf of a login process.
                _ => {}
            }
        }
        Err("handshake failed: it does not end".to_owned())
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.set_timeout(TIME_LIMIT);
        self.stream.set_deadline(Some(Instant::now() + TIME_LIMIT));
        self.stream.write_all(line.as_bytes())?;
        self.stream.flush()
    }

    /// The next line, without its end.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        match self.stream.read_until(b'\n', LINE_LIMIT, &mut line)? {
            Until::Found => {
                line.pop();
                Ok(line)
            }
            Until::LimitReached => Err(io::ErrorKind::InvalidData.into()),
            Until::EndOfStream => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

fn agree(major: &str) -> Result<(), String> {
    match major.parse::<u32>() {
        Ok(major) if major == VERSION.0 => Ok(()),
        Ok(major) => Err(format!(
            "Protocol version mismatch ({major} vs. {})",
            VERSION.0
        )),
        Err(_) => Err("Protocol version error".to_owned()),
    }
}

/// The mechanism that a line describes, if its name can be said to clients.
fn mechanism<'a>(mut fields: impl Iterator<Item = &'a str>) -> Option<(String, Traits)> {
    let name = fields.next().filter(|name| !name.is_empty())?;
    let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let traits = fields.filter_map(Traits::find).collect();
    (name.bytes().all(is_name_byte)).then(|| (name.to_owned(), traits))
}

#[cfg(test)]
mod tests;
