// SPDX-License-Identifier: MIT OR Apache-2.0
//! The listing of the queue, for people and for programs.
//!
//! *Invariants*: whatever is in the queue, a listing holds printable characters only; JSON is one
//! valid object a line.
//!
//! *Postfix:* postqueue/showq_compat.c, postqueue/showq_json.c.

use bstr::ByteSlice;
use ipc::attr::AttrError;
use ipc::services::showq::{Item, Listing, Message, Recipient};
use mail::text::printable;
use serde_json::{Value, json};
use std::io::{self, Write};
use sys::clock::{LocalTime, local_time};

/// Reasons are right-aligned to end in this column, or begin at the left.
const WIDTH: usize = 78;

/// The columns, which depend on the length of queue ids.
struct Columns {
    heading: &'static str,
    id: usize,
    size: usize,
    date: usize,
    indent: usize,
}

const SHORT_IDS: Columns = Columns {
    heading: "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------",
    id: 11,
    size: 7,
    date: 20,
    indent: 41,
};

const LONG_IDS: Columns = Columns {
    heading: "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------",
    id: 17,
    size: 8,
    date: 19,
    indent: 47,
};

/// What ended a listing early.
#[derive(Debug)]
pub(crate) enum ListError {
    /// showq.
    Service(AttrError),
    /// Standard output.
    Output(io::Error),
}

impl From<AttrError> for ListError {
    fn from(error: AttrError) -> ListError {
        ListError::Service(error)
    }
}

impl From<io::Error> for ListError {
    fn from(error: io::Error) -> ListError {
        ListError::Output(error)
    }
}

/// Prints the listing that mailq(1) has always had.
pub(crate) fn for_people(
    listing: &mut Listing<'_>,
    long_ids: bool,
    out: &mut dyn Write,
) -> Result<(), ListError> {
    let columns = if long_ids { LONG_IDS } else { SHORT_IDS };
    let (mut messages, mut bytes) = (0u64, 0u64);
    // Consecutive recipients with the same reason share its line.
    let mut reason: Vec<u8> = Vec::new();
    while let Some(item) = listing.next()? {
        match item {
            Item::Message(message) => {
                writeln!(out, "{}", if messages == 0 { columns.heading } else { "" })?;
                messages += 1;
                bytes = bytes.saturating_add(message.size);
                reason.clear();
                write_message(&message, &columns, out)?;
            }
            Item::Recipient(recipient) => {
                if recipient.reason != reason {
                    reason.clone_from(&recipient.reason);
                    write_reason(&reason, out)?;
                }
                let address = printable(&recipient.address, b'?');
                let indent = columns.indent;
                writeln!(out, "{:indent$}{}", "", address.as_bstr())?;
            }
        }
    }
    if messages == 0 {
        writeln!(out, "Mail queue is empty")?;
    } else {
        let plural = if messages == 1 { "" } else { "s" };
        writeln!(
            out,
            "\n-- {} Kbytes in {messages} Request{plural}.",
            bytes / 1024
        )?;
    }
    Ok(())
}

fn write_message(message: &Message, columns: &Columns, out: &mut dyn Write) -> io::Result<()> {
    let mut id = printable(&message.queue_id, b'?');
    id.extend_from_slice(match message.queue_name.as_slice() {
        b"active" => b"*",
        b"hold" => b"!",
        _ => b"",
    });
    if message.forced_expire {
        id.push(b'#');
    }
    let time = local_time(i64::try_from(message.time).unwrap_or(i64::MAX));
    writeln!(
        out,
        "{:<id_width$} {:>size_width$} {:<date_width$} {}",
        id.as_bstr().to_string(),
        message.size,
        date(&time),
        printable(&message.sender, b'?').as_bstr(),
        id_width = columns.id,
        size_width = columns.size,
        date_width = columns.date,
    )
}

/// `Mon Nov 22 10:00:00`.
fn date(time: &LocalTime) -> String {
    format!(
        "{} {} {:2} {:02}:{:02}:{:02}",
        time.weekday_name(),
        time.month_name(),
        time.day,
        time.hour,
        time.minute,
        time.second
    )
}

fn write_reason(reason: &[u8], out: &mut dyn Write) -> io::Result<()> {
    // Only after recipients with a reason: a missing one is no news among others.
    let reason = if reason.is_empty() {
        b"reason unavailable"
    } else {
        reason
    };
    let reason = printable(reason, b'?');
    let indent = WIDTH.saturating_sub(reason.len() + "()".len());
    writeln!(out, "{:indent$}({})", "", reason.as_bstr())
}

/// Prints one JSON object a message.
pub(crate) fn for_programs(
    listing: &mut Listing<'_>,
    out: &mut dyn Write,
) -> Result<(), ListError> {
    let mut current: Option<(Message, Vec<Value>)> = None;
    while let Some(item) = listing.next()? {
        match item {
            Item::Message(message) => {
                if let Some((previous, recipients)) = current.replace((message, Vec::new())) {
                    write_object(&previous, recipients, out)?;
                }
            }
            Item::Recipient(recipient) => {
                if let Some((_, recipients)) = &mut current {
                    recipients.push(recipient_object(&recipient));
                }
            }
        }
    }
    if let Some((message, recipients)) = current {
        write_object(&message, recipients, out)?;
    }
    Ok(())
}

fn recipient_object(recipient: &Recipient) -> Value {
    let mut object = json!({ "address": text(&recipient.address) });
    let mut add = |name: &str, value: &[u8]| {
        object[name] = Value::String(text(value));
    };
    if !recipient.original.is_empty()
        && !recipient.original.eq_ignore_ascii_case(&recipient.address)
    {
        add("orig_address", &recipient.original);
    }
    match recipient.log_class.as_slice() {
        b"bounce" => add("bounce_reason", &recipient.reason),
        _ if recipient.reason.is_empty() => {}
        _ => add("delay_reason", &recipient.reason),
    }
    object
}

