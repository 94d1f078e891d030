// SPDX-License-Identifier: MIT OR Apache-2.0
//! Addresses into their final form: standard form, canonical mapping, masquerading.
//!
//! Addresses that are in standard form already are recognised without asking, and answers of
//! trivial-rewrite are remembered, both by [`ipc::services::rewrite::Client`].
//!
//! *Errors:* a service or table that does not answer is trouble of the whole message: it is
//! refused for now, never stored with an address that is not final.
//!
//! *Postfix:* cleanup/cleanup_rewrite(3), cleanup_addr(3), cleanup_map11(3).

use bstr::ByteSlice;
use ipc::flags::{CleanupFlags, CleanupStatus};
use ipc::services::rewrite::Rule;
use mail::address::{quote_822_local, unquote_822_local};
use maps::lookup::address::{self, Syntax};
use maps::{LookupError, Maps};
use runtime::log;

use crate::message::Processing;
use crate::site::{Place, Propagate, Site, Tables};

/// How often a canonical mapping is applied to its own result.
const CANONICAL_ROUNDS: usize = 10;

/// Selects a table.
pub(crate) type Select = fn(&mut Tables) -> &mut Maps;

impl Site {
    /// The standard form of an address in external form.
    pub(crate) fn standardize(
        &mut self,
        rule: &Rule,
        external: &[u8],
    ) -> Result<Vec<u8>, LookupError> {
        let answer = self.rewriter.rewrite(rule, external);
        answer.map_err(|error| LookupError::Retry(error.to_string()))
    }

    /// The standard form of an address in internal form.
    pub(crate) fn standardize_internal(
        &mut self,
        rule: &Rule,
        internal: &[u8],
    ) -> Result<Vec<u8>, LookupError> {
        let external = quote_822_local(internal);
        let rewritten = self.standardize(rule, &external)?;
        Ok(if rewritten == external {
            internal.to_vec()
        } else {
            unquote_822_local(&rewritten)
        })
    }

    /// What a table has for an address (internal form): complete addresses in internal form.
    pub(crate) fn look_up(
        &mut self,
        select: Select,
        address: &[u8],
        propagate: bool,
    ) -> Result<Option<Vec<Vec<u8>>>, LookupError> {
        let Site {
            tables,
            local,
            rewriter,
            params,
            ..
        } = self;
        let maps = select(tables);
        if maps.is_empty() || address.is_empty() {
            return Ok(None);
        }
        let mut is_local_domain = |domain: &[u8]| local.contains(domain);
        let mut syntax = Syntax {
            delimiters: params.recipient_delimiter.as_bytes(),
            is_local_domain: &mut is_local_domain,
        };
        let mut complete = |external: &[u8]| {
            let answer = rewriter.rewrite(&Rule::Local, external);
            answer.map_err(|error| LookupError::Retry(error.to_string()))
        };
        match address::map(maps, address, propagate, &mut syntax, &mut complete)? {
            Some(found) if found.is_empty() => Err(LookupError::Configuration(format!(
                "lookup of {} returns non-address result",
                address.as_bstr()
            ))),
            found => Ok(found),
        }
    }
}

