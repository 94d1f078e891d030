// SPDX-License-Identifier: MIT OR Apache-2.0
//! Taking attributes off a stream in the order of the protocol.
//!
//! Attributes that the protocol does not name are skipped, so that a newer peer may say more,
//! unless the reader is [`strict`](Reader::strict).
//!
//! *Invariants*: consumes no byte beyond the end of the list; no string is longer than
//! [`STRING_LIMIT`](super::STRING_LIMIT) unless the protocol says so, and at most
//! [`ATTRIBUTE_LIMIT`](super::ATTRIBUTE_LIMIT) attributes that the protocol does not name are
//! looked at.

use super::{ATTRIBUTE_LIMIT, AttrError, Codec, STRING_LIMIT};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bstr::ByteSlice as _;
use std::io::BufRead;

/// The original's decoder wants padding, and so do we.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// A name and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// One list being read.
pub struct Reader<'a> {
    input: &'a mut dyn BufRead,
    codec: Codec,
    peer: &'a str,
    strict: bool,
    string_limit: usize,
    seen: usize,
    /// A name that was read to see whether the list goes on.
    pending: Option<Name>,
    ended: bool,
}

/// What stands where a name can stand.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    End,
    Open,
    Close,
    Attribute(Vec<u8>),
}

impl<'a> Reader<'a> {
    /// Reads one list from the stream.
    pub fn new(input: &'a mut dyn BufRead, codec: Codec) -> Reader<'a> {
        Reader {
            input,
            codec,
            peer: "peer",
            strict: false,
            string_limit: STRING_LIMIT,
            seen: 0,
            pending: None,
            ended: false,
        }
    }

    /// Names the other end for error texts, for instance `private/rewrite`.
    #[must_use]
    pub fn peer(mut self, peer: &'a str) -> Reader<'a> {
        self.peer = peer;
        self
    }

    /// Refuses attributes that were not asked for, instead of skipping them.
    #[must_use]
    pub fn strict(mut self) -> Reader<'a> {
        self.strict = true;
        self
    }

    /// Another limit of names and values than [`STRING_LIMIT`](super::STRING_LIMIT), in bytes.
    #[must_use]
    pub fn string_limit(mut self, bytes: usize) -> Reader<'a> {
        self.string_limit = bytes;
        self
    }

    /// An unsigned number. A negative one is taken as its unsigned twin.
    ///
    /// # Errors
    /// The list is broken, or ends first, or the value is no such number.
    pub fn int(&mut self, name: &str) -> Result<u32, AttrError> {
        let text = self.wanted(name)?;
        let number = parse_number(&text).ok_or_else(|| self.malformed(&text))?;
        u32::try_from(number)
            .or_else(|_| i32::try_from(number).map(i32::cast_unsigned))
            .map_err(|_| self.malformed(&text))
    }

    /// A signed number, which travels as its unsigned twin.
    ///
    /// # Errors
    /// As [`int`](Reader::int).
    pub fn int_signed(&mut self, name: &str) -> Result<i32, AttrError> {
        self.int(name).map(u32::cast_signed)
    }

    /// An unsigned 64-bit number.
    ///
    /// # Errors
    /// As [`int`](Reader::int).
    pub fn long(&mut self, name: &str) -> Result<u64, AttrError> {
        let text = self.wanted(name)?;
        let number = parse_number(&text).ok_or_else(|| self.malformed(&text))?;
        u64::try_from(number)
            .or_else(|_| i64::try_from(number).map(i64::cast_unsigned))
            .map_err(|_| self.malformed(&text))
    }

    /// A byte string.
    ///
    /// # Errors
    /// The list is broken or ends first.
    pub fn text(&mut self, name: &str) -> Result<Vec<u8>, AttrError> {
        self.wanted(name)
    }

    /// Bytes that travel as base64.
    ///
    /// # Errors
    /// The list is broken, or ends first, or the value is not base64.
    pub fn data(&mut self, name: &str) -> Result<Vec<u8>, AttrError> {
        let text = self.wanted(name)?;
        if self.codec == Codec::Base64 {
            return Ok(text);
        }
        BASE64.decode(&text).map_err(|_| {
            AttrError::Misbehaved(format!(
                "malformed base64 data from {} while reading input attribute value: {}",
                self.peer,
                shown(&text)
            ))
        })
    }

