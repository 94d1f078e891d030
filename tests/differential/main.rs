// SPDX-License-Identifier: MIT OR Apache-2.0
//! The same scenario against Debian's Postfix and against ours; what can be observed must be the
//! same, but for the differences listed with each scenario, which must themselves stay true.
//!
//! Needs root (the original insists) and the original unpacked by `scripts/reference`.

mod accepted;
mod cleanup;
mod client;
mod compare;
mod conversations;
mod databases;
mod delivery;
mod dns_lists;
mod encryption;
mod exchangers;
mod extensions;
mod headers;
mod levels;
mod lists;
mod local;
mod logins;
mod match_lists;
mod mime;
mod named_servers;
mod newaliases;
mod notices;
mod policy;
mod postconf;
mod postmap_options;
mod protocol;
mod random;
mod replies;
mod resolution;
mod restrictions;
mod servers;
mod sessions;
mod submission;
mod table_types;
mod tables;
mod waiting;
