// SPDX-License-Identifier: MIT OR Apache-2.0
//! For tests: a Dovecot that says what it is told to.

#![expect(clippy::expect_used, reason = "a test fails then")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

/// What a Dovecot says that has two mechanisms with passwords, one without, and one for nobody.
pub const HELLO: &str = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\n\
    MECH\tCRAM-MD5\tdictionary\tactive\nMECH\tANONYMOUS\tanonymous\nMECH\tSECRET\tprivate\n\
    SPID\t7\nCUID\t1\nCOOKIE\tabc\nDONE\n";

/// A Dovecot that is no more than a socket.
pub struct FakeDovecot {
    directory: TempDir,
    heard: Arc<Mutex<Vec<String>>>,
}

impl FakeDovecot {
    /// It says `hello` to everyone, and `answer` to each line; when that is none, it hangs up.
    pub fn new(
        hello: &str,
        answer: impl Fn(&str) -> Option<String> + Send + 'static,
    ) -> FakeDovecot {
        let directory = tempfile::tempdir().expect("directory");
        let listener = UnixListener::bind(directory.path().join("auth")).expect("socket");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (hello, lines) = (hello.to_owned(), heard.clone());
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client: UnixStream = client.expect("client");
                // A client that has had enough is not our concern.
                let _ = (&client).write_all(hello.as_bytes());
                for line in BufReader::new(&client).lines().map_while(Result::ok) {
                    lines.lock().expect("lock").push(line.clone());
                    match answer(&line) {
                        Some(text) => drop((&client).write_all(text.as_bytes())),
                        None => break,
                    }
                }
            }
        });
        FakeDovecot { directory, heard }
    }

    /// One that knows alice, whose password is her name in base64.
    pub fn with_alice() -> FakeDovecot {
        FakeDovecot::new(HELLO, |line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let response = fields.last().copied().unwrap_or_default();
            Some(match fields.as_slice() {
                ["AUTH", id, "ANONYMOUS", ..] => format!("OK\t{id}\tuser=anonymous\n"),
                ["AUTH", id, ..] if !response.starts_with("resp=") => {
                    format!("CONT\t{id}\tVXNlcm5hbWU6\n")
                }
                ["AUTH" | "CONT", id, ..] => match response.trim_start_matches("resp=") {
                    "YWxpY2U=" => format!("OK\t{id}\tuser=alice\n"),
                    "" => format!("FAIL\t{id}\tuser=bob\treason=Nothing said\n"),
                    _ => format!("FAIL\t{id}\tuser=bob\n"),
                },
                _ => String::new(),
            })
        })
    }

    /// Where it is.
    pub fn path(&self) -> String {
        self.directory.path().join("auth").display().to_string()
    }

    /// What it was told, a line each.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("lock").clone()
    }
}
