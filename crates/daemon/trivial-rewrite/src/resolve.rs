// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where an address goes: its class, its transport, its next hop.
//!
//! *Invariants*: an address that is not valid gets no route; a table that cannot be asked gives
//! "try again later", never a guess.
//!
//! *Postfix:* the resolver of trivial-rewrite(8).

use crate::local::LocalDomains;
use crate::params::Params;
use crate::rewrite::{Context, Rules, internal};
use crate::routes::{Destination, Routes};
use crate::strip::{StripError, Stripper};
use bstr::ByteSlice as _;
use ipc::flags::{ResolveFlags, ServerFlags};
use ipc::services::resolve::{Resolved, Verification};
use mail::dsn::split_status_text;
use mail::text;
use maps::lookup::address::{self, Syntax};
use maps::{DomainList, LookupError, Maps, Options, ParentMatch, StringList};
use runtime::log;

/// The resolver with all its tables.
pub(crate) struct Resolver {
    stripper: Stripper,
    local: LocalDomains,
    alias_domains: StringList,
    mailbox_domains: StringList,
    relay_domains: DomainList,
    relocated: Option<Maps>,
    mail: Routes,
    probe: Routes,
    delimiters: Vec<u8>,
    utf8: bool,
    numeric_domain: bool,
    allow_min_user: bool,
    helpful_warnings: bool,
    show_table_name: bool,
    relocated_prefix: bool,
}

/// A step that went wrong ends the search with these flags.
type Step<T> = Result<T, ResolveFlags>;

