// SPDX-License-Identifier: MIT OR Apache-2.0
//! From parameters to the parts of the courier: everything is read, checked and opened before
//! the jail.
//!
//! *Errors*: the text of the fatal line.

use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

use dns::{Families, Resolver, Settings as ResolverSettings};
use ipc::client::Endpoint;
use ipc::services::rewrite;
use maps::{Maps, Options, StringList};
use runtime::log;
use runtime::net::interfaces::Protocols;
use runtime::net::port;

use crate::connect::{Connector, System};
use crate::courier::{Courier, Settings};
use crate::demands::{Demands, is_mandatory};
use crate::destination::words;
use crate::generic::{Generic, Tables};
use crate::hosts;
use crate::order::Preference;
use crate::own::OwnAddresses;
use crate::params::Params;
use crate::pix::Workarounds;
use crate::protocol::greeting::quirks;
use crate::protocol::{Limits, Rules};
use crate::reuse::Idle;
use crate::session::ChatRules;

/// Makes the courier of this process.
pub(crate) fn courier(params: &Params, lmtp: bool) -> Result<Courier, String> {
    let protocols = Protocols::parse(&params.inet_protocols)?.supported();
    let own =
        OwnAddresses::of_system(&params.inet_interfaces, &params.proxy_interfaces, protocols)?;
    let resolver = Resolver::new(ResolverSettings::default());
    courier_with(params, lmtp, families(protocols)?, own, resolver)
}

/// As [`courier`], with what the system would say given by the caller.
pub(crate) fn courier_with(
    params: &Params,
    lmtp: bool,
    families: Families,
    own: OwnAddresses,
    resolver: Resolver,
) -> Result<Courier, String> {
    let prefix = if lmtp { "lmtp" } else { "smtp" };
    let title = |name: &str| format!("{prefix}_{name}");
    let options = Options::of(&params.status.tables);
    let open = |name: &str, text: &str| {
        Maps::open(&title(name), text, &options).map_err(|error| error.to_string())
    };
    let list = |name: &str, text: &str| {
        StringList::parse(&title(name), text, &options).map_err(|error| error.to_string())
    };
    let farewell = params.smtp_quit_timeout;
    Ok(Courier {
        rules: rules(params, lmtp)?,
        settings: settings(params, lmtp)?,
        lookup: lookup(params, families)?,
        resolver,
        connector: connector(params, lmtp, own, &open)?,
        idle: Idle::new(params.smtp_connection_cache_time_limit, farewell),
        generic: Generic::new(Some(Tables {
            maps: open("generic_maps", &params.smtp_generic_maps)?,
            rewrite: rewrite::Client::new(Endpoint::private(&params.rewrite_service_name)),
            delimiters: params.recipient_delimiter.clone(),
            propagate: words(&params.propagate_unmatched_extensions).any(|word| word == "generic"),
            mydestination: StringList::parse("mydestination", &params.mydestination, &options)
                .map_err(|error| error.to_string())?,
            myorigin: params.myorigin.clone(),
        })),
        demands: demands(params, lmtp, &open)?,
        keywords: open(
            "discard_ehlo_keyword_address_maps",
            &params.smtp_discard_ehlo_keyword_address_maps,
        )?,
        pix_maps: open("pix_workaround_maps", &params.smtp_pix_workaround_maps)?,
        always_kept: list(
            "connection_cache_destinations",
            &params.smtp_connection_cache_destinations,
        )?,
    })
}

fn families(protocols: Protocols) -> Result<Families, String> {
    match (protocols.ipv4, protocols.ipv6) {
        (true, true) => Ok(Families::Both),
        (true, false) => Ok(Families::V4),
        (false, true) => Ok(Families::V6),
        (false, false) => Err("all network protocols are disabled (inet_protocols)".to_owned()),
    }
}

fn rules(params: &Params, lmtp: bool) -> Result<Rules, String> {
    let probe_until_data = match params
        .smtp_address_verify_target
        .to_ascii_lowercase()
        .as_str()
    {
        "rcpt" => false,
        "data" => true,
        other => {
            return Err(format!(
                "bad protocol stage: \"smtp_address_verify_target = {other}\""
            ));
        }
    };
    let rate = u64::try_from(params.smtp_min_data_rate).unwrap_or(1);
    Ok(Rules {
        lmtp,
        helo_name: params.smtp_helo_name.clone(),
        myhostname: params.myhostname.clone(),
        always_ehlo: params.smtp_always_send_ehlo,
        never_ehlo: params.smtp_never_send_ehlo,
        skip_5xx_greeting: params.smtp_skip_5xx_greeting,
        skip_quit_response: params.smtp_skip_quit_response,
        quote_envelope: params.smtp_quote_rfc821_envelope,
        xforward: params.smtp_send_xforward_command,
        assume_final: params.lmtp_assume_final,
        probe_until_data,
        line_limit: usize::try_from(params.smtp_line_length_limit).unwrap_or(0),
        no_conversion: params.disable_mime_output_conversion,
        use_limit: u32::try_from(params.smtp_connection_reuse_count_limit).unwrap_or(0),
        use_time: params.smtp_connection_reuse_time_limit,
        minimum_rate: params.smtp_per_request_deadline.then_some(rate),
        pix_pause: params.smtp_pix_workaround_delay_time,
        limits: Limits {
            helo: params.smtp_helo_timeout,
            xforward: params.smtp_xforward_timeout,
            mail: params.smtp_mail_timeout,
            rcpt: params.smtp_rcpt_timeout,
            data_init: params.smtp_data_init_timeout,
            data_transfer: params.smtp_data_xfer_timeout,
            data_done: params.smtp_data_done_timeout,
            rset: params.smtp_rset_timeout,
            quit: params.smtp_quit_timeout,
        },
    })
}

