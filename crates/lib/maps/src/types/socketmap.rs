// SPDX-License-Identifier: MIT OR Apache-2.0
//! `socketmap:inet:host:port:map` and `socketmap:unix:path:map`: the protocol of Sendmail's
//! socket maps, with requests and replies as netstrings.
//!
//! *Postfix:* dict_sockmap(3), socketmap_table(5).

use std::io::{self, BufRead as _, Read as _};
use std::time::Duration;

use bstr::ByteSlice;
use runtime::log;
use runtime::stream::Stream;

use crate::remote::{Address, Link, malformed};
use crate::{Found, LookupError, OpenError, Options, Table};

/// How long an exchange may take.
const TIME_LIMIT: Duration = Duration::from_secs(100);

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(10);

struct Socketmap {
    name: String,
    /// The server, for messages.
    server: String,
    /// The name of the map at the server.
    map: String,
    link: Link,
    longest_query: usize,
    longest_reply: usize,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    if options.sensitive {
        return Err(OpenError(format!(
            "socketmap:{name} map is not allowed for security sensitive data"
        )));
    }
    let (server, map) = name.rsplit_once(':').ok_or_else(|| {
        OpenError(format!(
            "socketmap:{name} requires server:socketmap argument"
        ))
    })?;
    let address =
        Address::parse(server).map_err(|why| OpenError(format!("open socketmap:{name}: {why}")))?;
    let limit = |number: i32| usize::try_from(number).unwrap_or(0);
    Ok(Box::new(Socketmap {
        name: format!("socketmap:{name}"),
        server: server.to_owned(),
        map: map.to_owned(),
        link: Link::new(address, TIME_LIMIT, IDLE),
        longest_query: limit(options.params().socketmap_max_query_size),
        longest_reply: limit(options.params().socketmap_max_reply_size),
    }))
}

/// `LENGTH:TEXT,` of at most `limit` bytes.
fn read_netstring(stream: &mut Stream, limit: usize) -> io::Result<Vec<u8>> {
    let mut length: usize = 0;
    loop {
        let byte = *stream
            .fill_buf()?
            .first()
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        stream.consume(1);
        match byte {
            b':' => break,
            b'0'..=b'9' => length = length * 10 + usize::from(byte - b'0'),
            _ => return Err(malformed("netstring format error")),
        }
        if length > limit {
            return Err(malformed("netstring size limit exceeded"));
        }
    }
    let mut text = vec![0; length + 1];
    stream.read_exact(&mut text)?;
    match text.pop() {
        Some(b',') => Ok(text),
        _ => Err(malformed("netstring format error")),
    }
}

impl Table for Socketmap {
    fn get(&mut self, key: &[u8]) -> Found {
        let query = [self.map.as_bytes(), b" ", key].concat();
        if query.len() > self.longest_query {
            log::warning(format_args!(
                "{}: query of {} bytes is longer than socketmap_max_query_size",
                self.name,
                query.len()
            ));
            return Ok(None);
        }
        let request = [format!("{}:", query.len()).as_bytes(), &query, b","].concat();
        let limit = self.longest_reply;
        let reply = self
            .link
            .exchange(&request, |stream| read_netstring(stream, limit));
        let problem = |what: &str, text: &[u8]| {
            let text: String = text.to_str_lossy().chars().take(200).collect();
            let message = format!(
                "{} socketmap server {} {what}: {text}",
                self.name, self.server
            );
            log::warning(&message);
            message
        };
        let reply = reply
            .map_err(|why| LookupError::Retry(problem("communication error", why.as_bytes())))?;
        let (status, text) = reply.split_once_str(" ").unwrap_or((&reply, b""));
        match status {
            b"OK" => Ok(Some(text.to_vec())),
            b"NOTFOUND" => Ok(None),
            b"TEMP" => Err(LookupError::Retry(problem("temporary error", text))),
            b"TIMEOUT" => Err(LookupError::Retry(problem("timeout error", text))),
            b"PERM" => Err(LookupError::Configuration(problem("permanent error", text))),
            _ => Err(LookupError::Retry(problem("unexpected reply", &reply))),
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
    use std::io::Write as _;

    fn read(text: &str, limit: usize) -> io::Result<Vec<u8>> {
        let (mut server, mut client) = Stream::pair().unwrap();
        server.write_all(text.as_bytes()).unwrap();
        server.flush().unwrap();
        drop(server);
        read_netstring(&mut client, limit)
    }

    #[test]
    fn netstrings_have_a_length_and_a_limit() {
        assert_eq!(read("5:OK a,,", 100).unwrap(), b"OK a,");
        assert_eq!(read("0:,", 100).unwrap(), b"");
        for wrong in [
            "5:OK a;",
            "x",
            "-1:,",
            "99999999999999999999999:a,",
            "101:",
            "9:OK",
            "",
        ] {
            assert!(read(wrong, 100).is_err(), "{wrong}");
        }
    }
}
