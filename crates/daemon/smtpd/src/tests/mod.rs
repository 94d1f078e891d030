// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole conversations over a socket pair, with fakes for cleanup and trivial-rewrite. The
//! expected replies were measured with Postfix 3.7, and follow 3.12 where that differs.

mod access;
mod commands;
mod content;
mod dns_lists;
mod encryption;
mod harness;
mod hostile;
mod login;
mod names;
mod policy;
mod records;
