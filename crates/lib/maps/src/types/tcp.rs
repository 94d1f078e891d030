// SPDX-License-Identifier: MIT OR Apache-2.0
//! `tcp:host:port`: a server that answers `get KEY` with a code and a text.
//!
//! The server decides what matches, so it is asked for whole keys only. Anybody who can take the
//! server's place can answer, so it is not asked what decides about users' rights.
//!
//! *Bugs:* the original tries ten times, with pauses; here the mail is tried again later.
//!
//! *Postfix:* dict_tcp(3), tcp_table(5).

use std::time::Duration;

use bstr::ByteSlice;
use runtime::log;
use runtime::stream::Until;

use crate::remote::{Address, Link, malformed};
use crate::{Found, LookupError, OpenError, Options, Table};

/// The longest line of a reply, in bytes.
const LINE_LIMIT: usize = 4096;

/// How long an exchange may take.
const TIME_LIMIT: Duration = Duration::from_secs(100);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(100);

struct Tcp {
    name: String,
    server: String,
    link: Link,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    if options.sensitive {
        return Err(OpenError(format!(
            "tcp:{name} map is not allowed for security sensitive data"
        )));
    }
    let address =
        Address::parse(name).map_err(|why| OpenError(format!("open tcp:{name}: {why}")))?;
    Ok(Box::new(Tcp {
        name: format!("tcp:{name}"),
        server: name.to_owned(),
        link: Link::new(address, TIME_LIMIT, IDLE),
    }))
}

/// Everything that is not a visible character, and `%` itself, as `%XX`.
fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in text {
        match byte {
            b'%' | 0..=b' ' | 0x7f..=0xff => {
                out.extend_from_slice(format!("%{byte:02X}").as_bytes());
            }
            plain => out.push(*plain),
        }
    }
    out
}

fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
        let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
        out.push(u8::try_from(value).ok()?);
    }
    Some(out)
}

impl Tcp {
    fn trouble(&self, why: &str) -> LookupError {
        let message = format!("TCP map {}: {why}", self.server);
        log::warning(&message);
        LookupError::Retry(message)
    }
}

impl Table for Tcp {
    fn get(&mut self, key: &[u8]) -> Found {
        let request = [b"get ", encode(key).as_slice(), b"\n"].concat();
        let reply = self.link.exchange(&request, |stream| {
            let mut line = Vec::new();
            match stream.read_until(b'\n', LINE_LIMIT, &mut line)? {
                Until::Found => {
                    line.pop();
                    Ok(line)
                }
                Until::LimitReached => Err(malformed("reply is too long")),
                Until::EndOfStream => Err(std::io::ErrorKind::UnexpectedEof.into()),
            }
        });
        let line = reply.map_err(|why| self.trouble(&why))?;
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        let code = line.get(..4).unwrap_or_default();
        let text = decode(line.get(4..).unwrap_or_default());
        let shown = || line.get(..100).unwrap_or(line).as_bstr().to_string();
        match (code, text) {
            (b"200 ", Some(value)) => Ok(Some(value)),
            (b"500 ", Some(_)) => Ok(None),
            (b"400 ", Some(_)) => Err(self.trouble(&format!("lookup failed: {}", shown()))),
            _ => Err(self.trouble(&format!("unexpected reply: {}", shown()))),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_its_encoding() {
        let all: Vec<u8> = (0..=255).collect();
        let encoded = encode(&all);
        assert!(encoded.iter().all(u8::is_ascii_graphic));
        assert_eq!(decode(&encoded).unwrap(), all);
        assert_eq!(decode(b"%4"), None);
        assert_eq!(decode(b"%zz"), None);
    }
}
