// SPDX-License-Identifier: MIT OR Apache-2.0
//! `memcache:/file.cf`: a memcached server, perhaps in front of another table.
//!
//! With `backup`, what the server does not know is looked up there, and told to the server;
//! changes go to both.
//!
//! *Bugs:* `key_digest` is refused.
//!
//! *Postfix:* dict_memcache(3), memcache_table(5).

use std::io::{self, Read as _};
use std::time::Duration;

use bstr::ByteSlice;
use runtime::log;
use runtime::stream::{Stream, Until};

use crate::remote::{Address, Expansions, Link, Settings, Template, malformed};
use crate::{Found, Listed, LookupError, OpenError, Options, Owner, Table};

/// The longest key that the protocol allows, in bytes.
const KEY_LIMIT: usize = 250;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(100);

struct Memcache {
    link: Link,
    backup: Option<Box<dyn Table>>,
    expansions: Expansions,
    key_format: Template,
    flags: u32,
    ttl: u32,
    tries: u32,
    pause: Duration,
    line_limit: usize,
    data_limit: usize,
    settings: Settings,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let table = format!("memcache:{name}");
    if options.sensitive {
        return Err(OpenError(format!(
            "{table} map is not allowed for security sensitive data"
        )));
    }
    let settings = Settings::read("memcache", name, options)?;
    if settings.given("key_digest")?.is_some() {
        return Err(OpenError(format!("{table}: key_digest is not supported")));
    }
    let server = settings.text("memcache", "inet:localhost:11211")?;
    let address = Address::parse(&server)
        .map_err(|why| OpenError(format!("{table}: memcache = {server}: {why}")))?;
    let backup = match settings.given("backup")? {
        Some(backup) => Some(crate::open(&backup, options)?),
        None => None,
    };
    let mut expansions = Expansions::new(&table, &settings.text("domain", "")?, options)?;
    let key_format = expansions.query(&settings.text("key_format", "%s")?)?;
    let seconds = |key: &str, default: u32, min: u32| {
        let number = settings.number(key, default, min)?;
        Ok(Duration::from_secs(u64::from(number)))
    };
    let size = |key: &str, default: u32| {
        let number = settings.number(key, default, 1)?;
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    };
    Ok(Box::new(Memcache {
        link: Link::new(address, seconds("timeout", 2, 1)?, IDLE),
        backup,
        expansions,
        key_format,
        flags: settings.number("flags", 0, 0)?,
        ttl: settings.number("ttl", 3600, 0)?,
        tries: settings.number("max_try", 2, 1)?,
        pause: seconds("retry_pause", 1, 0)?,
        line_limit: size("line_size_limit", 1024)?,
        data_limit: size("data_size_limit", 10240)?,
        settings,
    }))
}

/// One line of a reply, without its end.
fn read_line(stream: &mut Stream, limit: usize) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    match stream.read_until(b'\n', limit, &mut line)? {
        Until::Found => {}
        Until::LimitReached => return Err(malformed("reply line is too long")),
        Until::EndOfStream => return Err(io::ErrorKind::UnexpectedEof.into()),
    }
    line.pop();
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

/// The reply to `get`: `VALUE key flags size`, the data, and `END`; or `END` alone.
fn read_value(stream: &mut Stream, lines: usize, data: usize) -> io::Result<Option<Vec<u8>>> {
    let line = read_line(stream, lines)?;
    if line == b"END" {
        return Ok(None);
    }
    let mut words = line
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let size = (words.next() == Some(b"VALUE"))
        .then(|| words.nth(2))
        .flatten()
        .and_then(|size| std::str::from_utf8(size).ok()?.parse::<usize>().ok())
        .ok_or_else(|| unexpected(&line))?;
    if size > data {
        return Err(malformed("reply data is too long"));
    }
    let mut value = vec![0; size];
    stream.read_exact(&mut value)?;
    for wanted in [b"".as_slice(), b"END"] {
        let line = read_line(stream, lines)?;
        if line != wanted {
            return Err(unexpected(&line));
        }
    }
    Ok(Some(value))
}

fn unexpected(line: &[u8]) -> io::Error {
    let shown = line.get(..30).unwrap_or(line).as_bstr();
    malformed(&format!("unexpected memcache server reply: {shown}"))
}

impl Memcache {
    /// The key as the server knows it; `None` for one that it cannot know.
    fn key(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        if !self.expansions.accept(key)? {
            return Ok(None);
        }
        let key = self
            .expansions
            .expand_query(&self.key_format, key, &<[u8]>::to_vec);
        let valid = key.iter().all(|byte| *byte > b' ' && *byte != 0x7f);
        Ok((valid && key.len() <= KEY_LIMIT).then_some(key))
    }

