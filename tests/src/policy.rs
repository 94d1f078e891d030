// SPDX-License-Identifier: MIT OR Apache-2.0
//! A policy server for tests: it answers with the `policy_context` of the request, so that a
//! restriction list says what the server will say.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A policy server on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct Policy {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Policy {
    /// Starts the server.
    ///
    /// # Panics
    /// When there is no port.
    #[must_use]
    pub fn listen() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("port");
        let address = listener.local_addr().expect("address");
        let requests: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let asked = Arc::clone(&requests);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let asked = Arc::clone(&asked);
                std::thread::spawn(move || serve(&client, &asked));
            }
        });
        Self { address, requests }
    }

    /// The server in a restriction list; it will answer `action=` and then `action`, in which
    /// `\n` stands for the end of a line. `HANG` makes it close the connection instead.
    #[must_use]
    pub fn says(&self, action: &str) -> String {
        let address = self.address;
        format!("check_policy_service {{ inet:{address}, {{ policy_context={action} }} }}")
    }

    /// The attributes of all requests since the last call.
    ///
    /// # Panics
    /// When the server failed.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.requests.lock().expect("requests"))
    }
}

fn serve(mut client: &TcpStream, asked: &Mutex<Vec<Vec<String>>>) {
    let mut lines = BufReader::new(client).lines().map_while(Result::ok);
    loop {
        let request: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let context = request
            .iter()
            .find_map(|line| line.strip_prefix("policy_context="));
        let Some(action) = context.map(|context| context.replace("\\n", "\n")) else {
            return;
        };
        asked.lock().expect("requests").push(request);
        if action == "HANG" || write!(client, "action={action}\n\n").is_err() {
            return;
        }
    }
}
