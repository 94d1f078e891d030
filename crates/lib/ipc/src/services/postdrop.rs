// SPDX-License-Identifier: MIT OR Apache-2.0
//! Between sendmail and postdrop: a submission over standard input and output.
//!
//! Like [`cleanup`](super::cleanup), without flags: postdrop speaks first and names a queue id,
//! sendmail streams records to the end record, postdrop gives its verdict.
//!
//! *Postfix:* postdrop(1), global/mail_stream(3).

use super::cleanup::Reply;
use crate::attr::{self, AttrError, Codec, Reader, Writer};
use crate::flags::CleanupStatus;
use std::io::{self, BufRead, Write};

/// What postdrop announces.
pub const PROTOCOL: &str = "postdrop_protocol";

/// Postdrop: announces the protocol and the queue id.
///
/// # Errors
/// Those of the output.
pub fn announce(output: &mut dyn Write, queue_id: &str) -> io::Result<()> {
    Writer::new(Codec::Zero)
        .text(attr::PROTOCOL, PROTOCOL)
        .text("queue_id", queue_id)
        .end()
        .send(output)
}

/// Sendmail: reads the announcement; gives the queue id.
///
/// # Errors
/// Another protocol was announced, or none.
pub fn read_announcement(input: &mut dyn BufRead) -> Result<Vec<u8>, AttrError> {
    let mut reader = Reader::new(input, Codec::Zero).peer("postdrop");
    reader.expect(attr::PROTOCOL, PROTOCOL)?;
    let queue_id = reader.text("queue_id")?;
    reader.end()?;
    Ok(queue_id)
}

/// Postdrop: gives the verdict.
///
/// # Errors
/// Those of the output.
pub fn write_reply(output: &mut dyn Write, reply: &Reply) -> io::Result<()> {
    Writer::new(Codec::Zero)
        .int("status", reply.status.bits())
        .text("reason", &reply.reason)
        .end()
        .send(output)
}

/// Sendmail: reads the verdict.
///
/// # Errors
/// Those of [`Reader`].
pub fn read_reply(input: &mut dyn BufRead) -> Result<Reply, AttrError> {
    let mut reader = Reader::new(input, Codec::Zero).peer("postdrop");
    let status = CleanupStatus::from_bits_retain(reader.int("status")?);
    let reason = reader.text("reason")?;
    reader.end()?;
    Ok(Reply { status, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcement_and_verdict_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        announce(&mut bytes, "5F1A").unwrap();
        let reply = Reply {
            status: CleanupStatus::WRITE,
            reason: b"disk full".to_vec(),
        };
        write_reply(&mut bytes, &reply).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(read_announcement(&mut input).unwrap(), b"5F1A");
        assert_eq!(read_reply(&mut input).unwrap(), reply);
        assert!(input.is_empty());
    }
}