    /// Asks the server, several times if need be.
    fn ask<T>(
        &mut self,
        request: &[u8],
        mut read: impl FnMut(&mut Stream) -> io::Result<T>,
    ) -> Result<T, LookupError> {
        let mut tried = 1;
        loop {
            match self.link.exchange(request, &mut read) {
                Ok(reply) => return Ok(reply),
                // A server that takes no connection is not asked again.
                Err(why) if tried >= self.tries || why.starts_with("connect: ") => {
                    let message = format!("database {}: {why}", self.settings.table());
                    log::warning(&message);
                    return Err(LookupError::Retry(message));
                }
                Err(_) => std::thread::sleep(self.pause),
            }
            tried += 1;
        }
    }

    fn cached(&mut self, key: &[u8]) -> Found {
        let (lines, data) = (self.line_limit, self.data_limit);
        let request = [b"get ", key, b"\r\n"].concat();
        self.ask(&request, |stream| read_value(stream, lines, data))
    }

    fn store(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        let head = format!(" {} {} {}\r\n", self.flags, self.ttl, value.len());
        let request = [b"set ", key, head.as_bytes(), value, b"\r\n"].concat();
        let lines = self.line_limit;
        self.ask(&request, |stream| match read_line(stream, lines)? {
            line if line == b"STORED" => Ok(()),
            line => Err(unexpected(&line)),
        })
    }

    /// The key of a change, which is skipped with a warning if there can be none.
    fn key_of_change(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        let stored = self.key(key)?;
        if stored.is_none() {
            log::warning(format_args!(
                "{}: no update for key \"{}\"",
                self.settings.table(),
                key.as_bstr()
            ));
        }
        Ok(stored)
    }
}

impl Table for Memcache {
    fn get(&mut self, key: &[u8]) -> Found {
        let Some(stored) = self.key(key)? else {
            return Ok(None);
        };
        let cached = self.cached(&stored);
        let Some(backup) = &mut self.backup else {
            return cached;
        };
        if let Ok(Some(value)) = cached {
            return Ok(Some(value));
        }
        let found = backup.get(key)?;
        if let Some(value) = &found
            && cached.is_ok()
        {
            // The next lookup is quicker; this one has its answer anyway.
            let _ = self.store(&stored, value);
        }
        Ok(found)
    }

    fn name(&self) -> &str {
        self.settings.table()
    }

    fn owner(&self) -> Owner {
        self.settings.owner()
    }

    fn changed(&self) -> bool {
        self.settings.changed()
    }

    fn entries(&mut self) -> Listed {
        match &mut self.backup {
            Some(backup) => backup.entries(),
            None => Ok(None),
        }
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        let Some(stored) = self.key_of_change(key)? else {
            return Ok(());
        };
        let cached = self.store(&stored, value);
        match &mut self.backup {
            Some(backup) => backup.put(key, value),
            None => cached,
        }
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        let Some(stored) = self.key_of_change(key)? else {
            return Ok(false);
        };
        let lines = self.line_limit;
        let request = [b"delete ", stored.as_slice(), b"\r\n"].concat();
        let cached = self.ask(&request, |stream| match read_line(stream, lines)? {
            line if line == b"DELETED" => Ok(true),
            line if line == b"NOT_FOUND" => Ok(false),
            line => Err(unexpected(&line)),
        });
        match &mut self.backup {
            Some(backup) => backup.remove(key),
            None => cached,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn read(text: &str) -> io::Result<Option<Vec<u8>>> {
        let (mut server, mut client) = Stream::pair().unwrap();
        server.write_all(text.as_bytes()).unwrap();
        server.flush().unwrap();
        drop(server);
        read_value(&mut client, 20, 10)
    }

    #[test]
    fn values_come_with_their_size() {
        assert_eq!(read("END\r\n").unwrap(), None);
        let value = read("VALUE k 0 5\r\na\r\nbc\r\nEND\r\n").unwrap();
        assert_eq!(value.unwrap(), b"a\r\nbc");
        for wrong in [
            "",
            "ERROR\r\n",
            "VALUE k 0 11\r\n",
            "VALUE k 0 -1\r\n",
            "VALUE k 0 1\r\nab\r\nEND\r\n",
            "VALUE k 0 1\r\na\r\n",
            "VALUE kkkkkkkkkkkkkkkkkkkkkkkkkkkkk 0 1\r\n",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
