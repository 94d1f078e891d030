// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every session needs: parameters, restriction lists, tables and other services. Opened
//! once, before the jail.
//!
//! *Errors*: a parameter that makes no sense is fatal.
//!
//! *Postfix:* pre_jail_init of smtpd(8), smtpd_check_init of smtpd_check(3).

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use config::MainCf;
use dns::Resolver;
use ipc::client::{Endpoint, Reusable};
use ipc::flags::{CleanupFlags, MailSource};
use ipc::services::resolve::{Resolved, Verification};
use ipc::services::rewrite::{self, Rule};
use mail::address::{quote_822_local, unquote_822_local};
use mail::line::BareNewline;
use mail::text::parse_literal;
use maps::{AddressList, LookupError, Maps, Options, ParentMatch, StringList};
use runtime::log;
use runtime::net::interfaces::{Protocols, addresses_of, own_addresses};

use crate::chat::Rules;
use crate::dns_lists::DnsLists;
use crate::encryption::Encryption;
use crate::expand::unescaped;
use crate::keywords::Hidden;
use crate::login::Logins;
use crate::notices::Notices;
use crate::params::Params;
use crate::policy::{Policies, Settings};
use crate::restrictions::relay::check_safety;
use crate::restrictions::{List, Lists, Parser, Tables, words};

/// receive_override_options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overrides {
    pub(crate) no_unknown_recipient_checks: bool,
    pub(crate) no_address_mappings: bool,
    pub(crate) no_header_body_checks: bool,
    pub(crate) no_milters: bool,
}

/// Tables of addresses that exist.
pub(crate) struct KnownAddresses {
    pub(crate) local_recipient: Maps,
    pub(crate) virtual_mailbox: Maps,
    pub(crate) relay_recipient: Maps,
    pub(crate) virtual_alias: Maps,
    pub(crate) canonical: Maps,
    pub(crate) sender_canonical: Maps,
    pub(crate) recipient_canonical: Maps,
    pub(crate) sender_login: Maps,
    pub(crate) delimiters: Vec<u8>,
    pub(crate) double_bounce: Vec<u8>,
    mydestination: StringList,
    myorigin: Vec<u8>,
    own_addresses: Vec<IpAddr>,
}

/// Everything that lasts longer than a session.
pub(crate) struct Site {
    pub(crate) params: Params,
    pub(crate) lists: Lists,
    classes: HashMap<String, List>,
    class_names: Vec<String>,
    pub(crate) tables: Tables,
    pub(crate) policies: Policies,
    pub(crate) dns_lists: DnsLists,
    pub(crate) rbl_reply_maps: Maps,
    /// The characters of smtpd_expansion_filter.
    pub(crate) expansion_filter: Vec<u8>,
    /// How access tables match subdomains.
    pub(crate) access_parents: ParentMatch,
    pub(crate) mynetworks: AddressList,
    pub(crate) notices: Notices,
    pub(crate) xclient_hosts: AddressList,
    pub(crate) xforward_hosts: AddressList,
    pub(crate) verp_clients: AddressList,
    pub(crate) bare_newline_exclusions: AddressList,
    pub(crate) noop_commands: StringList,
    /// smtpd_log_access_permit_actions.
    pub(crate) logged_permissions: StringList,
    pub(crate) forbidden_commands: StringList,
    /// Whether a command that does not begin with a letter is forbidden: the default's pattern.
    pub(crate) forbid_non_letters: bool,
    pub(crate) command_filter: Maps,
    pub(crate) hidden_keyword_maps: Maps,
    pub(crate) hidden_keywords: Hidden,
    pub(crate) known: KnownAddresses,
    pub(crate) own_addresses: Vec<IpAddr>,
    /// inet_protocols.
    pub(crate) protocols: Protocols,
    pub(crate) overrides: Overrides,
    pub(crate) bare_newlines: BareNewline,
    pub(crate) resolver: Option<Resolver>,
    pub(crate) tls: Encryption,
    /// Fingerprints of clients that may relay.
    pub(crate) relay_clientcerts: Maps,
    /// How clients log in, if they can.
    pub(crate) logins: Option<Logins>,
    rewrite: Option<rewrite::Client>,
    autodetect_utf8: bool,
    /// When the queue's file system had room for messages.
    had_space: Option<Instant>,
    /// A person runs the program on standard input (`sendmail -bs`).
    pub(crate) stand_alone: bool,
}

