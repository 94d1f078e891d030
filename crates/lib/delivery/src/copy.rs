// SPDX-License-Identifier: MIT OR Apache-2.0
//! The message as a file or a command gets it: a few lines in front, then the content.
//!
//! *Invariants*: output goes out in large blocks, nothing is held but one block; the content
//! comes from the queue file as whole records, so that a line of the message can never be
//! taken for a line of ours.
//!
//! *Postfix:* mail_copy(3).

use std::io::{self, Write};

use mail::address::quote_822_local;

use crate::content::{Content, ContentError};

/// Bytes collected before a write.
const BLOCK: usize = 32 * 1024;

/// What goes in front of the content, and how its lines are written.
#[derive(Clone, Debug)]
pub struct Style<'a> {
    /// The envelope sender, internal form.
    pub sender: &'a [u8],
    /// What stands for an empty sender in the `From ` line.
    pub null_sender: &'a [u8],
    /// Begin with `From SENDER  DATE`; the date as asctime(3) has it, without line end.
    pub from_line: Option<&'a str>,
    /// Put `>` before content lines that begin with `From `.
    pub quote_from: bool,
    /// Write `Return-Path: <sender>`.
    pub return_path: bool,
    /// Write `X-Original-To:` with this address (internal form), if it is not empty.
    pub original_to: Option<&'a [u8]>,
    /// Write `Delivered-To:` with this address (internal form).
    pub delivered_to: Option<&'a [u8]>,
    /// Double the dot of lines that begin with one.
    pub double_dots: bool,
    /// End with an empty line.
    pub blank_line: bool,
    /// The end of every line.
    pub end_of_line: &'a [u8],
}

impl<'a> Style<'a> {
    /// Nothing in front, lines end in LF.
    #[must_use]
    pub fn plain(sender: &'a [u8]) -> Style<'a> {
        Style {
            sender,
            null_sender: b"MAILER-DAEMON",
            from_line: None,
            quote_from: false,
            return_path: false,
            original_to: None,
            delivered_to: None,
            double_dots: false,
            blank_line: false,
            end_of_line: b"\n",
        }
    }

    fn front(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        let mut line = |parts: &[&[u8]]| {
            for part in parts {
                // Addresses come from envelopes; a line break in one must not make a line.
                out.extend(
                    part.iter()
                        .map(|&b| if b == b'\n' || b == b'\r' { b' ' } else { b }),
                );
            }
            out.extend_from_slice(self.end_of_line);
        };
        let sender = quote_822_local(self.sender);
        if let Some(date) = self.from_line {
            let shown = if sender.is_empty() {
                self.null_sender
            } else {
                &sender
            };
            line(&[b"From ", shown, b"  ", date.as_bytes()]);
        }
        if self.return_path {
            line(&[b"Return-Path: <", &sender, b">"]);
        }
        if let Some(original) = self.original_to.filter(|address| !address.is_empty()) {
            line(&[b"X-Original-To: ", &quote_822_local(original)]);
        }
        if let Some(delivered) = self.delivered_to {
            line(&[b"Delivered-To: ", &quote_822_local(delivered)]);
        }
        out
    }
}

/// Why a copy is not complete.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The queue file cannot be read now.
    #[error("error reading message: {}", crate::trouble::error_text(.0))]
    Read(io::Error),
    /// The queue file is damaged.
    #[error("corrupt queue file")]
    Corrupt,
    /// The output cannot be written.
    #[error("error writing message: {}", crate::trouble::error_text(.0))]
    Write(io::Error),
}

impl From<ContentError> for CopyError {
    fn from(error: ContentError) -> CopyError {
        match error {
            ContentError::Read(error) => CopyError::Read(error),
            ContentError::Corrupt => CopyError::Corrupt,
        }
    }
}

/// Writes the message and returns the number of bytes written.
///
/// # Errors
/// Reading, damage, writing. Something may have been written then.
pub fn copy(
    content: &mut Content<'_>,
    style: &Style<'_>,
    output: &mut impl Write,
) -> Result<u64, CopyError> {
    let mut block = style.front();
    block.reserve(BLOCK + 4096);
    let mut total = 0u64;
    let mut at_line_start = true;
    while let Some(piece) = content.next()? {
        if at_line_start {
            if style.quote_from && piece.text.starts_with(b"From ") {
                block.push(b'>');
            }
            if style.double_dots && piece.text.first() == Some(&b'.') {
                block.push(b'.');
            }
        }
        block.extend_from_slice(piece.text);
        at_line_start = !piece.continued;
        if at_line_start {
            block.extend_from_slice(style.end_of_line);
        }
        if block.len() >= BLOCK {
            total += flush(&mut block, output)?;
        }
    }
    if !at_line_start {
        block.extend_from_slice(style.end_of_line);
    }
    if style.blank_line {
        block.extend_from_slice(style.end_of_line);
    }
    total += flush(&mut block, output)?;
    Ok(total)
}

fn flush(block: &mut Vec<u8>, output: &mut impl Write) -> Result<u64, CopyError> {
    output.write_all(block).map_err(CopyError::Write)?;
    let written = block.len() as u64;
    block.clear();
    Ok(written)
}