    /// An attribute that must have one particular value.
    ///
    /// # Errors
    /// The list is broken, or ends first, or the value is another one.
    pub fn expect(&mut self, name: &str, value: &str) -> Result<(), AttrError> {
        let text = self.wanted(name)?;
        if text == value.as_bytes() {
            return Ok(());
        }
        Err(AttrError::Misbehaved(format!(
            "unexpected {name} {} from {} (expected: {value})",
            shown(&text),
            self.peer
        )))
    }

    /// Names and values as they come: a sub-list between braces, or without braces all that is
    /// left of the list. Names that occur twice are kept twice.
    ///
    /// # Errors
    /// The list is broken or ends first.
    pub fn map(&mut self) -> Result<Vec<Pair>, AttrError> {
        let mut values = Vec::new();
        let mut braces = false;
        loop {
            match self.name()? {
                Name::Open if !braces && values.is_empty() => braces = true,
                Name::Close if braces => return Ok(values),
                Name::End if !braces => {
                    self.ended = true;
                    return Ok(values);
                }
                Name::End => return Err(self.missing("}")),
                Name::Open => return Err(self.unexpected(b"{", "name")),
                Name::Close => return Err(self.unexpected(b"}", "name")),
                Name::Attribute(name) => {
                    self.count()?;
                    values.push((name, self.value()?));
                }
            }
        }
    }

    /// The next attribute whatever its name, or nothing at the end of the list.
    ///
    /// # Errors
    /// The list is broken.
    pub fn any(&mut self) -> Result<Option<Pair>, AttrError> {
        loop {
            match self.name()? {
                Name::End => {
                    self.ended = true;
                    return Ok(None);
                }
                Name::Open | Name::Close => self.count()?,
                Name::Attribute(name) => {
                    self.count()?;
                    return Ok(Some((name, self.value()?)));
                }
            }
        }
    }

    /// Begins the next list on the same stream.
    pub fn restart(&mut self) {
        self.pending = None;
        self.ended = false;
        self.seen = 0;
    }

    /// Whether the list ends here; nothing but the end mark is consumed.
    ///
    /// # Errors
    /// The list is broken.
    pub fn at_end(&mut self) -> Result<bool, AttrError> {
        if self.ended {
            return Ok(true);
        }
        let name = self.name()?;
        if name == Name::End {
            self.ended = true;
            return Ok(true);
        }
        self.pending = Some(name);
        Ok(false)
    }

    /// Reads up to and including the end mark.
    ///
    /// # Errors
    /// The list is broken, or (when strict) has more attributes.
    pub fn end(&mut self) -> Result<(), AttrError> {
        if self.ended {
            return Ok(());
        }
        loop {
            match self.name()? {
                Name::End => {
                    self.ended = true;
                    return Ok(());
                }
                Name::Open | Name::Close if !self.strict => self.count()?,
                Name::Open | Name::Close => {
                    return Err(self.unexpected(b"{", "end of list"));
                }
                Name::Attribute(name) => self.skip(&name, "end of list")?,
            }
        }
    }

    fn wanted(&mut self, wanted: &str) -> Result<Vec<u8>, AttrError> {
        loop {
            match self.name()? {
                Name::End => {
                    self.ended = true;
                    return Err(self.missing(wanted));
                }
                Name::Open | Name::Close if !self.strict => self.count()?,
                Name::Open | Name::Close => return Err(self.unexpected(b"{", wanted)),
                Name::Attribute(name) if name == wanted.as_bytes() => return self.value(),
                Name::Attribute(name) => self.skip(&name, wanted)?,
            }
        }
    }

    /// Counts an attribute that the protocol does not name.
    fn count(&mut self) -> Result<(), AttrError> {
        self.seen += 1;
        if self.seen > ATTRIBUTE_LIMIT {
            return Err(AttrError::Misbehaved(format!(
                "attribute count exceeds limit {ATTRIBUTE_LIMIT} from {}",
                self.peer
            )));
        }
        Ok(())
    }

    fn skip(&mut self, name: &[u8], wanted: &str) -> Result<(), AttrError> {
        if self.strict {
            return Err(self.unexpected(name, wanted));
        }
        self.count()?;
        self.value().map(drop)
    }

