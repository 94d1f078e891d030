// SPDX-License-Identifier: MIT OR Apache-2.0
//! A small DNS server on 127.0.0.1:53 for tests in their own network namespace.
//!
//! Knows the records that tests add; answers NXDOMAIN for everything else, and SERVFAIL for names
//! below `servfail.test`.

use std::collections::HashMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{Mutex, OnceLock};

/// One record's data.
#[derive(Clone, Debug)]
pub enum Record {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// A mail exchanger with its preference.
    Mx(u16, String),
    /// The name of an address.
    Ptr(String),
    /// A name server.
    Ns(String),
    /// A text, of one string.
    Txt(String),
    /// The name is another one for this.
    Cname(String),
}

type Zone = Mutex<HashMap<String, Vec<Record>>>;

/// Adds a record, starting the server with the first one. Names have no final dot.
///
/// # Panics
/// When port 53 is taken: the test does not run in a namespace of its own.
pub fn add(name: &str, record: Record) {
    static ZONE: OnceLock<&'static Zone> = OnceLock::new();
    let zone = ZONE.get_or_init(|| {
        let zone: &'static Zone = Box::leak(Box::default());
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 53)).expect("DNS port of our own");
        std::thread::spawn(move || serve(&socket, zone));
        zone
    });
    zone.lock()
        .expect("zone")
        .entry(name.to_ascii_lowercase())
        .or_default()
        .push(record);
}

fn serve(socket: &UdpSocket, zone: &Zone) {
    let mut buffer = [0; 1500];
    while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
        if let Some(reply) = buffer.get(..length).and_then(|query| answer(query, zone)) {
            socket.send_to(&reply, peer).ok();
        }
    }
}

fn answer(query: &[u8], zone: &Zone) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*query.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(query.get(at..at + length)?).to_ascii_lowercase());
        at += length;
    }
    let question = query.get(12..at + 4)?;
    let kind = u16::from_be_bytes([question[question.len() - 4], question[question.len() - 3]]);
    let name = labels.join(".");
    let (code, answers) = look_up(&*zone.lock().ok()?, &name, kind);
    let mut reply = query.get(..2)?.to_vec();
    reply.extend([
        0x85,
        0x80 | code,
        0,
        1,
        0,
        u8::try_from(answers.len()).ok()?,
        0,
        0,
        0,
        0,
    ]);
    reply.extend(question);
    for answer in answers {
        reply.extend(answer);
    }
    Some(reply)
}

/// How many aliases are followed: a ring of them ends, too.
const LONGEST_CHAIN: usize = 8;
const CNAME: u16 = 5;

/// The response code, and all records of the answer.
fn look_up(zone: &HashMap<String, Vec<Record>>, name: &str, kind: u16) -> (u8, Vec<Vec<u8>>) {
    let mut answers = Vec::new();
    let mut name = name.to_owned();
    for _ in 0..LONGEST_CHAIN {
        if name.ends_with("servfail.test") {
            return (2, answers);
        }
        let Some(known) = zone.get(&name) else {
            return (3, answers);
        };
        let found = known.iter().filter_map(|record| data(kind, record));
        answers.extend(found.map(|data| encoded(&name, kind, &data)));
        let alias = known.iter().find_map(|record| match record {
            Record::Cname(target) => Some(target.to_ascii_lowercase()),
            _ => None,
        });
        match alias {
            Some(target) if kind != CNAME => {
                answers.push(encoded(&name, CNAME, &wire_name(&target)));
                name = target;
            }
            _ => break,
        }
    }
    (0, answers)
}

/// One record as it is sent.
fn encoded(name: &str, kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = wire_name(name);
    record.extend(kind.to_be_bytes());
    record.extend([0, 1, 0, 0, 0, 60]);
    record.extend(u16::try_from(data.len()).unwrap_or(0).to_be_bytes());
    record.extend(data);
    record
}

fn data(kind: u16, record: &Record) -> Option<Vec<u8>> {
    match (kind, record) {
        (1, Record::A(address)) => Some(address.octets().to_vec()),
        (15, Record::Mx(preference, host)) => {
            let mut data = preference.to_be_bytes().to_vec();
            data.extend(wire_name(host));
            Some(data)
        }
        (12, Record::Ptr(host)) | (2, Record::Ns(host)) | (CNAME, Record::Cname(host)) => {
            Some(wire_name(host))
        }
        (16, Record::Txt(text)) => {
            let mut data = vec![u8::try_from(text.len()).ok()?];
            data.extend(text.bytes());
            Some(data)
        }
        _ => None,
    }
}

fn wire_name(name: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        wire.push(u8::try_from(label.len()).unwrap_or(63));
        wire.extend(label.bytes());
    }
    wire.push(0);
    wire
}
