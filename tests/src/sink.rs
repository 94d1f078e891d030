// SPDX-License-Identifier: MIT OR Apache-2.0
//! A receiving SMTP server played by the test: records what arrives, refuses what it is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// One message as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// All commands of the transaction, in order.
    pub commands: Vec<String>,
    /// Content lines, dots unstuffed, joined with LF.
    pub content: String,
}

/// What clients said and the test has not asked for yet.
#[derive(Debug, Default)]
struct Heard {
    /// Sessions that have not ended.
    open: usize,
    lines: Vec<String>,
}

#[derive(Debug, Default)]
struct Ear {
    heard: Mutex<Heard>,
    changed: Condvar,
}

impl Ear {
    fn note(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard.lock().expect("heard"));
        self.changed.notify_all();
    }
}

/// A server on an address of the test's choice; it lives as long as the test process.
#[derive(Debug)]
pub struct Sink {
    /// Where it listens.
    pub address: SocketAddr,
    arrivals: Receiver<Received>,
    replies: Arc<Mutex<Vec<(String, String)>>>,
    ear: Arc<Ear>,
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
        let ear: Arc<Ear> = Arc::default();
        let (shared, listening) = (Arc::clone(&replies), Arc::clone(&ear));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, replies) = (sender.clone(), Arc::clone(&shared));
                let ear = Arc::clone(&listening);
                ear.note(|heard| heard.open += 1);
                std::thread::spawn(move || {
                    converse(stream, &sender, &replies, &ear);
                    ear.note(|heard| {
                        heard.open -= 1;
                        heard.lines.push("(end)".to_owned());
                    });
                });
            }
        });
        Self {
            address,
            arrivals,
            replies,
            ear,
        }
    }

    /// Answers commands that begin with `prefix` with `reply` (`CONNECT` is the greeting,
    /// `DATA-END` the final dot). `HANGUP` ends the session, `SILENCE` waits for the client to
    /// end it.
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

    /// Every line, of content too, that clients said since the test last asked, once the sessions
    /// have ended; `(end)` after each session.
    ///
    /// # Panics
    /// When they do not end in time.
    #[must_use]
    #[track_caller]
    pub fn heard(&self) -> Vec<String> {
        let heard = self.ear.heard.lock().expect("heard");
        let (mut heard, waited) = self
            .ear
            .changed
            .wait_timeout_while(heard, crate::watch::PATIENCE, |heard| heard.open > 0)
            .expect("heard");
        assert!(!waited.timed_out(), "a session goes on: {heard:?}");
        std::mem::take(&mut heard.lines)
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

/// What the client is told about one of its commands; nothing at the end of the session.
fn say(writer: &mut TcpStream, reader: &mut impl BufRead, reply: &str) -> Option<()> {
    match reply {
        "HANGUP" => return None,
        "SILENCE" => {
            while line(reader).is_some() {}
            return None;
        }
        _ => {}
    }
    writer.write_all(format!("{reply}\r\n").as_bytes()).ok()
}

fn converse(
    stream: TcpStream,
    arrivals: &Sender<Received>,
    replies: &Mutex<Vec<(String, String)>>,
    ear: &Ear,
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
    let hear = |reader: &mut BufReader<TcpStream>| {
        let line = line(reader)?;
        ear.note(|heard| heard.lines.push(line.clone()));
        Some(line)
    };
    let greeting = special("CONNECT").unwrap_or_else(|| "220 sink.example.test ESMTP".to_owned());
    say(&mut writer, &mut reader, &greeting)?;
    let mut received = Received::default();
    loop {
        let command = hear(&mut reader)?;
        received.commands.push(command.clone());
        let verb = command.get(..4).unwrap_or_default().to_ascii_uppercase();
        let reply = special(&command).unwrap_or_else(|| usual(&verb).to_owned());
        say(&mut writer, &mut reader, &reply)?;
        if verb == "QUIT" {
            return None;
        }
        if verb == "DATA" && reply.starts_with('3') {
            loop {
                let content = hear(&mut reader)?;
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
            say(&mut writer, &mut reader, &reply)?;
        }
    }
}

/// What a server that takes everything answers.
fn usual(verb: &str) -> &'static str {
    match verb {
        "EHLO" => {
            "250-sink.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n\
             250-SMTPUTF8\r\n250 DSN"
        }
        "DATA" => "354 go ahead",
        "QUIT" => "221 bye",
        _ => "250 2.0.0 Ok",
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
