// SPDX-License-Identifier: MIT OR Apache-2.0
//! `transport_maps`: routes by recipient.
//!
//! *Postfix:* the transport table of trivial-rewrite(8), transport(5).

use maps::lookup::address::{self, Step, Syntax};
use maps::{LookupError, Maps, ParentMatch};
use std::time::{Duration, Instant};

/// How long the entry for `*` is remembered: it would be asked for with nearly every address.
const WILDCARD_TIME: Duration = Duration::from_secs(30);

/// Where mail goes: a transport of `master.cf`, and what that transport takes as next hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) transport: Vec<u8>,
    pub(crate) nexthop: Vec<u8>,
}

impl Route {
    /// Splits `transport:nexthop`; the nexthop may be missing.
    pub(crate) fn parse(value: &[u8]) -> Route {
        let colon = value.iter().position(|byte| *byte == b':');
        let (transport, nexthop) = match colon {
            Some(at) => (value.get(..at), value.get(at + 1..)),
            None => (Some(value), None),
        };
        let owned = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
        Route {
            transport: owned(transport),
            nexthop: owned(nexthop),
        }
    }

    /// Overrides this route by an entry of a transport table. An entry without transport leaves
    /// the transport, and one without anything leaves all; an entry with a transport but without
    /// nexthop sets the nexthop back to the recipient's domain.
    fn override_with(&mut self, entry: &Route, domain: &[u8]) {
        if !entry.nexthop.is_empty() {
            self.nexthop.clone_from(&entry.nexthop);
        }
        if entry.transport.is_empty() {
            return;
        }
        self.transport.clone_from(&entry.transport);
        if entry.nexthop.is_empty() {
            self.nexthop = match entry.transport.as_slice() {
                b"error" | b"retry" => b"Address is undeliverable".to_vec(),
                _ => domain.to_vec(),
            };
        }
    }
}

/// An open transport table.
pub(crate) struct TransportMap {
    pub(crate) maps: Maps,
    parents: ParentMatch,
    wildcard: Option<(Instant, Option<Route>)>,
}

impl TransportMap {
    pub(crate) fn new(maps: Maps, parents: ParentMatch) -> TransportMap {
        TransportMap {
            maps,
            parents,
            wildcard: None,
        }
    }

    /// Overrides a route with what the table says about a recipient (internal form).
    pub(crate) fn apply(
        &mut self,
        recipient: &[u8],
        domain: &[u8],
        delimiters: &[u8],
        route: &mut Route,
    ) -> Result<(), LookupError> {
        let steps = [
            Step::Complete,
            Step::WithoutExtension,
            Step::Domain(self.parents),
        ];
        let mut syntax = Syntax {
            delimiters,
            is_local_domain: &mut |_| Ok(false),
        };
        let found = address::find_in_order(&mut self.maps, recipient, &steps, &mut syntax)?;
        let entry = match found {
            Some(found) => Some(Route::parse(&found.value)),
            None => self.wildcard()?,
        };
        if let Some(entry) = entry {
            route.override_with(&entry, domain);
        }
        Ok(())
    }

    fn wildcard(&mut self) -> Result<Option<Route>, LookupError> {
        if let Some((since, entry)) = &self.wildcard
            && since.elapsed() < WILDCARD_TIME
        {
            return Ok(entry.clone());
        }
        let entry = self.maps.get(b"*")?.map(|value| Route::parse(&value));
        self.wildcard = Some((Instant::now(), entry.clone()));
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maps::Options;

    fn applied(table: &str, recipient: &str) -> (String, String) {
        let maps = Maps::open("transport_maps", table, &Options::new()).unwrap();
        let mut map = TransportMap::new(maps, ParentMatch::Subdomains);
        let mut route = Route {
            transport: b"smtp".to_vec(),
            nexthop: b"relay.tld".to_vec(),
        };
        let domain = recipient.split('@').next_back().unwrap();
        map.apply(recipient.as_bytes(), domain.as_bytes(), b"+", &mut route)
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(route.transport), text(route.nexthop))
    }

    fn pair(transport: &str, nexthop: &str) -> (String, String) {
        (transport.to_owned(), nexthop.to_owned())
    }

    #[test]
    fn an_entry_overrides_as_much_as_it_says() {
        let entry = |value: &str| applied(&format!("inline:{{{{a.tld={value}}}}}"), "u@a.tld");
        assert_eq!(entry("slow:[h]:26"), pair("slow", "[h]:26"));
        assert_eq!(entry("slow:"), pair("slow", "a.tld"));
        assert_eq!(entry("slow"), pair("slow", "a.tld"));
        assert_eq!(entry(":[h]"), pair("smtp", "[h]"));
        assert_eq!(entry(":"), pair("smtp", "relay.tld"));
        assert_eq!(entry("error:"), pair("error", "Address is undeliverable"));
        assert_eq!(entry("error:no mail here"), pair("error", "no mail here"));
    }

    #[test]
    fn the_most_specific_entry_wins_and_the_star_is_last() {
        let table = "inline:{u+x@a.tld=one:, u@a.tld=two:, a.tld=three:, tld=four:, *=five:}";
        assert_eq!(applied(table, "u+x@a.tld").0, "one");
        assert_eq!(applied(table, "u+y@a.tld").0, "two");
        assert_eq!(applied(table, "v@a.tld").0, "three");
        assert_eq!(applied(table, "v@sub.a.tld").0, "three");
        assert_eq!(applied(table, "v@b.tld").0, "four");
        assert_eq!(applied(table, "v@b.org").0, "five");
    }
}
