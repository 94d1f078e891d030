// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handing one recipient to another delivery agent, in the words of the queue manager.
//!
//! The other agent records the outcome and marks the recipient as done, by the offset that is
//! handed over. Where several addresses stand for one record in the queue file (an alias), the
//! offset is [`NO_RECORD`](crate::request::NO_RECORD), and the caller marks.
//!
//! *Postfix:* deliver_pass(3).

use std::time::Duration;

use ipc::client::{ClientError, Endpoint};
use ipc::services::Recipient;
use ipc::services::delivery::{self, DeliveryRequest, Reply};
use mail::dsn::{Dsn, Status};
use runtime::stream::Stream;

use crate::request::Message;
use crate::status::{Attempt, Reporter, Verdict};

/// A transport and where it should deliver to, from text such as `smtp:[gateway]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transport {
    /// The service name in master.cf.
    pub name: String,
    /// The next hop; the recipient's domain when the text has none.
    pub nexthop: Vec<u8>,
}

impl Transport {
    /// Reads `transport` or `transport:nexthop`. `None` when there is no transport name.
    #[must_use]
    pub fn parse(text: &str, recipient: &[u8]) -> Option<Transport> {
        let (name, nexthop) = text.split_once(':').unwrap_or((text, ""));
        let usable = !name.is_empty() && !name.contains('/') && !name.starts_with('.');
        let nexthop = match nexthop {
            "" => mail::address::split_at_last_at(recipient)
                .1
                .unwrap_or_default()
                .to_vec(),
            nexthop => nexthop.as_bytes().to_vec(),
        };
        usable.then(|| Transport {
            name: name.to_owned(),
            nexthop,
        })
    }
}

/// Hands `recipient` to `transport` and gives back what became of it.
pub fn hand_over(
    reporter: &mut Reporter,
    message: &Message,
    recipient: &Recipient,
    transport: &Transport,
    timeout: Duration,
) -> Verdict {
    let endpoint = Endpoint::private(&transport.name);
    let answer = endpoint
        .connect_patiently(timeout)
        .map_err(|error| (error, "mail transport unavailable"))
        .and_then(|stream| {
            ask(stream, &endpoint, message, recipient, transport)
                .map_err(|error| (error, "unknown mail transport error"))
        });
    match answer {
        Ok(reply) if reply.finished => Verdict::Done,
        Ok(_) => Verdict::Retry,
        Err((error, what)) => {
            runtime::log::warning(format_args!("{}: {error}", message.queue_id()));
            let dsn = Dsn::simple(Status::new(4, 3, 0), what);
            let stats = &message.request.stats;
            reporter.defer(
                Attempt {
                    message,
                    recipient,
                    stats,
                    relay: "none",
                },
                dsn,
            )
        }
    }
}

fn ask(
    mut stream: Stream,
    endpoint: &Endpoint,
    message: &Message,
    recipient: &Recipient,
    transport: &Transport,
) -> Result<Reply, ClientError> {
    let name = endpoint.name();
    delivery::expect_announcement(&mut stream, name)
        .map_err(|error| ClientError::reading(name, error))?;
    let request = DeliveryRequest {
        nexthop: transport.nexthop.clone(),
        recipients: vec![recipient.clone()],
        ..message.request.clone()
    };
    request
        .encode()
        .send(&mut stream)
        .map_err(|error| ClientError::writing(name, error))?;
    Reply::read(&mut stream, name).map_err(|error| ClientError::reading(name, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transport_without_nexthop_gets_the_domain_of_the_recipient() {
        let parse = |text| Transport::parse(text, b"a@b@example.org");
        assert_eq!(parse("lmtp:unix:x").unwrap().nexthop, b"unix:x");
        assert_eq!(parse("smtp").unwrap().nexthop, b"example.org");
        assert_eq!(parse("smtp:").unwrap().nexthop, b"example.org");
        assert_eq!(parse(":x"), None);
        assert_eq!(parse("../x:y"), None);
    }
}
