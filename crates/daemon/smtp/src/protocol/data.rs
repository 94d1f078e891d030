// SPDX-License-Identifier: MIT OR Apache-2.0
//! The content of the message, from the queue file to the connection.
//!
//! *Errors*: trouble with our own data ends the delivery without the final dot, so that the
//! server cannot take a part for the whole.
//!
//! *Postfix:* the DATA state of smtp_proto(3).

use std::time::Duration;

use delivery::content::ContentError;
use mail::dsn::{Dsn, Status};
use mail::line::Line;
use runtime::log;

use super::Rules;
use super::commands::must_downgrade;
use super::content::LineWriter;
use super::downgrade::Downgrade;
use crate::generic::{Generic, HeaderRewriter};
use crate::progress::Progress;
use crate::session::{Lost, Session};

/// Why the content is not with the server.
pub(super) enum Unsent {
    /// Our own data cannot be read or converted.
    Message(Box<Dsn>),
    /// The connection broke.
    Connection(Lost),
}

impl From<Lost> for Unsent {
    fn from(lost: Lost) -> Unsent {
        Unsent::Connection(lost)
    }
}

/// Sends the content, without the final dot. Some of it may still wait in the connection.
pub(super) fn send(
    rules: &Rules,
    progress: &Progress<'_>,
    session: &mut Session,
    generic: &mut Generic,
) -> Result<(), Unsent> {
    session.limit(rules.limits.data_transfer);
    let request = &progress.message.request;
    let downgrade = must_downgrade(rules, session, request).then(Downgrade::new);
    let mut out = Output {
        rules,
        session,
        writer: LineWriter::new(rules.line_limit),
    };
    let mut content = progress.message.content();
    if downgrade.is_none() && generic.is_empty() {
        while let Some(piece) = content.next().map_err(unreadable)? {
            out.writer
                .piece(&Line::from_record(piece.text), piece.continued);
            out.send_full_block()?;
        }
    } else {
        // Rewriting works on whole lines of bounded length and gives whole lines back.
        let mut chain = Chain {
            headers: HeaderRewriter::new(generic),
            downgrade,
        };
        while let Some(piece) = content.next().map_err(unreadable)? {
            let text = Line::from_record(piece.text);
            chain
                .piece(text.as_bytes(), piece.continued, &mut out.writer)
                .map_err(failed)?;
            out.send_full_block()?;
        }
        chain.end(&mut out.writer).map_err(failed)?;
    }
    if out.writer.has_folded() {
        log::info(format_args!(
            "{}: breaking line > {} bytes with <CR><LF>SPACE",
            progress.queue_id(),
            rules.line_limit
        ));
    }
    out.writer.end_line();
    out.send_block()?;
    if session.pause_before_dot {
        session.flush()?;
        std::thread::sleep(rules.pix_pause);
    }
    Ok(())
}

/// Where lines go: into blocks, and blocks to the server.
struct Output<'o> {
    rules: &'o Rules,
    session: &'o mut Session,
    writer: LineWriter,
}

impl Output<'_> {
    fn send_full_block(&mut self) -> Result<(), Unsent> {
        if self.writer.is_full() {
            self.send_block()
        } else {
            Ok(())
        }
    }

    fn send_block(&mut self) -> Result<(), Unsent> {
        self.session.write(self.writer.bytes())?;
        if let Some(rate) = self.rules.minimum_rate {
            let seconds = (self.writer.bytes().len() as u64)
                .checked_div(rate)
                .unwrap_or(0);
            self.session.extend(Duration::from_secs(seconds));
        }
        self.writer.clear();
        Ok(())
    }
}

/// The stages that may change lines: first the headers' addresses, then the encoding.
struct Chain<'g> {
    headers: HeaderRewriter<'g>,
    downgrade: Option<Downgrade>,
}

impl Chain<'_> {
    fn piece(
        &mut self,
        text: &[u8],
        continued: bool,
        writer: &mut LineWriter,
    ) -> Result<(), maps::LookupError> {
        let downgrade = &mut self.downgrade;
        self.headers.piece(text, continued, &mut |text, continued| {
            convert(downgrade, text, continued, writer);
        })
    }

    fn end(&mut self, writer: &mut LineWriter) -> Result<(), maps::LookupError> {
        let downgrade = &mut self.downgrade;
        self.headers
            .end(&mut |text, continued| convert(downgrade, text, continued, writer))?;
        if let Some(downgrade) = downgrade {
            downgrade.end(&mut |text, continued| {
                writer.piece(&Line::from_record(text), continued);
            });
        }
        Ok(())
    }
}

fn convert(
    downgrade: &mut Option<Downgrade>,
    text: &[u8],
    continued: bool,
    writer: &mut LineWriter,
) {
    match downgrade {
        Some(downgrade) => downgrade.piece(text, continued, &mut |text, continued| {
            writer.piece(&Line::from_record(text), continued);
        }),
        None => writer.piece(&Line::from_record(text), continued),
    }
}

fn unreadable(error: ContentError) -> Unsent {
    let text = match error {
        ContentError::Read(_) => "queue file read error",
        ContentError::Corrupt => "unreadable mail queue entry",
    };
    Unsent::Message(Box::new(Dsn::simple(Status::new(4, 3, 0), text)))
}

fn failed(error: maps::LookupError) -> Unsent {
    log::warning(format_args!("header address rewriting: {error}"));
    let text = "local data error: table lookup failed";
    Unsent::Message(Box::new(Dsn::simple(Status::new(4, 3, 0), text)))
}
