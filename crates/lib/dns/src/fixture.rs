// SPDX-License-Identifier: MIT OR Apache-2.0
//! For tests: a name server of our own, on loopback (feature `fixture`).
//!
//! The server runs on the resolver's own executor: it gets its turn whenever a question waits
//! for its answer, so no second thread is needed.
//!
//! *Errors*: everything panics.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made ends the test"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, NS, PTR, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::{TcpListener, UdpSocket};

use crate::{Resolver, Settings};

/// What the server knows, from lines of `NAME TYPE DATA`. Types are those of DNS, or `SERVFAIL`,
/// `REFUSED` and `FORMERR` for names (with no record of the wanted type) that the server has trouble with.
struct Zone(Vec<(String, Entry)>);

enum Entry {
    Record(RData),
    Trouble(ResponseCode),
}

impl Zone {
    fn parse(text: &str) -> Zone {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Zone(lines.map(Zone::line).collect())
    }

    fn line(line: &str) -> (String, Entry) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let data = words.last().copied().unwrap_or_default();
        let entry = match words[1] {
            "MX" => Entry::Record(RData::MX(MX::new(words[2].parse().unwrap(), fqdn(data)))),
            "A" => Entry::Record(RData::A(A(data.parse().unwrap()))),
            "AAAA" => Entry::Record(RData::AAAA(AAAA(data.parse().unwrap()))),
            "CNAME" => Entry::Record(RData::CNAME(CNAME(fqdn(data)))),
            "PTR" => Entry::Record(RData::PTR(PTR(fqdn(data)))),
            "NS" => Entry::Record(RData::NS(NS(fqdn(data)))),
            "TXT" => Entry::Record(RData::TXT(TXT::new(vec![words[2..].join(" ")]))),
            "SERVFAIL" => Entry::Trouble(ResponseCode::ServFail),
            "REFUSED" => Entry::Trouble(ResponseCode::Refused),
            "FORMERR" => Entry::Trouble(ResponseCode::FormErr),
            other => panic!("unknown record type {other}"),
        };
        (words[0].to_owned(), entry)
    }

    /// The records of a name and type; none when the name has only others.
    fn get(&self, name: &str, wanted: RecordType) -> Result<Vec<RData>, ResponseCode> {
        let mut known = self.0.iter().filter(|(owner, _)| owner == name).peekable();
        if known.peek().is_none() {
            return Err(ResponseCode::NXDomain);
        }
        let mut found = Vec::new();
        let mut trouble = None;
        for (_, entry) in known {
            match entry {
                Entry::Record(data)
                    if data.record_type() == wanted || matches!(data, RData::CNAME(_)) =>
                {
                    found.push(data.clone());
                }
                Entry::Record(_) => {}
                Entry::Trouble(code) => trouble = Some(*code),
            }
        }
        match trouble {
            Some(code) if found.is_empty() => Err(code),
            _ => Ok(found),
        }
    }
}

/// Labels are taken as they are: servers may say anything.
fn fqdn(text: &str) -> Name {
    let labels = text
        .split('.')
        .filter(|label| !label.is_empty())
        .map(str::as_bytes);
    let mut name = Name::from_labels(labels).unwrap();
    name.set_fqdn(true);
    name
}

/// More than this needs TCP.
const UDP_LIMIT: usize = 1232;

fn answer(zone: &Zone, query: &[u8], limit: usize) -> Option<Vec<u8>> {
    let query = Message::from_vec(query).ok()?;
    let question = query.queries.first()?.clone();
    let mut reply = Message::response(query.metadata.id, query.metadata.op_code);
    reply.metadata.recursion_available = true;
    reply.add_query(question.clone());
    let mut name = question.name().to_lowercase();
    // Follow aliases, as a recursive server does.
    for _ in 0..3 {
        let text = name.to_ascii();
        match zone.get(text.trim_end_matches('.'), question.query_type()) {
            Ok(data) => {
                let alias = data.iter().find_map(|data| match data {
                    RData::CNAME(target) => Some(target.0.clone()),
                    _ => None,
                });
                for data in data {
                    reply.add_answer(Record::from_rdata(name.clone(), 60, data));
                }
                match alias {
                    Some(target) => name = target,
                    None => break,
                }
            }
            Err(code) => {
                reply.metadata.response_code = code;
                break;
            }
        }
    }
    let whole = reply.to_vec().ok()?;
    if whole.len() <= limit {
        Some(whole)
    } else {
        reply.truncate().to_vec().ok()
    }
}

async fn serve_udp(zone: Arc<Zone>, socket: UdpSocket) {
    let mut buffer = [0; 4096];
    while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
        if let Some(reply) = answer(&zone, &buffer[..length], UDP_LIMIT) {
            let _ = socket.send_to(&reply, peer).await;
        }
    }
}

/// Answers one query per connection.
async fn serve_tcp(zone: Arc<Zone>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut query = Vec::new();
        while query.len() < 2
            || query.len() < 2 + usize::from(u16::from_be_bytes([query[0], query[1]]))
        {
            stream.readable().await.unwrap();
            let mut buffer = [0; 4096];
            match stream.try_read(&mut buffer) {
                Ok(length) => query.extend_from_slice(&buffer[..length]),
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
            }
        }
        let reply = answer(&zone, &query[2..], usize::MAX).unwrap();
        let mut framed = u16::try_from(reply.len()).unwrap().to_be_bytes().to_vec();
        framed.extend(reply);
        stream.writable().await.unwrap();
        assert_eq!(stream.try_write(&framed).unwrap(), framed.len());
    }
}

/// A resolver that asks a fake server with this zone, and this hosts file; the directory holds
/// the file for as long as the resolver is used.
#[must_use]
pub fn resolver(zone: &str, hosts: &str) -> (Resolver, tempfile::TempDir) {
    let zone = Arc::new(Zone::parse(zone));
    let directory = tempfile::tempdir().unwrap();
    let hosts_path = directory.path().join("hosts");
    std::fs::write(&hosts_path, hosts).unwrap();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let address: SocketAddr = socket.local_addr().unwrap();
    let listener = std::net::TcpListener::bind(address).unwrap();
    listener.set_nonblocking(true).unwrap();
    let settings = Settings {
        resolv_conf: directory.path().join("resolv.conf"),
        hosts: hosts_path,
        name_servers: vec![address],
        limit: Duration::from_secs(20),
    };
    let mut resolver = Resolver::new(settings);
    let of_udp = Arc::clone(&zone);
    resolver.spawn_for_test(|| serve_udp(of_udp, UdpSocket::from_std(socket).unwrap()));
    resolver.spawn_for_test(|| serve_tcp(zone, TcpListener::from_std(listener).unwrap()));
    (resolver, directory)
}
