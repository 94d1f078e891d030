// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys from a message: its headers, and the lines of its body, to try header and body checks.

use std::io::{BufRead, Read};

use mail::mime::walker::{Event, Limits, Place, Walker};

use crate::types::reason;

/// How many bytes of a line are one key.
const LINE_LIMIT: u64 = 1024 * 1024;

/// The defaults of `mime_nesting_limit` and `mime_boundary_length_limit`. A header is shown whole
/// where cleanup(8) would cut it.
const LIMITS: Limits = Limits {
    header: 1024 * 1024,
    nesting: 100,
    boundary: 2048,
};

/// What of a message is a key: the options `-b`, `-h` and `-m`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MessageKeys {
    /// The lines of the body.
    pub(super) body: bool,
    /// The headers.
    pub(super) headers: bool,
    /// Headers in the body, of parts and of messages in messages, are headers.
    pub(super) mime: bool,
}

impl MessageKeys {
    /// Whether any of the options was there.
    pub(super) fn any(self) -> bool {
        self.body || self.headers || self.mime
    }

    /// Whether the input is a message.
    pub(super) fn wanted(self) -> bool {
        self.body || self.headers
    }

    /// The key in an event.
    fn key(self, event: Event<'_>) -> Option<&[u8]> {
        match event {
            Event::Header(Place::Primary, text) if self.headers => Some(text),
            Event::Header(_, text) if self.mime && self.headers => Some(text),
            // Headers of parts that are not asked for as headers are lines as any other, unless
            // the structure is looked at.
            Event::Body { text, .. } if self.body => Some(text),
            _ => None,
        }
    }
}

/// Reads a message and calls `ask` with each key.
///
/// # Errors
/// The input fails, or those of `ask`.
pub(super) fn for_each(
    input: &mut dyn BufRead,
    keys: MessageKeys,
    mut ask: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    let mut walker = if keys.mime {
        Walker::new(LIMITS)
    } else {
        Walker::without_structure(LIMITS)
    };
    let mut result = Ok(());
    let mut visit = |event: Event<'_>| {
        if let (Ok(()), Some(key)) = (&result, keys.key(event)) {
            result = ask(key);
        }
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = Read::take(&mut *input, LINE_LIMIT).read_until(b'\n', &mut line);
        if read.map_err(|error| reason(&error))? == 0 {
            break;
        }
        let ended = line.last() == Some(&b'\n');
        if ended {
            line.pop();
        }
        walker.take(&line, !ended, &mut visit);
    }
    walker.finish(&mut visit);
    result
}
