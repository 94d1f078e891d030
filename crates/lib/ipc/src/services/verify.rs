// SPDX-License-Identifier: MIT OR Apache-2.0
//! Telling the verify service what a probe found out about an address.
//!
//! *Postfix:* the update half of global/verify_clnt(3). Questions are asked by smtpd.

use crate::attr::{AttrError, Codec, Reader, Writer};
use crate::client::{self, ClientError, Endpoint};
use crate::flags::RecipientStatus;
use runtime::stream::Stream;
use std::time::Duration;

/// What the server announces. The spelling is the original's.
pub const PROTOCOL: &str = "address_verification_prrotocol";

/// What became of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The address that was probed.
    pub address: Vec<u8>,
    /// What became of it.
    pub status: RecipientStatus,
    /// Why.
    pub reason: Vec<u8>,
}

impl Update {
    /// The request as an attribute list.
    #[must_use]
    pub fn encode(&self) -> Writer {
        let mut writer = Writer::new(Codec::Zero);
        writer
            .text("request", "update")
            .text("address", &self.address)
            .int("recipient_status", self.status.code())
            .text("reason", &self.reason)
            .end();
        writer
    }

    /// Server: reads an update; the list begins with the name of the request.
    ///
    /// # Errors
    /// Those of [`Reader`], or the status is unknown.
    pub fn read(stream: &mut Stream) -> Result<Update, AttrError> {
        let mut reader = Reader::new(stream, Codec::Zero).peer("verify client");
        reader.expect("request", "update")?;
        let address = reader.text("address")?;
        let code = reader.int("recipient_status")?;
        let reason = reader.text("reason")?;
        reader.end()?;
        let status = RecipientStatus::from_code(code)
            .ok_or_else(|| AttrError::Misbehaved(format!("bad recipient_status {code}")))?;
        Ok(Update {
            address,
            status,
            reason,
        })
    }

    /// Client: tells, and waits for the answer; 0 is success.
    ///
    /// # Errors
    /// The service could not be told.
    pub fn ask(&self, endpoint: &Endpoint, timeout: Duration) -> Result<i32, ClientError> {
        client::command(endpoint, Some(PROTOCOL), timeout, &mut self.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_read_as_it_was_written() {
        let update = Update {
            address: b"a@example.org".to_vec(),
            status: RecipientStatus::Bounce,
            reason: b"unknown user".to_vec(),
        };
        let (mut server, mut client) = Stream::pair().unwrap();
        update.encode().send(&mut client).unwrap();
        assert_eq!(Update::read(&mut server).unwrap(), update);
    }
}