/// Today's default of smtpd_relay_restrictions without its refusal: where an older default is in
/// force, whom it would refuse is only told of.
const WHO_MAY_RELAY: &str = "permit_mynetworks, permit_sasl_authenticated, permit_auth_destination";

/// The pattern in the default of smtpd_forbidden_commands: known without a regular expression.
const NON_LETTERS: &str = "regexp:{{/^[^A-Z]/ Bogus}}";

impl Site {
    /// Reads and opens everything.
    pub(crate) fn open(main_cf: &MainCf, stand_alone: bool) -> Result<Site, String> {
        let params = Params::load(main_cf).map_err(|error| error.to_string())?;
        let options = Options::of(&params.tables);
        let mut tables = Tables::default();
        let mut policies = Policies::new(policy_settings(&params));
        let class_names = words(&params.smtpd_restriction_classes);
        let mut parser = Parser::new(&class_names, &options, &mut tables, &mut policies);
        let notices = Notices::of(main_cf).map_err(|error| error.to_string())?;
        let (classes, lists) = restrictions(main_cf, &params, &notices, &mut parser)?;
        let protocols = Protocols::parse(&params.inet_protocols)?.supported();
        let own_addresses = addresses(&params, protocols)?;
        let parents =
            |title: &str| ParentMatch::of(title, &params.parent_domain_matches_subdomains);
        let address_list = |title: &str, text: &str| {
            let list = AddressList::parse(title, text, parents(title), &options);
            list.map_err(|error| error.to_string())
        };
        let string_list = |title: &str, text: &str| {
            StringList::parse(title, text, &options).map_err(|error| error.to_string())
        };
        let open = |title: &str, text: &str| {
            Maps::open(title, text, &options).map_err(|error| error.to_string())
        };
        let (forbidden, forbid_non_letters) = forbidden_commands(&params.smtpd_forbidden_commands);
        let logged = &params.smtpd_log_access_permit_actions;
        let verp_clients = &params.smtpd_authorized_verp_clients;
        let exclusions = &params.smtpd_forbid_bare_newline_exclusions;
        Ok(Site {
            access_parents: parents("smtpd_access_maps"),
            mynetworks: address_list("mynetworks", &params.mynetworks)?,
            notices,
            xclient_hosts: address_list(
                "smtpd_authorized_xclient_hosts",
                &params.smtpd_authorized_xclient_hosts,
            )?,
            xforward_hosts: address_list(
                "smtpd_authorized_xforward_hosts",
                &params.smtpd_authorized_xforward_hosts,
            )?,
            verp_clients: address_list("smtpd_authorized_verp_clients", verp_clients)?,
            bare_newline_exclusions: address_list(
                "smtpd_forbid_bare_newline_exclusions",
                exclusions,
            )?,
            logged_permissions: string_list("smtpd_log_access_permit_actions", logged)?,
            noop_commands: string_list("smtpd_noop_commands", &params.smtpd_noop_commands)?,
            forbidden_commands: string_list("smtpd_forbidden_commands", &forbidden)?,
            forbid_non_letters,
            command_filter: open("smtpd_command_filter", &params.smtpd_command_filter)?,
            hidden_keyword_maps: open(
                "smtpd_discard_ehlo_keyword_address_maps",
                &params.smtpd_discard_ehlo_keyword_address_maps,
            )?,
            hidden_keywords: Hidden::parse(&params.smtpd_discard_ehlo_keywords),
            known: KnownAddresses::open(&params, &own_addresses, &options)?,
            overrides: Overrides::parse(&params.receive_override_options)?,
            bare_newlines: bare_newlines(&params.smtpd_forbid_bare_newline)?,
            autodetect_utf8: autodetects(&params.smtputf8_autodetect_classes),
            logins: Logins::open(&params, main_cf.dir(), stand_alone, &options)?,
            own_addresses,
            protocols,
            class_names,
            classes,
            lists,
            relay_clientcerts: open("relay_clientcerts", &params.relay_clientcerts)?,
            tls: {
                let names = open("tls_server_sni_maps", &params.tls.tls_server_sni_maps)?;
                Encryption::open(&params.tls, stand_alone, names)?
            },
            tables,
            policies,
            dns_lists: DnsLists::default(),
            rbl_reply_maps: open("rbl_reply_maps", &params.rbl_reply_maps)?,
            expansion_filter: unescaped(&params.smtpd_expansion_filter),
            params,
            resolver: Some(Resolver::new(dns::Settings::default())),
            rewrite: None,
            had_space: None,
            stand_alone,
        })
    }