impl Resolver {
    pub(crate) fn open(
        params: &Params,
        rules: Rules,
        context: Context,
        config_directory: &str,
    ) -> Result<Resolver, String> {
        let options = Options::of(&params.tables);
        let said = |error: maps::OpenError| error.to_string();
        let strings = |name: &str, text: &str| StringList::parse(name, text, &options);
        let parents = |name: &str| ParentMatch::of(name, &params.parent_domain_matches_subdomains);
        let relay_parents = parents("relay_domains");
        let table = |name: &str, text: &str| -> Result<Option<Maps>, String> {
            let maps = Maps::open(name, text, &options).map_err(said)?;
            Ok(Some(maps).filter(|maps| !maps.is_empty()))
        };
        Ok(Resolver {
            stripper: Stripper {
                rules,
                context,
                null_domain: params.resolve_null_domain,
                dequoted: params.resolve_dequoted_address,
                empty_address: params.empty_address_recipient.clone().into_bytes(),
                hostname: params.myhostname.clone().into_bytes(),
            },
            local: LocalDomains::open(params, &options)?,
            alias_domains: strings("virtual_alias_domains", &params.virtual_alias_domains)
                .map_err(said)?,
            mailbox_domains: strings("virtual_mailbox_domains", &params.virtual_mailbox_domains)
                .map_err(said)?,
            relay_domains: DomainList::parse(
                "relay_domains",
                &params.relay_domains,
                relay_parents,
                &options,
            )
            .map_err(said)?,
            relocated: table("relocated_maps", &params.relocated_maps)?,
            mail: Routes::mail(params, config_directory, &table)?,
            probe: Routes::probe(params, config_directory, &table)?,
            delimiters: params.recipient_delimiter.clone().into_bytes(),
            utf8: params.smtputf8_enable,
            numeric_domain: params.resolve_numeric_domain,
            allow_min_user: params.allow_min_user,
            helpful_warnings: params.helpful_warnings,
            show_table_name: params.show_user_unknown_table_name,
            relocated_prefix: params.relocated_prefix_enable,
        })
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed(&self) -> Option<String> {
        let lists = [
            self.local.changed(),
            self.alias_domains.changed(),
            self.mailbox_domains.changed(),
            self.relay_domains.changed(),
            self.relocated.as_ref().and_then(Maps::changed),
            self.mail.changed(),
            self.probe.changed(),
        ];
        lists.into_iter().flatten().next().map(str::to_owned)
    }

    /// Answers for an address in internal form.
    pub(crate) fn resolve(
        &mut self,
        purpose: Verification,
        sender: &[u8],
        address: &[u8],
    ) -> Resolved {
        let mut answer = Resolved {
            server: ServerFlags::empty(),
            transport: b"CHANNEL NOT UPDATED".to_vec(),
            nexthop: b"NEXTHOP NOT UPDATED".to_vec(),
            recipient: b"NEXTRCPT NOT UPDATED".to_vec(),
            flags: ResolveFlags::empty(),
        };
        if let Err(trouble) = self.answer(purpose, sender, address, &mut answer) {
            answer.flags |= trouble;
        }
        answer
    }

    fn answer(
        &mut self,
        purpose: Verification,
        sender: &[u8],
        address: &[u8],
        answer: &mut Resolved,
    ) -> Step<()> {
        let (recipient, local) = self.recipient(address)?;
        answer.recipient = recipient.clone();
        let (recipient, local) = self.validate(recipient, local)?;
        answer.recipient.clone_from(&recipient);
        let domain = domain_of(&recipient);
        if first_routing(&recipient) != recipient.len() - domain.len() {
            answer.flags |= ResolveFlags::ROUTED;
        }
        let class = self.class(domain, local)?;
        answer.flags |= class;
        let routes = match purpose {
            Verification::No => &mut self.mail,
            Verification::Yes => &mut self.probe,
        };
        let destination = Destination {
            sender,
            recipient: &recipient,
            domain,
            delimiters: &self.delimiters,
        };
        let local_domains = &mut self.local;
        let mut route = if class == ResolveFlags::CLASS_ALIAS {
            let table = if self.show_table_name {
                " in virtual alias table"
            } else {
                ""
            };
            let text = format!("5.1.1 User unknown{table}");
            crate::transport::Route {
                transport: b"error".to_vec(),
                nexthop: text.into_bytes(),
            }
        } else {
            routes.route(class, &destination, &mut |domain| {
                local_domains.contains(domain)
            })?
        };
        self.relocate(&recipient, &mut route)?;
        answer.transport = route.transport;
        answer.nexthop = route.nexthop;
        if recipient.first() == Some(&b'-') && !self.allow_min_user {
            answer.flags |= ResolveFlags::ERROR;
        }
        Ok(())
    }

    /// The address with its deciding domain, and whether that is local.
    fn recipient(&mut self, address: &[u8]) -> Step<(Vec<u8>, bool)> {
        let local = &mut self.local;
        match self
            .stripper
            .strip(address, &mut |domain| local.contains(domain))
        {
            Ok(stripped) => Ok((internal(&stripped.words), stripped.local)),
            Err(StripError::Lookup(_)) => Err(ResolveFlags::FAIL),
            Err(StripError::Endless(rounds)) => {
                log::warning(format_args!(
                    "resolve_addr: <{}>: giving up after {rounds} iterations",
                    address.as_bstr()
                ));
                Err(ResolveFlags::FAIL)
            }
        }
    }

    /// Refuses what is no domain. A bare network address is none, unless the administrator wants
    /// it taken for a literal.
    fn validate(&mut self, mut recipient: Vec<u8>, local: bool) -> Step<(Vec<u8>, bool)> {
        let invalid = Err(ResolveFlags::ERROR | ResolveFlags::CLASS_DEFAULT);
        let domain = domain_of(&recipient);
        if domain.first() == Some(&b'[') {
            return if text::parse_literal(domain).is_some() {
                Ok((recipient, local))
            } else {
                invalid
            };
        }
        if self.utf8 && !text::is_utf8(&recipient) {
            return invalid;
        }
        let valid = if self.utf8 {
            text::is_valid_utf8_hostname(domain)
        } else {
            text::is_valid_hostname(domain)
        };
        if valid {
            return Ok((recipient, local));
        }
        if !self.numeric_domain || !text::is_valid_hostaddr(domain) {
            return invalid;
        }
        let at = recipient.len() - domain.len();
        recipient.insert(at, b'[');
        recipient.push(b']');
        let own = self
            .local
            .contains(domain_of(&recipient))
            .map_err(|_| ResolveFlags::FAIL)?;
        Ok((recipient, local || own))
    }

    /// The class of a domain: the first list that has it.
    fn class(&mut self, domain: &[u8], local: bool) -> Step<ResolveFlags> {
        let alias = failing("virtual_alias_domains", self.alias_domains.matches(domain));
        if local {
            self.nag(domain, "mydestination", alias == Ok(true), true);
            return Ok(ResolveFlags::CLASS_LOCAL);
        }
        if alias? {
            self.nag(domain, "virtual_alias_domains", false, true);
            return Ok(ResolveFlags::CLASS_ALIAS);
        }
        if failing(
            "virtual_mailbox_domains",
            self.mailbox_domains.matches(domain),
        )? {
            self.nag(domain, "virtual_mailbox_domains", false, false);
            return Ok(ResolveFlags::CLASS_VIRTUAL);
        }
        if failing("relay_domains", self.relay_domains.matches(domain))? {
            return Ok(ResolveFlags::CLASS_RELAY);
        }
        Ok(ResolveFlags::CLASS_DEFAULT)
    }

    /// Warns about a domain that is in two lists: which one wins is an accident of the order.
    fn nag(&mut self, domain: &[u8], list: &str, in_alias: bool, look_in_mailbox: bool) {
        if !self.helpful_warnings {
            return;
        }
        let warn = |other: &str| {
            log::warning(format_args!(
                "do not list domain {} in BOTH {list} and {other}",
                domain.as_bstr()
            ));
        };
        if in_alias {
            warn("virtual_alias_domains");
        }
        if look_in_mailbox && self.mailbox_domains.matches(domain) == Ok(true) {
            warn("virtual_mailbox_domains");
        }
        // By default, relay_domains once included mydestination.
        if list != "mydestination" && self.relay_domains.matches(domain) == Ok(true) {
            warn("relay_domains");
        }
    }

    /// Recipients that moved away are told where to.
    fn relocate(&mut self, recipient: &[u8], route: &mut crate::transport::Route) -> Step<()> {
        let Some(maps) = &mut self.relocated else {
            return Ok(());
        };
        let local = &mut self.local;
        let mut is_local = |domain: &[u8]| local.contains(domain);
        let mut syntax = Syntax {
            delimiters: &self.delimiters,
            is_local_domain: &mut is_local,
        };
        let found = failing(
            "relocated_maps",
            address::find(maps, recipient, &mut syntax),
        )?;
        let Some(found) = found else {
            return Ok(());
        };
        route.transport = b"error".to_vec();
        route.nexthop = if self.relocated_prefix {
            [&b"5.1.6 User has moved to "[..], &found.value].concat()
        } else if split_status_text(&found.value)
            .is_some_and(|(status, text)| status.class != 2 && !text.is_empty())
        {
            found.value
        } else {
            log::warning(format_args!(
                "relocated_maps: recipient <{}>: malformed lookup result: {}",
                recipient.as_bstr(),
                found.value.as_bstr()
            ));
            b"5.2.0 Mailbox is unavailable".to_vec()
        };
        Ok(())
    }
}

/// What follows the last `@`.
fn domain_of(address: &[u8]) -> &[u8] {
    mail::address::split_at_last_at(address)
        .1
        .unwrap_or_default()
}

/// Where the domain would begin if the first routing operator were the last `@`.
fn first_routing(address: &[u8]) -> usize {
    address.find_byteset(b"@!%").map_or(0, |at| at + 1)
}

/// A table that cannot be asked is logged, and the question is put off.
pub(crate) fn failing<T>(name: &str, found: Result<T, LookupError>) -> Step<T> {
    found.map_err(|_| {
        log::warning(format_args!("{name} lookup failure"));
        ResolveFlags::FAIL
    })
}
