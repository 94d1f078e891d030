// SPDX-License-Identifier: MIT OR Apache-2.0
//! Access restrictions: who may send what to whom.
//!
//! A list of main.cf is [`parse`]d once into [`Restriction`]s; an [`Evaluator`] walks the lists
//! for one command of one session. Names and spellings are in [`names`], what each does is in
//! [`host`], [`address`], [`relay`] and [`access`], the order of lists in [`stages`].
//!
//! *Invariants*: what cannot be decided is a temporary refusal, never a permission; a list that
//! names something unknown refuses with 451. The relay lists refuse strangers by default, or
//! the program does not start ([`relay::check_safety`]).
//!
//! *Postfix:* smtpd_check(3), smtpd_access(3).

pub(crate) mod access;
mod actions;
mod address;
mod certificate;
mod dns_lists;
mod evaluate;
mod host;
mod login;
mod names;
mod parse;
mod permission;
mod policy;
pub(crate) mod relay;
mod servers;
mod stages;
mod subject;

pub(crate) use dns_lists::ListCheck;
pub(crate) use evaluate::{Carried, Evaluator, Facts, Refusal};
pub(crate) use names::{AccessKind, Simple};
pub(crate) use parse::{Parser, TableId, Tables, words};
pub(crate) use servers::ServerCheck;

use std::rc::Rc;

use crate::dns_lists::DnsList;
use crate::policy::PolicyId;

/// One item of a restriction list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Restriction {
    /// A word without argument.
    Simple(Simple),
    /// `check_..._access type:name`.
    Access(AccessKind, TableId),
    /// `type:name` alone: the access check of the list it is in.
    Table(TableId),
    /// `check_client_mx_access type:name` and its kin.
    Servers(ServerCheck, TableId),
    /// `reject_rbl_client domain` and its kin.
    List(ListCheck, DnsList),
    /// `check_policy_service transport:endpoint`.
    Policy(PolicyId),
    /// `sleep seconds`.
    Sleep(u64),
    /// The name of a restriction class.
    Class(String),
    /// Anything else; the text is the warning.
    Wrong(String),
}

impl Restriction {
    /// What a warning calls it.
    fn label(&self) -> &str {
        match self {
            Restriction::Simple(simple) => simple.name(),
            Restriction::Access(kind, _) => kind.name(),
            Restriction::Table(_) => "type:table",
            Restriction::Servers(check, _) => check.name(),
            Restriction::List(check, _) => check.name(),
            Restriction::Policy(_) => "check_policy_service",
            Restriction::Sleep(_) => "sleep",
            Restriction::Class(name) => name,
            Restriction::Wrong(_) => "unknown",
        }
    }
}

/// A parsed list.
pub(crate) type List = Rc<[Restriction]>;

/// All lists of main.cf.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    pub(crate) client: List,
    pub(crate) helo: List,
    pub(crate) sender: List,
    pub(crate) relay: List,
    pub(crate) recipient: List,
    pub(crate) etrn: List,
    pub(crate) data: List,
    pub(crate) end_of_data: List,
    /// local_header_rewrite_clients.
    pub(crate) local_rewrite: List,
}
