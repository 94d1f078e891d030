// SPDX-License-Identifier: MIT OR Apache-2.0
//! `main.cf`, `master.cf` and the parameter table.
//!
//! Every parameter is declared once, in [`params`]; a program selects what it reads with
//! [`select!`] and gets a struct with typed, validated fields. Reading order:
//! [`main_cf`] (file syntax), [`expand`] (the `$` language), [`value`] (what a text becomes),
//! [`table`] (declarations), [`params`] (the table), [`select!`], [`master_cf`], [`mod@locate`];
//! the manual: [`manual`], [`prose`].
//!
//! *Invariants*: a value that a program sees was expanded, parsed and range checked at start;
//! only declared parameters can be read. By-name access lives in [`inspect`] and is for
//! `postconf`, `postmulti` and `postfix` alone.
//!
//! *Errors*: [`ConfigError`], whose `Display` is the text that Postfix prints after `fatal: `.
//!
//! *Postfix:* `global/mail_conf*`, `global/mail_params`, `util/mac_expand`, `master/master_ent`.

pub mod common;
pub mod compat;
mod computed;
pub mod environment;
pub mod error;
pub mod expand;
pub mod identity;
pub mod inspect;
mod lines;
pub mod locate;
pub mod main_cf;
pub mod manual;
pub mod master_cf;
pub mod params;
pub mod prose;
pub mod select;
pub mod table;
pub mod template;
pub mod value;

pub use compat::{Legacy, Notice};
pub use computed::{Families, own_addresses, proxy_addresses};
pub use error::{ConfigError, reason};
pub use identity::{Identity, verify};
pub use lines::{LogicalLine, logical_lines, split_assignment};
pub use locate::locate;
pub use main_cf::{MainCf, read_bounded};
pub use table::{Parameter, Prefix, Spec};
pub use template::per_transport;
