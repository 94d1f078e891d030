// SPDX-License-Identifier: MIT OR Apache-2.0
//! Addresses as the outside sees them (`smtp_generic_maps`), in envelopes and headers.
//!
//! *Invariants*: without tables nothing is touched. At most [`HEADER_LIMIT`] bytes of one header
//! are looked at; a longer header goes through as it is.
//!
//! *Errors*: those of the tables, and of the rewriting service that completes their results;
//! the delivery is then tried again later.
//!
//! *Postfix:* smtp_map11(3), smtp_header_rewrite of smtp_proto(3).

use ipc::services::rewrite;
use mail::address::{header_list, quote_822_local, split_at_last_at, unquote_822_local};
use mail::header::{Flags, HeaderName, is_header_line, parse_header};
use maps::lookup::address::{self, Syntax};
use maps::{LookupError, Maps, StringList};

/// Longest header that is rewritten, bytes.
const HEADER_LIMIT: usize = 100 * 1024;

/// The tables, and what finding and completing an address takes.
pub(crate) struct Generic {
    maps: Option<Tables>,
}

/// See [`Generic`].
pub(crate) struct Tables {
    /// `smtp_generic_maps`.
    pub(crate) maps: Maps,
    /// Completes addresses in the results.
    pub(crate) rewrite: rewrite::Client,
    /// `recipient_delimiter`.
    pub(crate) delimiters: String,
    /// Whether `generic` is in `propagate_unmatched_extensions`.
    pub(crate) propagate: bool,
    /// `mydestination`.
    pub(crate) mydestination: StringList,
    /// `myorigin`.
    pub(crate) myorigin: String,
}

impl Generic {
    /// These tables, if they name any.
    pub(crate) fn new(tables: Option<Tables>) -> Generic {
        Generic {
            maps: tables.filter(|tables| !tables.maps.is_empty()),
        }
    }

    /// Whether nothing is rewritten.
    pub(crate) fn is_empty(&self) -> bool {
        self.maps.is_none()
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed(&self) -> Option<&str> {
        self.maps.as_ref().and_then(|tables| tables.maps.changed())
    }

    /// An envelope address, internal form to internal form. The empty address stays.
    pub(crate) fn address(&mut self, address: &[u8]) -> Result<Vec<u8>, LookupError> {
        let Some(tables) = self.maps.as_mut().filter(|_| !address.is_empty()) else {
            return Ok(address.to_vec());
        };
        Ok(tables.map(address)?.unwrap_or_else(|| address.to_vec()))
    }
}

impl Tables {
    fn map(&mut self, address: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        let Tables {
            maps,
            rewrite,
            delimiters,
            propagate,
            mydestination,
            myorigin,
        } = self;
        let mut is_local =
            |domain: &[u8]| -> Result<bool, LookupError> {
                Ok(domain.eq_ignore_ascii_case(myorigin.as_bytes())
                    || mydestination.matches(domain)?)
            };
        let mut syntax = Syntax {
            delimiters: delimiters.as_bytes(),
            is_local_domain: &mut is_local,
        };
        let mut complete = |address: &[u8]| -> Result<Vec<u8>, LookupError> {
            let local = rewrite::Rule::Local;
            rewrite
                .rewrite(&local, address)
                .map_err(|error| LookupError::Retry(error.to_string()))
        };
        let found = address::map(maps, address, *propagate, &mut syntax, &mut complete)?;
        // Only one address can stand where one stood.
        match found {
            Some(mut list) if list.len() == 1 => Ok(list.pop()),
            Some(list) => {
                let (title, count) = (maps.title(), list.len());
                runtime::log::warning(format_args!(
                    "{title}: {count} results for one address: the address is left as it is"
                ));
                Ok(None)
            }
            None => Ok(None),
        }
    }
}

/// What a stage of rewriting gives its lines to.
pub(crate) type Sink<'s> = dyn FnMut(&[u8], bool) + 's;

/// Rewrites the addresses in the primary headers, line by line.
pub(crate) struct HeaderRewriter<'g> {
    generic: &'g mut Generic,
    /// The header so far, lines separated by LF.
    header: Vec<u8>,
    in_header: bool,
    passing: bool,
    at_line_start: bool,
}

