// SPDX-License-Identifier: MIT OR Apache-2.0
//! A receiving SMTP server played by the test: records what arrives, refuses what it is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One message as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// All commands of the transaction, in order.
    pub commands: Vec<String>,
    /// Content lines, dots unstuffed, joined with LF.
    pub content: String,
}

/// A server on an address of the test's choice; it lives as long as the test process.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    arrivals: Receiver<Received>,
    replies: Arc<Mutex<Vec<(String, String)>>>,
}

impl Sink {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Panics
    /// When the address is taken.
    #[must_use]
    pub fn listen(address: &str) -> Self {
        let listener = TcpListener::bind(address).expect("sink address");
        let address = listener.local_addr().expect("address");
        let (sender, arrivals) = channel();
        let replies: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let shared = Arc::clone(&replies);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, replies) = (sender.clone(), Arc::clone(&shared));
                std::thread::spawn(move || converse(stream, &sender, &replies));
            }
        });
        Self {
            address,
            arrivals,
            replies,
        }
    }

    /// Answers commands that begin with `prefix` with `reply` (`DATA-END` is the final dot).
    pub fn reply(&self, prefix: &str, reply: &str) {
        self.replies
            .lock()
            .expect("replies")
            .push((prefix.to_owned(), reply.to_owned()));
    }

    /// Forgets all special replies.
    pub fn behave(&self) {
        self.replies.lock().expect("replies").clear();
    }

    /// The next message.
    ///
    /// # Panics
    /// When none arrives in time.
    #[must_use]
    #[track_caller]
    pub fn receive(&self) -> Received {
        self.arrivals
            .recv_timeout(crate::watch::PATIENCE)
            .expect("a message for the sink")
    }

    /// Whether a message arrives within a short time.
    #[must_use]
    pub fn receives_within(&self, limit: Duration) -> Option<Received> {
        self.arrivals.recv_timeout(limit).ok()
    }
}

fn converse(
    stream: TcpStream,
    arrivals: &Sender<Received>,
    replies: &Mutex<Vec<(String, String)>>,
) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let special = |command: &str| {
        let known = replies.lock().ok()?;
        let found = known
            .iter()
            .find(|(prefix, _)| command.starts_with(prefix.as_str()));
        found.map(|(_, reply)| reply.clone())
    };
    let greeting = special("CONNECT").unwrap_or_else(|| "220 sink.example.test ESMTP".to_owned());
    writer
        .write_all(format!("{greeting}\r\n").as_bytes())
        .ok()?;
    let mut received = Received::default();
    loop {
        let command = line(&mut reader)?;
        received.commands.push(command.clone());
        let verb = command.get(..4).unwrap_or_default().to_ascii_uppercase();
        if let Some(reply) = special(&command) {
            if reply == "HANGUP" {
                return None;
            }
            writer.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
            continue;
        }
        let reply = match verb.as_str() {
            "EHLO" => {
                "250-sink.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n\
                 250-SMTPUTF8\r\n250 DSN"
            }
            "DATA" => "354 go ahead",
            "QUIT" => "221 bye",
            _ => "250 2.0.0 Ok",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
        if verb == "QUIT" {
            return None;
        }
        if verb == "DATA" {
            loop {
                let content = line(&mut reader)?;
                if content == "." {
                    break;
                }
                received.content += content.strip_prefix('.').unwrap_or(&content);
                received.content.push('\n');
            }
            let reply = special("DATA-END").unwrap_or_else(|| "250 2.0.0 Ok: taken".to_owned());
            let whole = std::mem::take(&mut received);
            // Whoever hears the reply knows that the message is there.
            if reply.starts_with('2') {
                arrivals.send(whole).ok()?;
            }
            writer.write_all(format!("{reply}\r\n").as_bytes()).ok()?;
        }
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader
        .read_until(b'\n', &mut line)
        .ok()
        .filter(|&length| length > 0)?;
    let line = String::from_utf8_lossy(&line).into_owned();
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}
