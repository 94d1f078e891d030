// SPDX-License-Identifier: MIT OR Apache-2.0
//! An SMTP client whose test *is* the dialogue: `C:` lines are sent, `S:` lines are expected.
//!
//! `*` in an expected line stands for any text. Leading blanks of script lines do not count.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One connection to a server under test.
#[derive(Debug)]
pub struct Smtp {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    /// Everything said so far, for the failure message.
    transcript: String,
}

impl Smtp {
    /// Connects; the greeting is left to the script.
    ///
    /// # Panics
    /// When nobody listens.
    #[must_use]
    #[track_caller]
    pub fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).unwrap_or_else(|e| panic!("connect to {address}: {e}"))
    }

    /// Connects to a server that may be gone.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn try_connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(10))?;
        stream.set_read_timeout(Some(Duration::from_secs(40)))?;
        stream.set_write_timeout(Some(Duration::from_secs(40)))?;
        let writer = stream.try_clone()?;
        Ok(Self {
            reader: BufReader::new(stream),
            writer,
            transcript: String::new(),
        })
    }

    /// Plays a whole script and returns the last reply line.
    ///
    /// # Panics
    /// When a reply differs from the script; the failure shows the conversation so far.
    #[track_caller]
    pub fn play(&mut self, script: &str) -> String {
        let mut last = String::new();
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            if let Some(command) = line.strip_prefix("C:") {
                let command = command.strip_prefix(' ').unwrap_or(command);
                self.transcript += &format!("C: {command}\n");
                self.send(format!("{command}\r\n").as_bytes());
            } else if let Some(expected) = line.strip_prefix("S:") {
                last = self.line();
                let expected = expected.trim();
                let transcript = &self.transcript;
                assert!(
                    matches(expected, &last),
                    "expected  S: {expected}\nbut heard S: {last}\nin:\n{transcript}"
                );
            } else {
                panic!("a script line begins with C: or S:, not {line:?}");
            }
        }
        last
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) {
        // A server that hung up is noticed by the next read.
        self.writer.write_all(bytes).ok();
    }

    /// Reads one reply line without its line end; empty at the end of the stream.
    pub fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.reader.read_until(b'\n', &mut line).ok();
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        self.transcript += &format!("S: {line}\n");
        line
    }

    /// Reads one whole reply, which may have several lines.
    pub fn reply(&mut self) -> String {
        let mut reply = self.line();
        while reply
            .lines()
            .last()
            .is_some_and(|last| last.as_bytes().get(3) == Some(&b'-'))
        {
            reply += "\n";
            reply += &self.line();
        }
        reply
    }

    /// Sends a command and returns the whole reply.
    pub fn ask(&mut self, command: &str) -> String {
        self.send(format!("{command}\r\n").as_bytes());
        self.reply()
    }

    /// The greeting, and every command with its reply, until the server hangs up. The lines after
    /// a granted `DATA` are content, up to a line with a dot.
    pub fn session<T: AsRef<str>>(&mut self, commands: &[T]) -> Vec<String> {
        let mut heard = vec![self.reply()];
        let mut content = false;
        for command in commands.iter().map(AsRef::as_ref) {
            if content && command != "." {
                self.send(format!("{command}\r\n").as_bytes());
                continue;
            }
            let reply = self.ask(command);
            content = command.eq_ignore_ascii_case("DATA") && reply.starts_with("354");
            heard.push(format!("{command} -> {}", crate::observe::stable(&reply)));
            if reply.is_empty() {
                break;
            }
        }
        heard
    }

    /// Everything the server still says until it closes.
    pub fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        self.reader.read_to_end(&mut rest).ok();
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// Says HELO, sends one message and returns the reply to its end, or the first refusal.
    pub fn deliver(&mut self, from: &str, to: &[&str], message: &str) -> String {
        let mut reply = self.ask("EHLO client.example");
        let mut commands = vec![format!("MAIL FROM:<{from}>")];
        commands.extend(to.iter().map(|to| format!("RCPT TO:<{to}>")));
        commands.push("DATA".to_owned());
        for command in commands {
            if !reply.starts_with(['2', '3']) {
                return reply;
            }
            reply = self.ask(&command);
        }
        if !reply.starts_with('3') {
            return reply;
        }
        for line in message.lines() {
            let dot = if line.starts_with('.') { "." } else { "" };
            self.send(format!("{dot}{line}\r\n").as_bytes());
        }
        self.ask(".")
    }
}

/// Whether `text` fits a pattern in which `*` is any text.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut open = false;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        open = part.is_empty() && parts.peek().is_none();
        if parts.peek().is_none() && !part.is_empty() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    open || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches(
            "250 2.0.0 Ok: queued as *",
            "250 2.0.0 Ok: queued as 4ABC"
        ));
        assert!(matches("220 * ESMTP", "220 a.example ESMTP"));
        assert!(matches("250-*", "250-PIPELINING"));
        assert!(!matches("250 Ok", "250 Okay"));
        assert!(!matches("5* denied", "554 5.7.1 access denied here"));
    }
}
