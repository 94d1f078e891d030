// SPDX-License-Identifier: MIT OR Apache-2.0
//! The MAIL and RCPT command lines. Pure.
//!
//! *Postfix:* the MAIL and RCPT states of smtp_proto(3).

use ipc::flags::SendOptions;
use ipc::services::Recipient;
use ipc::services::delivery::DeliveryRequest;
use mail::address::{quote_821_local, quote_822_local};
use mail::dsn::xtext_encode;
use mail::smtp::ehlo::Features;

use super::Rules;
use crate::session::Session;

/// Whether the content must be converted for this server.
pub(super) fn must_downgrade(rules: &Rules, session: &Session, request: &DeliveryRequest) -> bool {
    !rules.no_conversion
        && request.encoding.eq_ignore_ascii_case(b"8bit")
        && !session.offers(Features::EIGHT_BIT_MIME)
}

/// `MAIL FROM:<sender>` with parameters in the order of the original.
pub(super) fn mail_from(
    rules: &Rules,
    session: &Session,
    request: &DeliveryRequest,
    sender: &[u8],
) -> Vec<u8> {
    let mut line = b"MAIL FROM:<".to_vec();
    line.extend_from_slice(&envelope_form(rules, sender));
    line.push(b'>');
    let mut add = |name: &str, value: &[u8]| {
        line.push(b' ');
        line.extend_from_slice(name.as_bytes());
        line.extend_from_slice(value);
    };
    if session.offers(Features::SIZE) && !must_downgrade(rules, session, request) {
        add("SIZE=", request.data_size.to_string().as_bytes());
    }
    if session.offers(Features::EIGHT_BIT_MIME) {
        if request.encoding.eq_ignore_ascii_case(b"8bit") {
            add("BODY=", b"8BITMIME");
        } else if request.encoding.eq_ignore_ascii_case(b"7bit") {
            add("BODY=", b"7BIT");
        }
    }
    if session.offers(Features::DSN) {
        if !request.envelope_id.is_empty() {
            add("ENVID=", &xtext_encode(&request.envelope_id));
        }
        if !request.ret.as_str().is_empty() {
            add("RET=", request.ret.as_str().as_bytes());
        }
    }
    if session.offers(Features::SMTPUTF8)
        && request.sendopts.contains(SendOptions::SMTPUTF8_REQUESTED)
    {
        add("SMTPUTF8", b"");
    }
    line
}

/// `RCPT TO:<recipient>` with parameters.
pub(super) fn rcpt_to(
    rules: &Rules,
    session: &Session,
    request: &DeliveryRequest,
    recipient: &Recipient,
    address: &[u8],
) -> Vec<u8> {
    let mut line = b"RCPT TO:<".to_vec();
    line.extend_from_slice(&envelope_form(rules, address));
    line.push(b'>');
    if !session.offers(Features::DSN) {
        return line;
    }
    if let Some((address_type, original)) = original_recipient(request, recipient) {
        line.extend_from_slice(b" ORCPT=");
        line.extend_from_slice(&address_type);
        line.push(b';');
        line.extend_from_slice(&xtext_encode(&original));
    }
    if !recipient.notify.is_empty() {
        line.extend_from_slice(b" NOTIFY=");
        line.extend_from_slice(recipient.notify.to_parameter().as_bytes());
    }
    line
}

/// The original recipient with its address type: what came with the message, or the address
/// before our own rewriting.
fn original_recipient(
    request: &DeliveryRequest,
    recipient: &Recipient,
) -> Option<(Vec<u8>, Vec<u8>)> {
    if let Some(semicolon) = recipient.dsn_orcpt.iter().position(|&b| b == b';') {
        let (address_type, address) = recipient.dsn_orcpt.split_at(semicolon);
        return Some((address_type.to_vec(), address.get(1..)?.to_vec()));
    }
    if recipient.original.is_empty() {
        return None;
    }
    let utf8 = request.sendopts.contains(SendOptions::SMTPUTF8_REQUESTED)
        && !recipient.original.is_ascii();
    let address_type = if utf8 { &b"utf-8"[..] } else { b"rfc822" };
    Some((address_type.to_vec(), quote_822_local(&recipient.original)))
}

fn envelope_form(rules: &Rules, address: &[u8]) -> Vec<u8> {
    if rules.quote_envelope {
        quote_821_local(address)
    } else {
        address.to_vec()
    }
}
