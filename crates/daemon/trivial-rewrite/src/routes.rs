// SPDX-License-Identifier: MIT OR Apache-2.0
//! The routes of each address class, for mail and for address probes.
//!
//! *Postfix:* the second half of the resolver of trivial-rewrite(8).

use crate::params::Params;
use crate::resolve::failing;
use crate::transport::{Route, TransportMap};
use bstr::ByteSlice as _;
use ipc::flags::ResolveFlags;
use maps::lookup::address::{self, Syntax};
use maps::{LookupError, Maps, ParentMatch};
use runtime::log;

/// A parameter with its name, for complaints.
type Named = (&'static str, Vec<u8>);

/// The routes of one purpose.
pub(crate) struct Routes {
    local: Named,
    mailbox: Named,
    relay: Named,
    default: Named,
    relayhost: Vec<u8>,
    sender_relayhost: Option<SenderMap>,
    sender_transport: Option<SenderMap>,
    transport_name: &'static str,
    transport: Option<TransportMap>,
    /// `main.cf`, for complaints.
    file: String,
}

/// A table whose keys are senders.
struct SenderMap {
    name: &'static str,
    maps: Maps,
    /// Stands for the null sender.
    null_key: Vec<u8>,
}

/// What a route depends on.
pub(crate) struct Destination<'a> {
    pub(crate) sender: &'a [u8],
    /// In internal form, with its domain.
    pub(crate) recipient: &'a [u8],
    pub(crate) domain: &'a [u8],
    pub(crate) delimiters: &'a [u8],
}

/// Opens a table; nothing for an empty value.
type Opener<'a> = dyn Fn(&str, &str) -> Result<Option<Maps>, String> + 'a;

/// Says whether a domain is local.
type IsLocal<'a> = dyn FnMut(&[u8]) -> Result<bool, LookupError> + 'a;

impl Routes {
    pub(crate) fn mail(
        params: &Params,
        config_directory: &str,
        open: &Opener<'_>,
    ) -> Result<Routes, String> {
        let mail = &params.mail;
        Ok(Routes {
            local: named("local_transport", &mail.local_transport),
            mailbox: named("virtual_transport", &mail.virtual_transport),
            relay: named("relay_transport", &mail.relay_transport),
            default: named("default_transport", &mail.default_transport),
            relayhost: mail.relayhost.clone().into_bytes(),
            sender_relayhost: SenderMap::open(
                "sender_dependent_relayhost_maps",
                &mail.sender_dependent_relayhost_maps,
                &params.empty_address_relayhost_maps_lookup_key,
                open,
            )?,
            sender_transport: SenderMap::open(
                "sender_dependent_default_transport_maps",
                &mail.sender_dependent_default_transport_maps,
                &params.empty_address_default_transport_maps_lookup_key,
                open,
            )?,
            transport_name: "transport_maps",
            transport: transport_map(params, "transport_maps", &mail.transport_maps, open)?,
            file: format!("{config_directory}/main.cf"),
        })
    }