    /// Says where trivial-rewrite is; known only in the jail.
    pub(crate) fn set_rewrite(&mut self, endpoint: Endpoint) {
        let Params {
            ipc_timeout,
            ipc_idle,
            ipc_ttl,
            ..
        } = self.params;
        let connection =
            Reusable::new(endpoint, rewrite::PROTOCOL).with_limits(ipc_timeout, ipc_idle, ipc_ttl);
        self.rewrite = Some(rewrite::Client::over(connection));
    }

    /// Before waiting for a client: an old connection is not kept from its server.
    pub(crate) fn close_old_connections(&mut self) {
        if let Some(rewrite) = &mut self.rewrite {
            rewrite.close_if_old();
        }
        self.policies.close_old();
    }

    /// The restriction class with this name.
    pub(crate) fn class(&self, name: &str) -> Option<List> {
        self.classes.get(name).cloned()
    }

    /// The names of all restriction classes.
    pub(crate) fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// The name of a table whose file changed since it was opened.
    pub(crate) fn changed_table(&self) -> Option<String> {
        let known = &self.known;
        let maps = [
            &known.local_recipient,
            &known.virtual_mailbox,
            &known.relay_recipient,
            &known.virtual_alias,
            &known.canonical,
            &known.sender_canonical,
            &known.recipient_canonical,
            &known.sender_login,
            &self.command_filter,
            &self.rbl_reply_maps,
            &self.hidden_keyword_maps,
            &self.relay_clientcerts,
        ];
        let lists = [
            &self.mynetworks,
            &self.xclient_hosts,
            &self.xforward_hosts,
            &self.verp_clients,
            &self.bare_newline_exclusions,
        ];
        let changed = self.tables.changed();
        let changed = changed.or_else(|| maps.into_iter().find_map(Maps::changed));
        let changed = changed.or_else(|| lists.into_iter().find_map(AddressList::changed));
        changed
            .or_else(|| known.mydestination.changed())
            .or_else(|| self.logins.as_ref().and_then(Logins::changed))
            .map(str::to_owned)
            .or_else(|| self.tls.changed())
    }

    /// Where an address (internal form) goes; none when that cannot be found out now.
    pub(crate) fn resolve(&mut self, sender: &[u8], address: &[u8]) -> Option<Resolved> {
        let rewrite = self.rewrite.as_mut()?;
        let complete = rewrite.rewrite(&Rule::Local, &quote_822_local(address));
        let resolved = complete.and_then(|complete| {
            rewrite.resolve(Verification::No, sender, &unquote_822_local(&complete))
        });
        match resolved {
            Ok(resolved) => Some(resolved),
            Err(error) => {
                log::warning(error);
                None
            }
        }
    }

    /// Whether the queue's file system has room for messages: queue_minfree, and one and a half
    /// times message_size_limit. Asked at most once a second while it has.
    pub(crate) fn has_space(&mut self) -> bool {
        if self
            .had_space
            .is_some_and(|when| when.elapsed() < Duration::from_secs(1))
        {
            return true;
        }
        self.had_space = None;
        let Ok((block_size, free_blocks)) = sys::files::free_space(Path::new(".")) else {
            return true;
        };
        let block_size = block_size.max(1);
        let (least, limit) = (self.params.queue_minfree, self.params.message_size_limit);
        let wanted = (least / block_size).max(limit / block_size / 2 * 3);
        if wanted < free_blocks {
            self.had_space = Some(Instant::now());
            return true;
        }
        let free = free_blocks.saturating_mul(block_size);
        log::warning(format_args!(
            "not enough free space in mail queue: {free} bytes < 1.5*message size limit"
        ));
        false
    }