impl Processing<'_> {
    /// The final form of an envelope address (internal form), or nothing after trouble.
    pub(crate) fn finish_envelope_address(
        &mut self,
        address: &[u8],
        place: Place,
    ) -> Option<Vec<u8>> {
        let standard = match self.site.standardize_internal(&Rule::Local, address) {
            Ok(standard) => standard,
            Err(error) => {
                self.rewrite_trouble(&error);
                return None;
            }
        };
        self.map_and_masquerade(standard, place)
    }

    /// The final form of a header address (external form). After trouble, the same address.
    pub(crate) fn finish_header_address(
        &mut self,
        rule: &Rule,
        external: &[u8],
        place: Place,
    ) -> Vec<u8> {
        let standard = match self.site.standardize(rule, external) {
            Ok(standard) => standard,
            Err(error) => {
                self.rewrite_trouble(&error);
                return external.to_vec();
            }
        };
        if !self.has_maps() && self.site.masquerade.is_empty() {
            return standard;
        }
        let internal = unquote_822_local(&standard);
        match self.map_and_masquerade(internal.clone(), place) {
            Some(mapped) if mapped != internal => quote_822_local(&mapped),
            Some(_) | None => standard,
        }
    }

    /// Whether there are canonical maps.
    fn has_maps(&self) -> bool {
        let tables = &self.site.tables;
        !(tables.canonical.is_empty()
            && tables.sender_canonical.is_empty()
            && tables.recipient_canonical.is_empty())
    }

    fn map_and_masquerade(&mut self, mut address: Vec<u8>, place: Place) -> Option<Vec<u8>> {
        if !self.message.flags.contains(CleanupFlags::MAP_OK) {
            return Some(address);
        }
        if self.has_maps() {
            let is_sender = place.intersects(Place::ENVELOPE_SENDER | Place::HEADER_SENDER);
            let (own, own_places): (Select, Place) = if is_sender {
                (
                    |tables| &mut tables.sender_canonical,
                    self.site.sender_canonical_places,
                )
            } else {
                (
                    |tables| &mut tables.recipient_canonical,
                    self.site.recipient_canonical_places,
                )
            };
            if own_places.contains(place) {
                address = self.map_one(own, address)?;
            }
            if self.site.canonical_places.contains(place) {
                address = self.map_one(|tables| &mut tables.canonical, address)?;
            }
        }
        if self.site.masquerade_places.contains(place) {
            match self.site.masquerade.apply(&address) {
                Ok(Some(masqueraded)) => address = masqueraded,
                Ok(None) => {}
                Err(error) => {
                    let id = self.message.id();
                    log::warning(format_args!(
                        "{id}: masquerade_exceptions map lookup problem: {error} -- message not \
                         accepted, try again later"
                    ));
                    self.message.status |= CleanupStatus::WRITE;
                    return None;
                }
            }
        }
        Some(address)
    }

    /// Maps an address to one other, again and again until it stays the same.
    fn map_one(&mut self, select: Select, mut address: Vec<u8>) -> Option<Vec<u8>> {
        let propagate = self.site.propagate.contains(Propagate::CANONICAL);
        for _ in 0..CANONICAL_ROUNDS {
            let found = match self.site.look_up(select, &address, propagate) {
                Ok(Some(found)) => found,
                Ok(None) => return Some(address),
                Err(error) => {
                    self.map_trouble(select, &address, &error);
                    return None;
                }
            };
            let title = select(&mut self.site.tables).title();
            if found.len() > 1 {
                log::warning(format_args!(
                    "{}: multi-valued {title} entry for {}",
                    self.message.id(),
                    address.as_bstr()
                ));
            }
            match found.into_iter().next() {
                Some(next) if next != address => address = next,
                Some(_) | None => return Some(address),
            }
        }
        let title = select(&mut self.site.tables).title();
        log::warning(format_args!(
            "{}: unreasonable {title} map nesting for {} -- message not accepted, try again later",
            self.message.id(),
            address.as_bstr()
        ));
        Some(address)
    }

    /// A table could not answer.
    pub(crate) fn map_trouble(&mut self, select: Select, address: &[u8], error: &LookupError) {
        let title = select(&mut self.site.tables).title();
        let id = self.message.id();
        log::warning(format_args!("{id}: {title}: {error}"));
        log::warning(format_args!(
            "{id}: {title} map lookup problem for {} -- message not accepted, try again later",
            address.as_bstr()
        ));
        self.message.status |= CleanupStatus::WRITE;
    }

    /// trivial-rewrite could not answer.
    fn rewrite_trouble(&mut self, error: &LookupError) {
        log::warning(format_args!(
            "{}: address rewriting problem: {error} -- message not accepted, try again later",
            self.message.id()
        ));
        self.message.status |= CleanupStatus::WRITE;
    }
}
