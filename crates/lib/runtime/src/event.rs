// SPDX-License-Identifier: MIT OR Apache-2.0
//! The vocabulary of the log: one type per class of line, whose `Display` is exactly the line.
//!
//! People read these lines with pflogsumm, fail2ban, exporters and regular expressions of their
//! own, so each is an interface. A program fills the fields of a type and gives it to
//! [`crate::log`]; the words are written here and nowhere else.
//!
//! *Invariants:* no type adds the severity prefix; texts from outside may hold anything, since
//! the log cleans what it writes.
//!
//! One file per area: [`client`] and [`delays`] are shapes that several lines share.

pub mod bounce;
pub mod cleanup;
pub mod client;
pub mod delays;
pub mod delivery;
pub mod master;
pub mod pickup;
pub mod qmgr;
pub mod smtpd;

pub use client::Client;
pub use delays::Delays;
pub use delivery::Delivery;
