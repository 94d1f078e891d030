// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words of restriction lists, old spellings included.
//!
//! *Postfix:* mail_params.h, and the dispatch of smtpd_check(3).

/// A restriction without argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simple {
    Permit,
    Reject,
    Defer,
    WarnIfReject,
    DeferIfPermit,
    DeferIfReject,
    RejectUnauthPipelining,
    RejectPlaintextSession,
    RejectUnknownClientHostname,
    RejectUnknownReverseClientHostname,
    PermitInetInterfaces,
    PermitMynetworks,
    RejectInvalidHeloHostname,
    RejectUnknownHeloHostname,
    RejectNonFqdnHeloHostname,
    RejectUnknownSenderDomain,
    RejectUnlistedSender,
    RejectNonFqdnSender,
    PermitAuthDestination,
    RejectUnauthDestination,
    DeferUnauthDestination,
    RejectUnknownRecipientDomain,
    RejectNonFqdnRecipient,
    RejectUnlistedRecipient,
    RejectMultiRecipientBounce,
    PermitSaslAuthenticated,
    RejectSenderLoginMismatch,
    RejectAuthenticatedSenderLoginMismatch,
    RejectKnownSenderLoginMismatch,
    RejectUnauthenticatedSenderLoginMismatch,
    PermitTlsClientcerts,
    PermitTlsAllClientcerts,
}

const SIMPLE: [(&str, Simple); 38] = [
    ("permit", Simple::Permit),
    ("reject", Simple::Reject),
    ("defer", Simple::Defer),
    ("warn_if_reject", Simple::WarnIfReject),
    ("defer_if_permit", Simple::DeferIfPermit),
    ("defer_if_reject", Simple::DeferIfReject),
    ("reject_unauth_pipelining", Simple::RejectUnauthPipelining),
    ("reject_plaintext_session", Simple::RejectPlaintextSession),
    (
        "reject_unknown_client_hostname",
        Simple::RejectUnknownClientHostname,
    ),
    ("reject_unknown_client", Simple::RejectUnknownClientHostname),
    (
        "reject_unknown_reverse_client_hostname",
        Simple::RejectUnknownReverseClientHostname,
    ),
    ("permit_inet_interfaces", Simple::PermitInetInterfaces),
    ("permit_mynetworks", Simple::PermitMynetworks),
    (
        "reject_invalid_helo_hostname",
        Simple::RejectInvalidHeloHostname,
    ),
    ("reject_invalid_hostname", Simple::RejectInvalidHeloHostname),
    (
        "reject_unknown_helo_hostname",
        Simple::RejectUnknownHeloHostname,
    ),
    ("reject_unknown_hostname", Simple::RejectUnknownHeloHostname),
    (
        "reject_non_fqdn_helo_hostname",
        Simple::RejectNonFqdnHeloHostname,
    ),
    (
        "reject_non_fqdn_hostname",
        Simple::RejectNonFqdnHeloHostname,
    ),
    (
        "reject_unknown_sender_domain",
        Simple::RejectUnknownSenderDomain,
    ),
    ("reject_unknown_address", Simple::RejectUnknownSenderDomain),
    ("reject_unlisted_sender", Simple::RejectUnlistedSender),
    ("reject_non_fqdn_sender", Simple::RejectNonFqdnSender),
    ("permit_auth_destination", Simple::PermitAuthDestination),
    ("reject_unauth_destination", Simple::RejectUnauthDestination),
    ("defer_unauth_destination", Simple::DeferUnauthDestination),
    ("permit_sasl_authenticated", Simple::PermitSaslAuthenticated),
    ("permit_tls_clientcerts", Simple::PermitTlsClientcerts),
    (
        "permit_tls_all_clientcerts",
        Simple::PermitTlsAllClientcerts,
    ),
    (
        "reject_unknown_recipient_domain",
        Simple::RejectUnknownRecipientDomain,
    ),
    ("reject_non_fqdn_recipient", Simple::RejectNonFqdnRecipient),
    ("reject_unlisted_recipient", Simple::RejectUnlistedRecipient),
    ("check_recipient_maps", Simple::RejectUnlistedRecipient),
    (
        "reject_multi_recipient_bounce",
        Simple::RejectMultiRecipientBounce,
    ),
    (
        "reject_sender_login_mismatch",
        Simple::RejectSenderLoginMismatch,
    ),
    (
        "reject_authenticated_sender_login_mismatch",
        Simple::RejectAuthenticatedSenderLoginMismatch,
    ),
    (
        "reject_known_sender_login_mismatch",
        Simple::RejectKnownSenderLoginMismatch,
    ),
    (
        "reject_unauthenticated_sender_login_mismatch",
        Simple::RejectUnauthenticatedSenderLoginMismatch,
    ),
];

impl Simple {
    /// The restriction with this name, without regard to case.
    pub(crate) fn find(word: &str) -> Option<Simple> {
        SIMPLE
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, simple)| *simple)
    }

    /// The present name.
    pub(crate) fn name(self) -> &'static str {
        SIMPLE
            .iter()
            .find(|(_, simple)| *simple == self)
            .map_or("", |(name, _)| name)
    }
}

/// What an access table is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessKind {
    Client,
    ReverseClient,
    Helo,
    Sender,
    Recipient,
    Etrn,
    /// Whether the client's address is in the table, whatever the table says.
    Address,
    /// The fingerprints of the client's certificate and of its key.
    ClientCertificate,
    /// The name of the user who logged in.
    Sasl,
}

const ACCESS: [(&str, AccessKind); 9] = [
    ("check_client_access", AccessKind::Client),
    (
        "check_reverse_client_hostname_access",
        AccessKind::ReverseClient,
    ),
    ("check_helo_access", AccessKind::Helo),
    ("check_sender_access", AccessKind::Sender),
    ("check_recipient_access", AccessKind::Recipient),
    ("check_etrn_access", AccessKind::Etrn),
    ("check_address_map", AccessKind::Address),
    ("check_ccert_access", AccessKind::ClientCertificate),
    ("check_sasl_access", AccessKind::Sasl),
];

impl AccessKind {
    /// The kind of check with this name, without regard to case.
    pub(crate) fn find(word: &str) -> Option<AccessKind> {
        ACCESS
            .iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, kind)| *kind)
    }

    /// The name.
    pub(crate) fn name(self) -> &'static str {
        ACCESS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

/// Restrictions that this version does not have yet and that can be passed over: without them a
/// little less is accepted.
const PASSED_OVER: [&str; 1] = ["permit_mx_backup"];

/// Restrictions that this version does not have yet, and without which nothing can be decided.
const NEEDED: [&str; 2] = ["reject_unverified_sender", "reject_unverified_recipient"];

/// What to do about a restriction that this version does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Go on without it.
    PassedOver,
    /// Refuse with 451.
    Needed,
}

impl Missing {
    /// Whether this version lacks the restriction.
    pub(crate) fn find(word: &str) -> Option<Missing> {
        let is_listed = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        if is_listed(&PASSED_OVER) {
            Some(Missing::PassedOver)
        } else {
            is_listed(&NEEDED).then_some(Missing::Needed)
        }
    }
}

/// Restrictions that were removed, with what replaces them.
const REMOVED: [(&str, &str); 3] = [
    ("check_relay_domains", "reject_unauth_destination"),
    ("reject_maps_rbl", "reject_rbl_client domain-name"),
    (
        "permit_naked_ip_address",
        "permit_mynetworks or permit_sasl_authenticated",
    ),
];

/// What replaces a removed restriction.
pub(crate) fn replacement(word: &str) -> Option<(&'static str, &'static str)> {
    REMOVED
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .copied()
}