fn settings(params: &Params, lmtp: bool) -> Result<Settings, String> {
    // Names of ports are in a file that a jail need not have; besides, looking once is enough.
    let default_port = port::number(&params.smtp_tcp_port)
        .ok_or_else(|| format!("unknown service: {}/tcp", params.smtp_tcp_port))?;
    let title = if lmtp {
        "lmtp_discard_lhlo_keywords"
    } else {
        "smtp_discard_ehlo_keywords"
    };
    let threshold = params.smtp_pix_workaround_threshold_time;
    Ok(Settings {
        relayhost: params.relayhost.clone(),
        fallback_relay: words(&params.smtp_fallback_relay)
            .map(str::to_owned)
            .collect(),
        best_mx_transport: params.best_mx_transport.clone(),
        default_port: default_port.to_string(),
        session_limit: usize::try_from(params.smtp_mx_session_limit).unwrap_or(0),
        keep_on_demand: params.smtp_connection_cache_on_demand,
        quirks: quirks(&params.smtp_discard_ehlo_keywords, title),
        quirks_title: title.to_owned(),
        pix: Workarounds::parse(&params.smtp_pix_workarounds, threshold),
        ipc_timeout: params.ipc_timeout,
        helpful_warnings: params.helpful_warnings,
    })
}

fn lookup(params: &Params, families: Families) -> Result<hosts::Rules, String> {
    let level = params.smtp_dns_support_level.to_ascii_lowercase();
    let dns = match level.as_str() {
        "" => !params.disable_dns_lookups,
        "disabled" => false,
        // Validation makes a difference only for DANE, which is TLS.
        "enabled" | "dnssec" => true,
        other => return Err(format!("invalid smtp_dns_support_level: \"{other}\"")),
    };
    let (mut by_dns, mut by_system) = (false, false);
    for word in words(&params.smtp_host_lookup) {
        match word.to_ascii_lowercase().as_str() {
            "dns" => by_dns = true,
            "native" => by_system = true,
            _ => return Err(format!("unknown smtp_host_lookup value \"{word}\"")),
        }
    }
    let prefer = Preference::parse(&params.smtp_address_preference).ok_or_else(|| {
        format!(
            "bad smtp_address_preference value: {}",
            params.smtp_address_preference
        )
    })?;
    Ok(hosts::Rules {
        dns,
        host_by_dns: by_dns,
        host_by_system: by_system,
        families,
        ignore_mx_errors: params.ignore_mx_lookup_error,
        defer_without_mx_address: params.smtp_defer_if_no_mx_address_found,
        randomize: params.smtp_randomize_addresses,
        prefer,
        balance: params.smtp_balance_inet_protocols,
        address_limit: usize::try_from(params.smtp_mx_address_limit).unwrap_or(0),
    })
}

fn connector(
    params: &Params,
    lmtp: bool,
    own: OwnAddresses,
    open: &dyn Fn(&str, &str) -> Result<Maps, String>,
) -> Result<Connector, String> {
    let filter = open("reply_filter", &params.smtp_reply_filter)?;
    let filter = (!filter.is_empty()).then(|| Rc::new(RefCell::new(filter)));
    let address = |name: &str, text: &str| -> Result<Option<IpAddr>, String> {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if bare.is_empty() {
            return Ok(None);
        }
        bare.parse()
            .map(Some)
            .map_err(|_| format!("bad {name} parameter: {text}"))
    };
    Ok(Connector {
        dial: Box::new(System),
        timeout: params.smtp_connect_timeout,
        bind_v4: address("smtp_bind_address", &params.smtp_bind_address)?,
        bind_v6: address("smtp_bind_address6", &params.smtp_bind_address6)?,
        bind_strictly: params.smtp_bind_address_enforce,
        own,
        chat: ChatRules {
            filter,
            line_limit: usize::try_from(params.line_length_limit).unwrap_or(2048),
            absolute: params.smtp_per_request_deadline,
            helpful: params.helpful_warnings,
            protocol: if lmtp { "LMTP" } else { "ESMTP" },
        },
    })
}

fn demands(
    params: &Params,
    lmtp: bool,
    open: &dyn Fn(&str, &str) -> Result<Maps, String>,
) -> Result<Demands, String> {
    let prefix = if lmtp { "lmtp" } else { "smtp" };
    let level = params.smtp_tls_security_level.as_str();
    let mandatory = match level {
        "" => params.smtp_enforce_tls,
        level => is_mandatory(level),
    };
    if params.smtp_sasl_auth_enable {
        log::warning(format_args!(
            "{prefix}_sasl_auth_enable = yes: this version cannot authenticate to servers; \
             mail for which {prefix}_sasl_password_maps has an entry is deferred"
        ));
    }
    let passwords = if params.smtp_sasl_auth_enable {
        Some(open("sasl_password_maps", &params.smtp_sasl_password_maps)?)
    } else {
        None
    };
    Ok(Demands {
        tls_everywhere: mandatory || params.smtp_tls_wrappermode,
        tls_policy: open("tls_policy_maps", &params.smtp_tls_policy_maps)?,
        passwords,
        mydomain: params.mydomain.clone(),
    })
}
