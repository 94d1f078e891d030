// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handing a message to cleanup.
//!
//! The server speaks first and names the queue id it has chosen; the client says how the message
//! is to be treated, streams its records from the envelope to the end record, and reads the
//! verdict.
//!
//! *Postfix:* global/mail_stream(3), cleanup(8).

use crate::attr::{self, AttrError, Codec, Reader, Writer};
use crate::client::{ClientError, Endpoint};
use crate::flags::{CleanupFlags, CleanupStatus};
use crate::record::{self, RecordType};
use runtime::stream::Stream;
use std::io::{self, Write as _};
use std::time::Duration;

/// What the server announces.
pub const PROTOCOL: &str = "cleanup_protocol";

/// The verdict on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What went wrong; empty when the message is safe on disk.
    pub status: CleanupStatus,
    /// Why; a complete SMTP reply when [`CleanupFlags::SMTP_REPLY`] was set. May be empty.
    pub reason: Vec<u8>,
}

/// Server: announces the protocol and the queue id.
///
/// # Errors
/// Those of the stream.
pub fn announce(stream: &mut Stream, queue_id: &str) -> io::Result<()> {
    Writer::new(Codec::Zero)
        .text(attr::PROTOCOL, PROTOCOL)
        .text("queue_id", queue_id)
        .end()
        .send(stream)
}

/// Server: reads how the message is to be treated; the records follow on the stream.
///
/// # Errors
/// Those of [`Reader`].
pub fn read_flags(stream: &mut Stream) -> Result<CleanupFlags, AttrError> {
    let mut reader = Reader::new(stream, Codec::Zero).peer("cleanup client");
    let flags = CleanupFlags::from_bits_truncate(reader.int("flags")?);
    reader.end()?;
    Ok(flags)
}

impl Reply {
    /// Server: sends the verdict.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn write(&self, stream: &mut Stream) -> io::Result<()> {
        Writer::new(Codec::Zero)
            .int("status", self.status.bits())
            .text("reason", &self.reason)
            .end()
            .send(stream)
    }

    /// Client: reads the verdict. Unknown trouble stays trouble.
    ///
    /// # Errors
    /// Those of [`Reader`].
    pub fn read(stream: &mut Stream, peer: &str) -> Result<Reply, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
        let status = CleanupStatus::from_bits_retain(reader.int("status")?);
        let reason = reader.text("reason")?;
        reader.end()?;
        Ok(Reply { status, reason })
    }
}

/// Client: a message on its way to cleanup. Dropping it before [`finish`](Submission::finish)
/// withdraws the message.
pub struct Submission {
    stream: Stream,
    queue_id: String,
    peer: String,
    record: Vec<u8>,
}

impl Submission {
    /// Connects, learns the queue id, and says how the message is to be treated.
    ///
    /// # Errors
    /// Any step failed.
    pub fn open(
        endpoint: &Endpoint,
        flags: CleanupFlags,
        timeout: Duration,
    ) -> Result<Submission, ClientError> {
        Submission::begin(endpoint.connect(timeout)?, endpoint.name(), flags)
    }

    /// The same on a connection that exists.
    ///
    /// # Errors
    /// Any step failed.
    pub fn begin(
        mut stream: Stream,
        peer: &str,
        flags: CleanupFlags,
    ) -> Result<Submission, ClientError> {
        let queue_id = read_announcement(&mut stream, peer)
            .map_err(|error| ClientError::reading(peer, error))?;
        // No flush: the first records leave in the same write.
        let mut list = Writer::new(Codec::Zero);
        list.int("flags", flags.bits()).end();
        stream
            .write_all(list.as_bytes())
            .map_err(|error| ClientError::writing(peer, error))?;
        Ok(Submission {
            stream,
            queue_id,
            peer: peer.to_owned(),
            record: Vec::new(),
        })
    }

    /// The queue id that cleanup chose.
    #[must_use]
    pub fn queue_id(&self) -> &str {
        &self.queue_id
    }

    /// Sends one record (buffered).
    ///
    /// # Errors
    /// Those of the stream: cleanup went away. Go on to [`finish`](Submission::finish) for what
    /// it may have said before.
    pub fn record(&mut self, kind: RecordType, data: &[u8]) -> io::Result<()> {
        self.record.clear();
        record::write(&mut self.record, kind, data);
        self.stream.write_all(&self.record)
    }

