// SPDX-License-Identifier: MIT OR Apache-2.0
//! What delivery agents share: the request, the message, the outcome of each recipient, and
//! the ways into files and commands.
//!
//! In reading order: [`request`] (who asks what), [`content`] and [`copy`] (the message),
//! [`mailbox`] and [`command`] (where it goes), [`trouble`] (what may go wrong), [`status`]
//! and [`record`] (what became of a recipient), [`filter`], [`delays`], [`pass`] (let another agent do it),
//! [`duplicates`] and [`loops`] (what must not be done twice), [`uniform`] (agents that look at
//! nothing).
//!
//! *Invariants*: nothing is forgotten. A recipient is marked as done only when its outcome is
//! recorded, by [`status::Verdict::Done`]; everything else leaves it in the queue.
//!
//! *Postfix:* deliver_request(3), sent(3), bounce(3), defer(3), trace(3), mail_copy(3),
//! mbox_open(3), pipe_command(3), deliver_pass(3), been_here(3), delivered_hdr(3).

pub mod command;
pub mod content;
pub mod copy;
pub mod delays;
pub mod duplicates;
pub mod filter;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
pub mod loops;
pub mod mailbox;
mod params;
pub mod pass;
pub mod record;
pub mod request;
pub mod status;
#[cfg(test)]
mod tests;
pub mod trouble;
pub mod uniform;

pub use params::StatusParams;
pub use request::{Answer, Message, serve};
pub use status::{Attempt, Owner, Reporter, Verdict};
pub use trouble::Trouble;
