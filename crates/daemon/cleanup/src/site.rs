// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stays the same from message to message: parameters, tables, and the services cleanup asks.
//!
//! *Errors:* a value that cannot be used is the text of a fatal error at start; a table that cannot
//! be opened defers mail later ([`maps`]).

use ipc::client::Endpoint;
use ipc::services::rewrite;
use mail::header::HeaderName;
use maps::{Maps, Options, StringList};
use queue::Layout;
use queue::file::Maker;
use queue::id::IdForm;

use crate::local::LocalDomains;
use crate::masquerade::Masquerade;
use crate::params::Params;

bitflags::bitflags! {
    /// Where an address was found.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Place: u8 {
        /// The envelope sender.
        const ENVELOPE_SENDER = 1;
        /// An envelope recipient.
        const ENVELOPE_RECIPIENT = 2;
        /// A header with sender addresses.
        const HEADER_SENDER = 4;
        /// A header with recipient addresses.
        const HEADER_RECIPIENT = 8;
    }
}

bitflags::bitflags! {
    /// Which mappings keep an address extension that they did not match.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Propagate: u8 {
        /// `canonical_maps` and its two friends.
        const CANONICAL = 1;
        /// `virtual_alias_maps`.
        const VIRTUAL = 2;
    }
}

/// The tables.
pub(crate) struct Tables {
    pub(crate) canonical: Maps,
    pub(crate) sender_canonical: Maps,
    pub(crate) recipient_canonical: Maps,
    pub(crate) virtual_alias: Maps,
    pub(crate) sender_bcc: Maps,
    pub(crate) recipient_bcc: Maps,
    pub(crate) header_checks: Maps,
    pub(crate) mime_header_checks: Maps,
    pub(crate) nested_header_checks: Maps,
    pub(crate) body_checks: Maps,
}

/// The services that cleanup asks.
pub(crate) struct Services {
    pub(crate) bounce: Endpoint,
    pub(crate) trace: Endpoint,
    pub(crate) queue_manager: Endpoint,
}

/// All of it.
pub(crate) struct Site {
    pub(crate) params: Params,
    pub(crate) tables: Tables,
    pub(crate) masquerade: Masquerade,
    pub(crate) canonical_places: Place,
    pub(crate) sender_canonical_places: Place,
    pub(crate) recipient_canonical_places: Place,
    pub(crate) masquerade_places: Place,
    pub(crate) propagate: Propagate,
    pub(crate) dropped_headers: Vec<Vec<u8>>,
    pub(crate) local: LocalDomains,
    pub(crate) rewriter: rewrite::Client,
    pub(crate) services: Services,
    pub(crate) maker: Maker,
}

impl Site {
    /// Opens the tables. Must happen before the jail.
    pub(crate) fn open(
        params: Params,
        rewriter: rewrite::Client,
        layout: Layout,
    ) -> Result<Site, String> {
        let options = Options::of(&params.tables);
        let open = |name: &str, text: &str| {
            Maps::open(name, text, &options).map_err(|error| error.to_string())
        };
        let tables = Tables {
            canonical: open("canonical_maps", &params.canonical_maps)?,
            sender_canonical: open("sender_canonical_maps", &params.sender_canonical_maps)?,
            recipient_canonical: open(
                "recipient_canonical_maps",
                &params.recipient_canonical_maps,
            )?,
            virtual_alias: open("virtual_alias_maps", &params.virtual_alias_maps)?,
            sender_bcc: open("sender_bcc_maps", &params.sender_bcc_maps)?,
            recipient_bcc: open("recipient_bcc_maps", &params.recipient_bcc_maps)?,
            header_checks: open("header_checks", &params.header_checks)?,
            mime_header_checks: open("mime_header_checks", &params.mime_header_checks)?,
            nested_header_checks: open("nested_header_checks", &params.nested_header_checks)?,
            body_checks: open("body_checks", &params.body_checks)?,
        };
        let exceptions = StringList::parse(
            "masquerade_exceptions",
            &params.masquerade_exceptions,
            &options,
        )
        .map_err(|error| error.to_string())?;
        let form = if params.enable_long_queue_ids {
            IdForm::Long
        } else {
            IdForm::Short
        };
        Ok(Site {
            masquerade: Masquerade::new(&params.masquerade_domains, exceptions),
            canonical_places: places("canonical_classes", &params.canonical_classes)?,
            sender_canonical_places: places(
                "sender_canonical_classes",
                &params.sender_canonical_classes,
            )?,
            recipient_canonical_places: places(
                "recipient_canonical_classes",
                &params.recipient_canonical_classes,
            )?,
            masquerade_places: places("masquerade_classes", &params.masquerade_classes)?,
            propagate: propagate(&params.propagate_unmatched_extensions)?,
            dropped_headers: dropped_headers(&params.message_drop_headers)?,
            local: LocalDomains::open(&params, &options)?,
            rewriter,
            services: Services {
                bounce: Endpoint::private(&params.bounce_service_name),
                trace: Endpoint::private(&params.trace_service_name),
                queue_manager: Endpoint::public(&params.queue_service_name),
            },
            maker: Maker { layout, form },
            tables,
            params,
        })
    }

    /// `duplicate_filter_limit`; zero means no limit.
    pub(crate) fn duplicate_limit(&self) -> Option<usize> {
        usize::try_from(self.params.duplicate_filter_limit)
            .ok()
            .filter(|limit| *limit > 0)
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed_table(&self) -> Option<&str> {
        let tables = &self.tables;
        [
            &tables.canonical,
            &tables.sender_canonical,
            &tables.recipient_canonical,
            &tables.virtual_alias,
            &tables.sender_bcc,
            &tables.recipient_bcc,
            &tables.header_checks,
            &tables.mime_header_checks,
            &tables.nested_header_checks,
            &tables.body_checks,
        ]
        .into_iter()
        .find_map(Maps::changed)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|word| !word.is_empty())
}

fn places(parameter: &str, text: &str) -> Result<Place, String> {
    words(text).try_fold(Place::empty(), |places, word| {
        let place = match word.to_ascii_lowercase().as_str() {
            "envelope_sender" => Place::ENVELOPE_SENDER,
            "envelope_recipient" => Place::ENVELOPE_RECIPIENT,
            "header_sender" => Place::HEADER_SENDER,
            "header_recipient" => Place::HEADER_RECIPIENT,
            _ => {
                return Err(format!(
                    "unknown {parameter} value \"{word}\" in \"{text}\""
                ));
            }
        };
        Ok(places | place)
    })
}

fn propagate(text: &str) -> Result<Propagate, String> {
    words(text).try_fold(Propagate::empty(), |all, word| {
        Ok(all
            | match word.to_ascii_lowercase().as_str() {
                "canonical" => Propagate::CANONICAL,
                "virtual" => Propagate::VIRTUAL,
                // For other programs.
                "alias" | "forward" | "include" | "generic" => Propagate::empty(),
                _ => {
                    return Err(format!(
                        "unknown propagate_unmatched_extensions value \"{word}\" in \"{text}\""
                    ));
                }
            })
    })
}

fn dropped_headers(text: &str) -> Result<Vec<Vec<u8>>, String> {
    words(text)
        .map(|word| {
            let known = HeaderName::find(word.as_bytes());
            known
                .map(|name| name.as_str().as_bytes().to_ascii_lowercase())
                .ok_or_else(|| {
                    format!("unknown message_drop_headers value \"{word}\" in \"{text}\"")
                })
        })
        .collect()
}