    pub(crate) fn probe(
        params: &Params,
        config_directory: &str,
        open: &Opener<'_>,
    ) -> Result<Routes, String> {
        let probe = &params.probe;
        let transports = "address_verify_transport_maps";
        Ok(Routes {
            local: named(
                "address_verify_local_transport",
                &probe.address_verify_local_transport,
            ),
            mailbox: named(
                "address_verify_virtual_transport",
                &probe.address_verify_virtual_transport,
            ),
            relay: named(
                "address_verify_relay_transport",
                &probe.address_verify_relay_transport,
            ),
            default: named(
                "address_verify_default_transport",
                &probe.address_verify_default_transport,
            ),
            relayhost: probe.address_verify_relayhost.clone().into_bytes(),
            sender_relayhost: SenderMap::open(
                "address_verify_sender_dependent_relayhost_maps",
                &probe.address_verify_sender_dependent_relayhost_maps,
                &params.empty_address_relayhost_maps_lookup_key,
                open,
            )?,
            sender_transport: SenderMap::open(
                "address_verify_sender_dependent_default_transport_maps",
                &probe.address_verify_sender_dependent_default_transport_maps,
                &params.empty_address_default_transport_maps_lookup_key,
                open,
            )?,
            transport_name: transports,
            transport: transport_map(
                params,
                transports,
                &probe.address_verify_transport_maps,
                open,
            )?,
            file: format!("{config_directory}/main.cf"),
        })
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed(&self) -> Option<&str> {
        let sender_maps = [&self.sender_relayhost, &self.sender_transport];
        let sender = sender_maps
            .into_iter()
            .flatten()
            .find_map(|map| map.maps.changed());
        sender.or_else(|| self.transport.as_ref().and_then(|map| map.maps.changed()))
    }

    /// The route of mail to a destination of that class.
    pub(crate) fn route(
        &mut self,
        class: ResolveFlags,
        to: &Destination<'_>,
        is_local: &mut IsLocal<'_>,
    ) -> Result<Route, ResolveFlags> {
        let (blame, value) = self.transport_of(class, to, is_local)?;
        let mut route = Route::parse(&value);
        if route.nexthop.is_empty() {
            let relayed = class.intersects(ResolveFlags::CLASS_RELAY | ResolveFlags::CLASS_DEFAULT);
            route.nexthop = if relayed {
                self.relayhost(to, is_local)?
            } else {
                to.domain.to_vec()
            };
        }
        if route.transport.is_empty() {
            log::warning(format_args!(
                "file {}: parameter {blame}: null transport is not allowed",
                self.file
            ));
            return Err(ResolveFlags::FAIL);
        }
        if let Some(table) = &mut self.transport {
            let applied = table.apply(to.recipient, to.domain, to.delimiters, &mut route);
            failing(self.transport_name, applied)?;
        }
        Ok(route)
    }

    /// The value that names the transport of a class, and the parameter it came from.
    fn transport_of(
        &mut self,
        class: ResolveFlags,
        to: &Destination<'_>,
        is_local: &mut IsLocal<'_>,
    ) -> Result<Named, ResolveFlags> {
        if class == ResolveFlags::CLASS_LOCAL {
            return Ok(self.local.clone());
        }
        if class == ResolveFlags::CLASS_VIRTUAL {
            return Ok(self.mailbox.clone());
        }
        if class == ResolveFlags::CLASS_RELAY {
            return Ok(self.relay.clone());
        }
        if let Some(table) = &mut self.sender_transport
            && let Some(value) = table.find(to, is_local)?
        {
            return Ok((table.name, value));
        }
        Ok(self.default.clone())
    }

    /// The next hop of mail that leaves.
    fn relayhost(
        &mut self,
        to: &Destination<'_>,
        is_local: &mut IsLocal<'_>,
    ) -> Result<Vec<u8>, ResolveFlags> {
        if let Some(table) = &mut self.sender_relayhost
            && let Some(relayhost) = table.find(to, is_local)?
        {
            return Ok(relayhost);
        }
        let relayhost = if self.relayhost.is_empty() {
            to.domain
        } else {
            &self.relayhost
        };
        Ok(relayhost.to_vec())
    }
}

impl SenderMap {
    fn open(
        name: &'static str,
        value: &str,
        null_key: &str,
        open: &Opener<'_>,
    ) -> Result<Option<SenderMap>, String> {
        let null_key = null_key.as_bytes().to_vec();
        Ok(open(name, value)?.map(|maps| SenderMap {
            name,
            maps,
            null_key,
        }))
    }

    /// What the table says about the sender; `DUNNO` means nothing.
    fn find(
        &mut self,
        to: &Destination<'_>,
        is_local: &mut IsLocal<'_>,
    ) -> Result<Option<Vec<u8>>, ResolveFlags> {
        let key = if to.sender.is_empty() {
            &self.null_key
        } else {
            to.sender
        };
        let mut syntax = Syntax {
            delimiters: to.delimiters,
            is_local_domain: &mut |domain| is_local(domain),
        };
        let found = failing(self.name, address::find(&mut self.maps, key, &mut syntax))?;
        let value = found.map(|found| found.value);
        if value.as_ref().is_some_and(Vec::is_empty) {
            log::warning(format_args!(
                "{}: ignoring null lookup result for {}",
                self.name,
                key.as_bstr()
            ));
        }
        Ok(value.filter(|value| !value.is_empty() && !value.eq_ignore_ascii_case(b"DUNNO")))
    }
}

fn named(name: &'static str, value: &str) -> Named {
    (name, value.as_bytes().to_vec())
}

fn transport_map(
    params: &Params,
    name: &'static str,
    value: &str,
    open: &Opener<'_>,
) -> Result<Option<TransportMap>, String> {
    // The probe's table follows the rule of transport_maps, as in the original.
    let parents = ParentMatch::of("transport_maps", &params.parent_domain_matches_subdomains);
    Ok(open(name, value)?.map(|maps| TransportMap::new(maps, parents)))
}