/// The members come in the order and with the blanks of the original: line-based readers exist.
fn write_object(message: &Message, recipients: Vec<Value>, out: &mut dyn Write) -> io::Result<()> {
    let recipients: Vec<String> = recipients.iter().map(spaced).collect();
    writeln!(
        out,
        "{{\"queue_name\": {}, \"queue_id\": {}, \"arrival_time\": {}, \"message_size\": {}, \
         \"forced_expire\": {}, \"sender\": {}, \"recipients\": [{}]}}",
        quoted(&message.queue_name),
        quoted(&message.queue_id),
        message.time,
        message.size,
        message.forced_expire,
        quoted(&message.sender),
        recipients.join(", ")
    )
}

fn spaced(object: &Value) -> String {
    let members: Vec<String> = ["address", "orig_address", "delay_reason", "bounce_reason"]
        .into_iter()
        .filter_map(|name| object.get(name).map(|value| format!("\"{name}\": {value}")))
        .collect();
    format!("{{{}}}", members.join(", "))
}

fn quoted(bytes: &[u8]) -> Value {
    Value::String(text(bytes))
}

fn text(bytes: &[u8]) -> String {
    bytes.to_str_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipc::services::showq::Lister;
    use runtime::stream::Stream;

    fn message(queue: &str, id: &str) -> Message {
        Message {
            queue_name: queue.into(),
            queue_id: id.into(),
            time: 0,
            size: 1536,
            forced_expire: false,
            sender: b"s@x.test".to_vec(),
        }
    }

    fn recipient(address: &str, reason: &str) -> Recipient {
        Recipient {
            original: b"orig".to_vec(),
            address: address.into(),
            log_class: if reason.is_empty() {
                b"".to_vec()
            } else {
                b"defer".to_vec()
            },
            reason: reason.into(),
        }
    }

    fn shown(items: &[Item], show: impl Fn(&mut Listing<'_>, &mut Vec<u8>)) -> String {
        let (mut server, mut client) = Stream::pair().unwrap();
        let mut lister = Lister::begin(&mut server).unwrap();
        for item in items {
            match item {
                Item::Message(message) => lister.message(message).unwrap(),
                Item::Recipient(recipient) => lister.recipient(recipient).unwrap(),
            }
        }
        lister.finish().unwrap();
        let mut listing = Listing::begin(&mut client, "public/showq").unwrap();
        let mut out = Vec::new();
        show(&mut listing, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_see_the_classic_listing() {
        let items = [
            Item::Message(message("deferred", "3C91B2")),
            Item::Recipient(recipient("a@x.test", "refused")),
            Item::Recipient(recipient("b@x.test", "refused")),
            Item::Message(message("active", "3C91B3")),
            Item::Recipient(recipient("c\n@x.test", "")),
        ];
        let text = shown(&items, |listing, out| {
            for_people(listing, false, out).unwrap()
        });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"
        );
        assert!(lines[1].starts_with("3C91B2         1536 "), "{}", lines[1]);
        assert!(lines[1].ends_with(" s@x.test"), "{}", lines[1]);
        assert_eq!(lines[2].trim_start(), "(refused)");
        assert_eq!(lines[3], format!("{:41}a@x.test", ""));
        assert_eq!(lines[4], format!("{:41}b@x.test", ""));
        assert_eq!(lines[5], "");
        assert!(lines[6].starts_with("3C91B3*"), "{}", lines[6]);
        assert_eq!(lines[7], format!("{:41}c?@x.test", ""));
        assert_eq!(lines[9], "-- 3 Kbytes in 2 Requests.");
    }

    #[test]
    fn long_ids_have_columns_of_their_own_and_marks_add_up() {
        let mut held = message("hold", "4ZbK2x0Rz1z1Fh");
        held.forced_expire = true;
        let items = [
            Item::Message(held),
            Item::Recipient(recipient("a@x.test", "")),
            Item::Recipient(recipient("b@x.test", "refused")),
            Item::Recipient(recipient("c@x.test", "")),
        ];
        let text = shown(&items, |listing, out| {
            for_people(listing, true, out).unwrap()
        });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0].len(), 71);
        assert!(
            lines[1].starts_with("4ZbK2x0Rz1z1Fh!#      1536 "),
            "{}",
            lines[1]
        );
        assert_eq!(lines[2], format!("{:47}a@x.test", ""));
        assert_eq!(lines[3], format!("{:69}(refused)", ""));
        assert_eq!(lines[5], format!("{:58}(reason unavailable)", ""));
    }

    #[test]
    fn an_empty_queue_says_so_to_people_and_nothing_to_programs() {
        let text = shown(&[], |listing, out| for_people(listing, false, out).unwrap());
        assert_eq!(text, "Mail queue is empty\n");
        assert_eq!(
            shown(&[], |listing, out| for_programs(listing, out).unwrap()),
            ""
        );
    }

    #[test]
    fn programs_get_one_object_a_message() {
        let items = [
            Item::Message(message("deferred", "3C91B2")),
            Item::Recipient(recipient("a\"b@x.test", "re\"fused")),
        ];
        let text = shown(&items, |listing, out| for_programs(listing, out).unwrap());
        assert_eq!(
            text,
            "{\"queue_name\": \"deferred\", \"queue_id\": \"3C91B2\", \"arrival_time\": 0, \
             \"message_size\": 1536, \"forced_expire\": false, \"sender\": \"s@x.test\", \
             \"recipients\": [{\"address\": \"a\\\"b@x.test\", \"orig_address\": \"orig\", \
             \"delay_reason\": \"re\\\"fused\"}]}\n"
        );
    }
}