    fn name(&mut self) -> Result<Name, AttrError> {
        if let Some(name) = self.pending.take() {
            return Ok(name);
        }
        if self.ended {
            return Ok(Name::End);
        }
        let (text, terminator) = match self.codec {
            Codec::Zero => (self.string(&[0], NAME)?, 0),
            Codec::Base64 => self.decoded(b":\n", NAME)?,
            Codec::Plain => self.string_and_stop(b"=\n", NAME)?,
        };
        let alone = self.codec == Codec::Zero || terminator == b'\n';
        match text.as_slice() {
            b"" if alone => Ok(Name::End),
            b"{" if alone => Ok(Name::Open),
            b"}" if alone => Ok(Name::Close),
            _ if self.codec != Codec::Zero && terminator == b'\n' => {
                Err(AttrError::Misbehaved(format!(
                    "missing value for attribute {} from {}",
                    shown(&text),
                    self.peer
                )))
            }
            _ => Ok(Name::Attribute(text)),
        }
    }

    fn value(&mut self) -> Result<Vec<u8>, AttrError> {
        match self.codec {
            Codec::Zero => self.string(&[0], VALUE),
            Codec::Base64 => self.decoded(b"\n", VALUE).map(|(text, _)| text),
            Codec::Plain => self.string(b"\n", VALUE),
        }
    }

    fn decoded(&mut self, stops: &[u8], what: &str) -> Result<(Vec<u8>, u8), AttrError> {
        let (text, stop) = self.string_and_stop(stops, what)?;
        let decoded = BASE64.decode(&text).map_err(|_| {
            AttrError::Misbehaved(format!(
                "malformed base64 data from {} while reading {what}: {}",
                self.peer,
                shown(&text)
            ))
        })?;
        Ok((decoded, stop))
    }

    fn string(&mut self, stops: &[u8], what: &str) -> Result<Vec<u8>, AttrError> {
        self.string_and_stop(stops, what).map(|(text, _)| text)
    }

    fn string_and_stop(&mut self, stops: &[u8], what: &str) -> Result<(Vec<u8>, u8), AttrError> {
        let mut text = Vec::new();
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if available.is_empty() {
                return Err(AttrError::Gone);
            }
            let found = available.find_byteset(stops);
            let taken = found.unwrap_or(available.len());
            if text.len() + taken >= self.string_limit {
                return Err(AttrError::Misbehaved(format!(
                    "string length > {} characters from {} while reading {what}",
                    self.string_limit, self.peer
                )));
            }
            text.extend_from_slice(available.get(..taken).unwrap_or_default());
            match found.and_then(|at| available.get(at).copied()) {
                Some(stop) => {
                    self.input.consume(taken + 1);
                    return Ok((text, stop));
                }
                None => self.input.consume(taken),
            }
        }
    }

    fn malformed(&self, text: &[u8]) -> AttrError {
        AttrError::Misbehaved(format!(
            "malformed numerical data from {} while reading {VALUE}: {}",
            self.peer,
            shown(text)
        ))
    }

    fn missing(&self, wanted: &str) -> AttrError {
        AttrError::Misbehaved(format!(
            "missing attribute {wanted} in input from {}",
            self.peer
        ))
    }

    fn unexpected(&self, name: &[u8], wanted: &str) -> AttrError {
        AttrError::Misbehaved(format!(
            "unexpected attribute {} from {} (expecting: {wanted})",
            shown(name),
            self.peer
        ))
    }
}

const NAME: &str = "input attribute name";
const VALUE: &str = "input attribute value";

/// Decimal digits with an optional minus sign.
fn parse_number(text: &[u8]) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || digits.len() > 20 {
        return None;
    }
    let mut number: i128 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i128::from(digit - b'0');
    }
    Some(if negative { -number } else { number })
}

/// Foreign text for a log line: bounded, and printable ASCII only.
fn shown(text: &[u8]) -> String {
    text.iter()
        .take(100)
        .map(|byte| {
            if byte.is_ascii_graphic() || *byte == b' ' {
                char::from(*byte)
            } else {
                '?'
            }
        })
        .collect()
}
