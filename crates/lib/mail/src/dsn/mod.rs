// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery status: enhanced codes (RFC 3463), what to notify (RFC 3461), and its encodings.

mod notify;
mod orcpt;
mod report;
mod status;
mod xtext;

pub use notify::{Notify, Ret};
pub use orcpt::{OriginalRecipient, parse_envelope_id};
pub use report::{Action, Dsn};
pub use status::{Status, split_status_text};
pub use xtext::{xtext_decode, xtext_encode};