    /// Sends `name=value` as an attribute record.
    ///
    /// # Errors
    /// As [`record`](Submission::record).
    pub fn attribute(&mut self, name: &str, value: impl AsRef<[u8]>) -> io::Result<()> {
        let text = [name.as_bytes(), b"=", value.as_ref()].concat();
        self.record(RecordType::Attribute, &text)
    }

    /// Reads the verdict. The end record must have been sent. Cleanup may give its verdict and
    /// hang up before it has read everything, so a failed flush is not the last word.
    ///
    /// # Errors
    /// There is no verdict: the caller must assume that the message was not accepted.
    pub fn finish(mut self) -> Result<Reply, ClientError> {
        let flushed = self.stream.flush();
        match (Reply::read(&mut self.stream, &self.peer), flushed) {
            (Ok(reply), _) => Ok(reply),
            (Err(_), Err(error)) => Err(ClientError::writing(&self.peer, error)),
            (Err(error), Ok(())) => Err(ClientError::reading(&self.peer, error)),
        }
    }
}

fn read_announcement(stream: &mut Stream, peer: &str) -> Result<String, AttrError> {
    let mut reader = Reader::new(stream, Codec::Zero).peer(peer);
    reader.expect(attr::PROTOCOL, PROTOCOL)?;
    let queue_id = reader.text("queue_id")?;
    reader.end()?;
    let queue_id = String::from_utf8(queue_id).ok().filter(|id| {
        !id.is_empty() && id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    queue_id.ok_or_else(|| AttrError::Misbehaved(format!("malformed queue_id from {peer}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordReader;

    #[test]
    fn a_whole_submission_is_understood_by_the_other_end() {
        let (mut server, client) = Stream::pair().unwrap();
        announce(&mut server, "3AC5B2").unwrap();
        let flags = CleanupFlags::EXTERNAL | CleanupFlags::SMTP_REPLY;
        let mut submission = Submission::begin(client, "public/cleanup", flags).unwrap();
        assert_eq!(submission.queue_id(), "3AC5B2");
        submission
            .record(RecordType::Sender, b"a@example.com")
            .unwrap();
        submission.attribute("rewrite_context", "local").unwrap();
        submission.record(RecordType::End, b"").unwrap();

        let verdict = Reply {
            status: CleanupStatus::SIZE | CleanupStatus::CONT,
            reason: b"552 no".to_vec(),
        };
        verdict.write(&mut server).unwrap();
        assert_eq!(submission.finish().unwrap(), verdict);

        assert_eq!(read_flags(&mut server).unwrap(), flags);
        let mut records = RecordReader::new(&mut server);
        let first = records.next(100).unwrap().unwrap();
        assert_eq!(
            (first.kind, first.data),
            (RecordType::Sender, b"a@example.com".to_vec())
        );
        let second = records.next(100).unwrap().unwrap();
        assert_eq!(second.data, b"rewrite_context=local");
        assert_eq!(records.next(100).unwrap().unwrap().kind, RecordType::End);
        assert!(records.next(100).unwrap().is_none());
    }

    #[test]
    fn another_server_behind_the_socket_is_noticed() {
        let (mut server, client) = Stream::pair().unwrap();
        crate::client::announce_protocol(&mut server, "queue_flush_protocol").unwrap();
        let error = Submission::begin(client, "public/cleanup", CleanupFlags::empty());
        assert_eq!(
            error.err().unwrap().to_string(),
            "unexpected protocol queue_flush_protocol from public/cleanup \
             (expected: cleanup_protocol)"
        );
    }

    #[test]
    fn no_verdict_is_an_error() {
        let (mut server, client) = Stream::pair().unwrap();
        announce(&mut server, "3AC5B2").unwrap();
        let submission = Submission::begin(client, "public/cleanup", CleanupFlags::empty());
        drop(server);
        assert!(submission.unwrap().finish().is_err());
    }

    #[test]
    fn a_queue_id_with_strange_characters_is_refused() {
        let (mut server, client) = Stream::pair().unwrap();
        announce(&mut server, "../x").unwrap();
        assert!(Submission::begin(client, "public/cleanup", CleanupFlags::empty()).is_err());
    }
}