    /// The settings of a conversation.
    pub(crate) fn rules(&self) -> Rules {
        let params = &self.params;
        Rules {
            timeout: params.smtpd_timeout,
            deadline_per_request: params.smtpd_per_request_deadline,
            least_rate: u64::try_from(params.smtpd_min_data_rate).unwrap_or(1),
            line_length_limit: usize::try_from(params.line_length_limit).unwrap_or(2048),
            soft_bounce: params.soft_bounce,
            error_pause: params.smtpd_error_sleep_time,
            soft_error_limit: u64::try_from(params.smtpd_soft_error_limit).unwrap_or(10),
        }
    }

    /// What cleanup does with a message.
    pub(crate) fn cleanup_flags(&self, smtputf8: bool) -> CleanupFlags {
        let mut flags = CleanupFlags::EXTERNAL | CleanupFlags::SMTP_REPLY;
        let remove = [
            (
                self.overrides.no_address_mappings,
                CleanupFlags::MAP_OK | CleanupFlags::BCC_OK,
            ),
            (self.overrides.no_header_body_checks, CleanupFlags::FILTER),
            (self.overrides.no_milters, CleanupFlags::MILTER),
        ];
        for (_, removed) in remove.into_iter().filter(|(wanted, _)| *wanted) {
            flags -= removed;
        }
        if smtputf8 {
            flags |= CleanupFlags::SMTPUTF8;
        } else if self.autodetect_utf8 && self.params.smtputf8_enable {
            flags |= CleanupFlags::AUTOUTF8;
        }
        flags
    }
}

impl KnownAddresses {
    fn open(params: &Params, own: &[IpAddr], options: &Options) -> Result<KnownAddresses, String> {
        let open = |title: &str, text: &str| {
            Maps::open(title, text, options).map_err(|error| error.to_string())
        };
        let mydestination = StringList::parse("mydestination", &params.mydestination, options);
        Ok(KnownAddresses {
            local_recipient: open("local_recipient_maps", &params.local_recipient_maps)?,
            virtual_mailbox: open("virtual_mailbox_maps", &params.virtual_mailbox_maps)?,
            relay_recipient: open("relay_recipient_maps", &params.relay_recipient_maps)?,
            virtual_alias: open("virtual_alias_maps", &params.virtual_alias_maps)?,
            canonical: open("canonical_maps", &params.canonical_maps)?,
            sender_canonical: open("sender_canonical_maps", &params.sender_canonical_maps)?,
            recipient_canonical: open(
                "recipient_canonical_maps",
                &params.recipient_canonical_maps,
            )?,
            sender_login: open("smtpd_sender_login_maps", &params.smtpd_sender_login_maps)?,
            delimiters: params.recipient_delimiter.clone().into_bytes(),
            double_bounce: params.double_bounce_sender.clone().into_bytes(),
            mydestination: mydestination.map_err(|error| error.to_string())?,
            myorigin: params.myorigin.clone().into_bytes(),
            own_addresses: own.to_vec(),
        })
    }

    /// Whether bare local parts are keys for this domain too.
    pub(crate) fn is_local_domain(&mut self, domain: &[u8]) -> Result<bool, LookupError> {
        if let Some(literal) = parse_literal(domain) {
            return Ok(self.own_addresses.contains(&literal));
        }
        Ok(domain.eq_ignore_ascii_case(&self.myorigin) || self.mydestination.matches(domain)?)
    }
}

impl Overrides {
    fn parse(text: &str) -> Result<Overrides, String> {
        let mut overrides = Overrides::default();
        for word in words(text) {
            match word.to_ascii_lowercase().as_str() {
                "no_unknown_recipient_checks" => overrides.no_unknown_recipient_checks = true,
                "no_address_mappings" => overrides.no_address_mappings = true,
                "no_header_body_checks" => overrides.no_header_body_checks = true,
                "no_milters" => overrides.no_milters = true,
                _ => {
                    return Err(format!(
                        "unknown receive_override_options value \"{word}\" in \"{text}\""
                    ));
                }
            }
        }
        Ok(overrides)
    }
}

