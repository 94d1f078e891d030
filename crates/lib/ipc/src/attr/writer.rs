// SPDX-License-Identifier: MIT OR Apache-2.0
//! Building an attribute list in memory.
//!
//! *Invariants*: what is written can be read back by [`super::Reader`] with the same codec; a byte
//! that would break the framing (NUL, or newline in the plain codec) is replaced by `?`.

use super::Codec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::io::{self, Write};

/// An attribute list under construction.
#[derive(Debug, Clone)]
pub struct Writer {
    codec: Codec,
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty list in the given encoding.
    #[must_use]
    pub fn new(codec: Codec) -> Writer {
        Writer {
            codec,
            bytes: Vec::with_capacity(512),
        }
    }

    /// An unsigned number, as decimal text.
    pub fn int(&mut self, name: &str, value: u32) -> &mut Writer {
        self.raw(name, value.to_string().as_bytes())
    }

    /// A signed number; as in the original it travels as its unsigned twin, so -1 is 4294967295.
    pub fn int_signed(&mut self, name: &str, value: i32) -> &mut Writer {
        self.int(name, value.cast_unsigned())
    }

    /// An unsigned 64-bit number, as decimal text.
    pub fn long(&mut self, name: &str, value: u64) -> &mut Writer {
        self.raw(name, value.to_string().as_bytes())
    }

    /// A byte string without NUL (and in the plain codec, without newline).
    pub fn text(&mut self, name: &str, value: impl AsRef<[u8]>) -> &mut Writer {
        self.raw(name, value.as_ref())
    }

    /// Arbitrary bytes; they travel as base64.
    pub fn data(&mut self, name: &str, value: &[u8]) -> &mut Writer {
        if self.codec == Codec::Base64 {
            return self.raw(name, value);
        }
        self.raw(name, BASE64.encode(value).as_bytes())
    }

    /// A sub-list of names and values between braces.
    pub fn map<'v, I>(&mut self, values: I) -> &mut Writer
    where
        I: IntoIterator<Item = (&'v str, &'v [u8])>,
    {
        self.brace("{");
        for (name, value) in values {
            self.raw(name, value);
        }
        self.brace("}");
        self
    }

    /// The mark that ends the list.
    pub fn end(&mut self) -> &mut Writer {
        self.bytes.push(self.terminator());
        self
    }

    /// What was written so far.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Hands everything to the stream and flushes it: one write for one message. The writer is
    /// empty afterwards and can be used again.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn send(&mut self, stream: &mut dyn Write) -> io::Result<()> {
        stream.write_all(&self.bytes)?;
        self.bytes.clear();
        stream.flush()
    }

    fn terminator(&self) -> u8 {
        match self.codec {
            Codec::Zero => 0,
            Codec::Base64 | Codec::Plain => b'\n',
        }
    }

    fn brace(&mut self, brace: &str) {
        match self.codec {
            Codec::Zero | Codec::Plain => self.bytes.extend_from_slice(brace.as_bytes()),
            Codec::Base64 => self
                .bytes
                .extend_from_slice(BASE64.encode(brace).as_bytes()),
        }
        self.bytes.push(self.terminator());
    }

    fn raw(&mut self, name: &str, value: &[u8]) -> &mut Writer {
        match self.codec {
            Codec::Zero => {
                self.unframed(name.as_bytes(), 0);
                self.bytes.push(0);
                self.unframed(value, 0);
                self.bytes.push(0);
            }
            Codec::Plain => {
                self.unframed(name.as_bytes(), b'\n');
                self.bytes.push(b'=');
                self.unframed(value, b'\n');
                self.bytes.push(b'\n');
            }
            Codec::Base64 => {
                self.bytes.extend_from_slice(BASE64.encode(name).as_bytes());
                self.bytes.push(b':');
                self.bytes
                    .extend_from_slice(BASE64.encode(value).as_bytes());
                self.bytes.push(b'\n');
            }
        }
        self
    }

    /// Appends text in which no byte can be mistaken for the end of an attribute.
    fn unframed(&mut self, text: &[u8], terminator: u8) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text);
        for byte in self.bytes.iter_mut().skip(start) {
            if *byte == 0 || *byte == terminator {
                *byte = b'?';
            }
        }
    }
}
