// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SMTP commands, one file for each that is worth one.

mod auth;
mod bdat;
mod data;
mod etrn;
mod helo;
mod mail;
mod rcpt;
mod simple;
mod starttls;
mod vrfy;
mod xclient;
pub(crate) mod xforward;