/// All lists and classes, which must not make an open relay.
fn restrictions(
    main_cf: &MainCf,
    params: &Params,
    notices: &Notices,
    parser: &mut Parser<'_>,
) -> Result<(HashMap<String, List>, Lists), String> {
    let classes = classes(main_cf, parser)?;
    let relay = if notices.relay_restrictions.in_force() {
        WHO_MAY_RELAY
    } else {
        &params.smtpd_relay_restrictions
    };
    let lists = lists(params, relay, parser)?;
    check_safety([&lists.recipient, &lists.relay], &|name: &str| {
        classes.get(name).map(|list| &**list)
    })?;
    Ok((classes, lists))
}

fn classes(main_cf: &MainCf, parser: &mut Parser<'_>) -> Result<HashMap<String, List>, String> {
    let mut classes = HashMap::new();
    for name in parser.classes {
        let text = main_cf
            .user_defined(name)
            .map_err(|error| error.to_string())?;
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return Err(format!("restriction class `{name}' needs a definition"));
        };
        classes.insert(name.clone(), parser.list(&text)?);
    }
    Ok(classes)
}

fn lists(params: &Params, relay: &str, parser: &mut Parser<'_>) -> Result<Lists, String> {
    Ok(Lists {
        client: parser.list(&params.smtpd_client_restrictions)?,
        helo: parser.list(&params.smtpd_helo_restrictions)?,
        sender: parser.list(&params.smtpd_sender_restrictions)?,
        relay: parser.list(relay)?,
        recipient: parser.list(&params.smtpd_recipient_restrictions)?,
        etrn: parser.list(&params.smtpd_etrn_restrictions)?,
        data: parser.list(&params.smtpd_data_restrictions)?,
        end_of_data: parser.list(&params.smtpd_end_of_data_restrictions)?,
        local_rewrite: parser.list(&params.local_header_rewrite_clients)?,
    })
}

fn policy_settings(params: &Params) -> Settings {
    let limit = |number: i32| u32::try_from(number).unwrap_or(0);
    Settings {
        timeout: params.smtpd_policy_service_timeout,
        max_idle: params.smtpd_policy_service_max_idle,
        max_ttl: params.smtpd_policy_service_max_ttl,
        request_limit: limit(params.smtpd_policy_service_request_limit),
        try_limit: limit(params.smtpd_policy_service_try_limit),
        retry_delay: params.smtpd_policy_service_retry_delay,
        default_action: params.smtpd_policy_service_default_action.clone(),
        policy_context: params.smtpd_policy_service_policy_context.clone(),
    }
}

fn addresses(params: &Params, protocols: Protocols) -> Result<Vec<IpAddr>, String> {
    let own = own_addresses(&params.inet_interfaces, protocols)?;
    let mut addresses: Vec<IpAddr> = own.into_iter().map(|(address, _)| address).collect();
    for host in words(&params.proxy_interfaces) {
        match addresses_of(&host) {
            Ok(found) => addresses.extend(found),
            Err(error) => return Err(format!("parameter proxy_interfaces: {host}: {error}")),
        }
    }
    Ok(addresses)
}

fn forbidden_commands(text: &str) -> (String, bool) {
    let mut words = words(text);
    let before = words.len();
    words.retain(|word| word != NON_LETTERS);
    (words.join(" "), words.len() < before)
}

fn bare_newlines(text: &str) -> Result<BareNewline, String> {
    match text.to_ascii_lowercase().as_str() {
        "no" => Ok(BareNewline::Accept),
        "yes" | "normalize" => Ok(BareNewline::Normalize),
        "note" => Ok(BareNewline::Note),
        "reject" => Ok(BareNewline::Reject),
        _ => Err(format!(
            "bad parameter value: smtpd_forbid_bare_newline = \"{text}\""
        )),
    }
}

fn autodetects(classes: &str) -> bool {
    let class = |word: &String| MailSource::from_class(word);
    words(classes)
        .iter()
        .filter_map(class)
        .any(|set| set.contains(MailSource::SMTPD))
}