impl<'g> HeaderRewriter<'g> {
    /// At the beginning of a message.
    pub(crate) fn new(generic: &'g mut Generic) -> HeaderRewriter<'g> {
        let in_header = !generic.is_empty();
        HeaderRewriter {
            generic,
            header: Vec::new(),
            in_header,
            passing: false,
            at_line_start: true,
        }
    }

    /// Takes a line or a piece of one.
    pub(crate) fn piece(
        &mut self,
        text: &[u8],
        continued: bool,
        sink: &mut Sink<'_>,
    ) -> Result<(), LookupError> {
        let starts = std::mem::replace(&mut self.at_line_start, !continued);
        if !self.in_header {
            sink(text, continued);
            return Ok(());
        }
        let folded = matches!(text.first(), Some(b' ' | b'\t'));
        if starts && !folded {
            self.flush(sink)?;
            self.passing = false;
            if is_header_line(text).is_none() {
                self.in_header = false;
                sink(text, continued);
                return Ok(());
            }
        }
        if self.passing {
            sink(text, continued);
            return Ok(());
        }
        if starts && folded {
            self.header.push(b'\n');
        }
        self.header.extend_from_slice(text);
        if self.header.len() > HEADER_LIMIT {
            // Too long to be rewritten: what was held back, and the rest, go as they are.
            emit(&std::mem::take(&mut self.header), continued, sink);
            self.passing = true;
        }
        Ok(())
    }

    /// At the end of the message.
    pub(crate) fn end(&mut self, sink: &mut Sink<'_>) -> Result<(), LookupError> {
        self.flush(sink)
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> Result<(), LookupError> {
        let header = std::mem::take(&mut self.header);
        if header.is_empty() {
            return Ok(());
        }
        match self.rewritten(&header)? {
            Some(changed) => emit(&changed, false, sink),
            None => emit(&header, false, sink),
        }
        Ok(())
    }

    /// The header with its addresses rewritten, if any changed.
    fn rewritten(&mut self, header: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        let Some((name, body)) = parse_header(header) else {
            return Ok(None);
        };
        let wanted = HeaderName::find(name)
            .is_some_and(|known| known.flags().intersects(Flags::SENDER | Flags::RECIPIENT));
        if !wanted {
            return Ok(None);
        }
        let mut failure = None;
        let generic = &mut *self.generic;
        let changed = header_list::rewrite(name, body, &mut |external| match rewrite_external(
            generic, external,
        ) {
            Ok(address) => address,
            Err(error) => {
                failure.get_or_insert(error);
                external.to_vec()
            }
        });
        match failure {
            Some(error) => Err(error),
            None if changed == body => Ok(None),
            None => Ok(Some([name, b": ", &changed].concat())),
        }
    }
}

fn rewrite_external(generic: &mut Generic, external: &[u8]) -> Result<Vec<u8>, LookupError> {
    let internal = unquote_822_local(external);
    // Only complete addresses are anybody's.
    if split_at_last_at(&internal).1.is_none() {
        return Ok(external.to_vec());
    }
    let mapped = generic.address(&internal)?;
    Ok(if mapped == internal {
        external.to_vec()
    } else {
        quote_822_local(&mapped)
    })
}

fn emit(lines: &[u8], continued: bool, sink: &mut Sink<'_>) {
    let mut lines = lines.split(|&b| b == b'\n').peekable();
    while let Some(line) = lines.next() {
        sink(line, continued && lines.peek().is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipc::client::Endpoint;
    use maps::Options;

    fn generic(inline: &str) -> Generic {
        let options = Options::default();
        let list = StringList::parse("mydestination", "local.test", &options).unwrap();
        Generic::new(Some(Tables {
            maps: Maps::open("smtp_generic_maps", inline, &options).unwrap(),
            rewrite: rewrite::Client::new(Endpoint::private("rewrite")),
            delimiters: "+".into(),
            propagate: true,
            mydestination: list,
            myorigin: "origin.test".into(),
        }))
    }

    fn through(generic: &mut Generic, pieces: &[(&str, bool)]) -> String {
        let mut out = String::new();
        let mut sink = |text: &[u8], continued: bool| {
            out.push_str(std::str::from_utf8(text).unwrap());
            if !continued {
                out.push('\n');
            }
        };
        let mut rewriter = HeaderRewriter::new(generic);
        for (text, continued) in pieces {
            rewriter
                .piece(text.as_bytes(), *continued, &mut sink)
                .unwrap();
        }
        rewriter.end(&mut sink).unwrap();
        out
    }

    #[test]
    fn envelope_addresses_are_mapped_and_others_stay() {
        let mut generic = generic("inline:{ {me@local.test = me@public.test} }");
        assert_eq!(
            generic.address(b"me@local.test").unwrap(),
            b"me@public.test"
        );
        assert_eq!(
            generic.address(b"me+x@local.test").unwrap(),
            b"me+x@public.test"
        );
        assert_eq!(
            generic.address(b"you@local.test").unwrap(),
            b"you@local.test"
        );
        assert_eq!(generic.address(b"").unwrap(), b"");
    }

    #[test]
    fn addresses_in_headers_are_mapped_and_text_is_not() {
        let mut generic = generic("inline:{ {me@local.test = me@public.test} }");
        let pieces = [
            ("Subject: me@local.test", false),
            ("From: Me <me@local.test>,", false),
            ("\tyou@local.test", false),
            ("To: nobody@x.test", false),
            ("", false),
            ("From: me@local.test", false),
            ("long ", true),
            ("line", false),
        ];
        let text = through(&mut generic, &pieces);
        assert!(
            text.starts_with("Subject: me@local.test\nFrom: Me <me@public.test>,"),
            "{text}"
        );
        assert!(
            text.contains("you@local.test\nTo: nobody@x.test\n\n"),
            "{text}"
        );
        assert!(
            text.ends_with("\n\nFrom: me@local.test\nlong line\n"),
            "{text}"
        );
    }

    #[test]
    fn a_header_beyond_the_limit_goes_through() {
        let mut generic = generic("inline:{ {me@local.test = me@public.test} }");
        let long = "x".repeat(HEADER_LIMIT + 1);
        let pieces = [
            ("To: me@local.test,", false),
            (" ", true),
            (&long, false),
            ("", false),
        ];
        let text = through(&mut generic, &pieces);
        assert_eq!(text, format!("To: me@local.test,\n {long}\n\n"));
    }

    #[test]
    fn a_broken_table_is_an_error() {
        let mut generic = generic("fail:because");
        assert!(generic.address(b"me@local.test").is_err());
    }
}
