// SPDX-License-Identifier: MIT OR Apache-2.0
//! The flush service: which mail waits for a site, and deliver it now.
//!
//! *Postfix:* global/flush_clnt(3), flush(8).

use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client::{self, ClientError, Endpoint};
use runtime::stream::Stream;
use std::time::Duration;

/// What the server announces.
pub const PROTOCOL: &str = "queue_flush_protocol";

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Remember that a message waits for a site.
    Add {
        /// The site: a domain or `[address]`.
        site: Vec<u8>,
        /// The message.
        queue_id: Vec<u8>,
    },
    /// Deliver what waits for a site.
    SendSite {
        /// The site.
        site: Vec<u8>,
    },
    /// Deliver one message.
    SendFile {
        /// The message.
        queue_id: Vec<u8>,
    },
    /// Go through the logfiles that were not looked at for long.
    Refresh,
    /// Go through all logfiles.
    Purge,
}

/// What the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done, or begun.
    Ok,
    /// Could not be done.
    Fail,
    /// The request makes no sense.
    Bad,
    /// The site is not one for which mail is remembered.
    Deny,
}

impl Status {
    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> i32 {
        match self {
            Status::Ok => 0,
            Status::Fail => -1,
            Status::Bad => 3,
            Status::Deny => 4,
        }
    }

    /// The status with this number; what is unknown is a failure.
    #[must_use]
    pub fn from_code(code: i32) -> Status {
        match code {
            0 => Status::Ok,
            3 => Status::Bad,
            4 => Status::Deny,
            _ => Status::Fail,
        }
    }
}

impl Request {
    /// The request as an attribute list.
    #[must_use]
    pub fn encode(&self) -> Writer {
        let mut writer = Writer::new(Codec::Zero);
        match self {
            Request::Add { site, queue_id } => writer
                .text("request", "add")
                .text("site", site)
                .text("queue_id", queue_id),
            Request::SendSite { site } => writer.text("request", "send_site").text("site", site),
            Request::SendFile { queue_id } => writer
                .text("request", "send_file")
                .text("queue_id", queue_id),
            Request::Refresh => writer.text("request", "rfrsh"),
            Request::Purge => writer.text("request", "purge"),
        };
        writer.end();
        writer
    }

    /// Server: reads a request.
    ///
    /// # Errors
    /// Those of [`Reader`], or the request is unknown.
    pub fn read(stream: &mut Stream) -> Result<Request, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer("flush client");
        let request = match reader.text("request")?.as_slice() {
            b"add" => {
                let site = reader.text("site")?;
                Request::Add {
                    site,
                    queue_id: reader.text("queue_id")?,
                }
            }
            b"send_site" => Request::SendSite {
                site: reader.text("site")?,
            },
            b"send_file" => Request::SendFile {
                queue_id: reader.text("queue_id")?,
            },
            b"rfrsh" => Request::Refresh,
            b"purge" => Request::Purge,
            _ => return Err(AttrError::Misbehaved("bad request".into())),
        };
        reader.end()?;
        Ok(request)
    }

    /// Client: asks, and waits for the answer.
    ///
    /// # Errors
    /// The service could not be asked.
    pub fn ask(&self, endpoint: &Endpoint, timeout: Duration) -> Result<Status, ClientError> {
        client::command(endpoint, Some(PROTOCOL), timeout, &mut self.encode())
            .map(Status::from_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_as_they_were_written() {
        for request in [
            Request::Add {
                site: b"example.com".to_vec(),
                queue_id: b"A1".to_vec(),
            },
            Request::SendSite {
                site: b"[::1]".to_vec(),
            },
            Request::SendFile {
                queue_id: b"A1".to_vec(),
            },
            Request::Refresh,
            Request::Purge,
        ] {
            let (mut server, mut client) = Stream::pair().unwrap();
            request.encode().send(&mut client).unwrap();
            assert_eq!(Request::read(&mut server).unwrap(), request);
        }
    }

    #[test]
    fn a_client_learns_the_status() {
        for status in [Status::Ok, Status::Fail, Status::Bad, Status::Deny] {
            let endpoint = Endpoint::fake("public/flush", move || {
                let (mut server, client) = Stream::pair()?;
                client::announce_protocol(&mut server, PROTOCOL)?;
                client::write_status(&mut server, status.code())?;
                // Kept open for the request that comes later.
                std::mem::forget(server);
                Ok(client)
            });
            let answer = Request::Purge
                .ask(&endpoint, Duration::from_secs(1))
                .unwrap();
            assert_eq!(answer, status);
        }
    }
}
