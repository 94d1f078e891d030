// SPDX-License-Identifier: MIT OR Apache-2.0
//! What we know about the client that sent the message, for servers that ask (XFORWARD).
//!
//! *Postfix:* the XFORWARD parts of smtp_proto(3).

use ipc::services::delivery::DeliveryRequest;
use mail::dsn::xtext_encode;
use mail::smtp::ehlo::Features;

/// The commands to send, none when the server wants nothing that we know.
pub(crate) fn commands(request: &DeliveryRequest, offered: Features) -> [Option<Vec<u8>>; 2] {
    let client = &request.client;
    let source = if request.rewrite_context == b"local" {
        &b"LOCAL"[..]
    } else {
        b"REMOTE"
    };
    let first = [
        ("NAME", Features::XFORWARD_NAME, client.name.as_slice()),
        ("ADDR", Features::XFORWARD_ADDR, &client.address),
        ("PORT", Features::XFORWARD_PORT, &client.port),
    ];
    let second = [
        (
            "PROTO",
            Features::XFORWARD_PROTO,
            client.protocol.as_slice(),
        ),
        ("HELO", Features::XFORWARD_HELO, &client.helo),
        ("IDENT", Features::XFORWARD_IDENT, &request.log_ident),
        ("SOURCE", Features::XFORWARD_SOURCE, source),
    ];
    [command(&first, offered), command(&second, offered)]
}

fn command(attributes: &[(&str, Features, &[u8])], offered: Features) -> Option<Vec<u8>> {
    let mut line = b"XFORWARD".to_vec();
    for (name, feature, value) in attributes {
        let known = !value.is_empty() && !value.eq_ignore_ascii_case(b"unknown");
        if !known || !offered.contains(*feature) {
            continue;
        }
        line.push(b' ');
        line.extend_from_slice(name.as_bytes());
        line.push(b'=');
        line.extend_from_slice(&xtext_encode(value));
    }
    (line.len() > b"XFORWARD".len()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipc::services::delivery::ClientOfMessage;

    #[test]
    fn only_what_is_offered_and_known_is_sent() {
        let request = DeliveryRequest {
            queue_id: b"ABC".to_vec(),
            rewrite_context: b"remote".to_vec(),
            client: ClientOfMessage {
                name: b"unknown".to_vec(),
                address: b"192.0.2.1".to_vec(),
                helo: b"a b".to_vec(),
                ..ClientOfMessage::default()
            },
            ..DeliveryRequest::default()
        };
        let offered = Features::XFORWARD_NAME | Features::XFORWARD_ADDR | Features::XFORWARD_HELO;
        let [first, second] = commands(&request, offered);
        assert_eq!(first.unwrap(), b"XFORWARD ADDR=192.0.2.1");
        assert_eq!(second.unwrap(), b"XFORWARD HELO=a+20b");
        assert_eq!(commands(&request, Features::empty()), [None, None]);
    }
}
