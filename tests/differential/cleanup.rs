// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations with cleanup: its verdict, the queue file it makes, and what it logs.
//!
//! A conversation is written as its records, separated by `|`, each with its type first. The time
//! comes before it by itself unless it begins with `-`; a short message follows unless it has one.

use crate::accepted::Difference;
use crate::compare::{Seen, cases, options};
use crate::protocol::{Attributes, Conversation, record, records};
use kit::{Instance, observe};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;

/// What a submission asks of cleanup: header checks, automatic copies, and mapping of addresses.
pub(crate) const USUAL: u32 = 2 | 16 | 32;
/// A message that cannot be taken is returned.
pub(crate) const BOUNCE: u32 = 1;
const CONTENT: &str = "|M|NReceived: by x|N|Nb";

/// A cleanup with settings of its own, and what it is told.
pub(crate) struct Server {
    /// Parameters, one a line.
    pub(crate) settings: String,
    /// Records, and flags.
    pub(crate) conversations: Vec<(String, u32)>,
}

/// The bytes of a conversation.
fn spoken(text: &str) -> Vec<u8> {
    let (timed, text) = match text.strip_prefix('-') {
        Some(rest) => (false, rest.to_owned()),
        None => (true, text.to_owned()),
    };
    let mut text = text;
    if !text.contains("|M") {
        text += CONTENT;
    }
    if !text.contains("|X") {
        text += "|X|E";
    }
    let mut bytes = if timed {
        record(b'T', b"1700000000 5")
    } else {
        Vec::new()
    };
    for part in text.split('|').map(str::as_bytes) {
        if let [kind, data @ ..] = part {
            bytes.extend(record(*kind, data));
        }
    }
    bytes
}

/// Holds a conversation; the id of the message, and the verdict.
pub(crate) fn submit(
    instance: &Instance,
    service: &str,
    text: &str,
    flags: u32,
) -> (String, Attributes) {
    let (mut cleanup, announced) = Conversation::begin(instance, &format!("public/{service}"));
    cleanup.say(&[("flags", &flags.to_string())]);
    cleanup.send(&spoken(text));
    let verdict = cleanup.hear();
    let id = announced.into_iter().find(|(name, _)| name == "queue_id");
    let (_, id) = id.expect("a queue id is announced");
    (id, verdict)
}

/// Holds a conversation; the verdict, and the file that came of it.
fn converse(instance: &Instance, service: &str, text: &str, flags: u32) -> Vec<String> {
    let (id, verdict) = submit(instance, service, text, flags);
    let mut seen: Vec<String> = verdict
        .into_iter()
        .map(|(name, value)| observe::stable(&format!("{name}={value}")))
        .collect();
    for queue in ["incoming", "hold"] {
        let path = instance.path("spool").join(queue).join(&id);
        let Ok(file) = fs::read(&path) else { continue };
        let mode = fs::metadata(&path).expect("file").permissions().mode();
        seen.push(format!("{queue} {mode:o}"));
        seen.extend(
            records(&file)
                .into_iter()
                .map(|(kind, data)| shown(kind, &data, &id)),
        );
    }
    seen
}

/// A record without what differs from run to run.
fn shown(kind: char, data: &str, id: &str) -> String {
    let data = data.replace(id, "QID");
    if kind == 'C' {
        // Sizes and offsets follow from the other records, but for the length of the queue id.
        let fields: Vec<&str> = data.split_whitespace().collect();
        return format!("C {:?} {:?}", fields.get(2), fields.get(3));
    }
    let timed = [
        "create_time=",
        "Date: ",
        "Resent-Date: ",
        "Message-Id: <",
        "Resent-Message-Id: <",
    ];
    match timed
        .iter()
        .find(|start| data.starts_with(**start) && data != "Date: ")
    {
        Some(start) if !data.contains("@b>") && !data.contains("@d>") => {
            format!("{kind} {start}NOW")
        }
        _ => format!("{kind} {data}"),
    }
}

/// Boots both sides with all servers, and compares all conversations and logs.
#[track_caller]
pub(crate) fn compare(servers: &[Server], accepted: &[Difference]) {
    let mut services = String::new();
    for (at, server) in servers.iter().enumerate() {
        let options = options(at, &server.settings);
        services += &format!("cleanup{at} unix n - n - 0 cleanup{options}\n");
    }
    cases(
        |setup| setup.main(COMMON).master(&services).without("qmgr"),
        accepted,
        |instance| {
            take_the_queue_managers_place(instance);
            servers
                .iter()
                .enumerate()
                .flat_map(|(at, server)| played(instance, at, server))
                .collect()
        },
    );
}

/// Takes the place of a queue manager that was left out, so that queue files stay as cleanup made
/// them.
pub(crate) fn take_the_queue_managers_place(instance: &Instance) {
    let address = instance.path("spool/public/qmgr");
    let listener = UnixListener::bind(&address).expect("the queue manager's place");
    fs::set_permissions(&address, fs::Permissions::from_mode(0o666)).expect("mode");
    std::thread::spawn(move || for _trigger in listener.incoming() {});
}

const COMMON: &str = "myhostname = mail.example.com\nmydomain = example.com\n\
    mydestination = $myhostname, localhost.$mydomain, localhost\nalias_maps =\nin_flow_delay = 0\n";

fn played(instance: &Instance, at: usize, server: &Server) -> Seen {
    let service = format!("cleanup{at}");
    let mut seen: Seen = Vec::new();
    for (text, flags) in &server.conversations {
        let lines = converse(instance, &service, text, *flags);
        seen.push((format!("{text} with flags {flags}"), lines));
    }
    let last = "Sa@b.example|Ra@b.example|M|NReceived: x|NMessage-Id: <last@b>|N";
    converse(instance, &service, last, USUAL);
    let name = format!("case{at:03}");
    instance.wait_log(&[&format!(" {name}/cleanup["), "message-id=<last@b>"]);
    let mut logged = observe::told_by(&name, &instance.log());
    logged.sort();
    seen.push((format!("log with {}", server.settings), logged));
    seen
}
