// SPDX-License-Identifier: MIT OR Apache-2.0
//! Name service: mail exchangers, addresses, and who a client says it is.
//!
//! One [`Resolver`] per process, blocking for the caller. Inside, hickory's resolver runs on
//! a current-thread executor that exists only once the first question is asked; no thread is
//! started. Answers are values ([`Mx`], addresses, names) and failures are told apart by what
//! the caller must do ([`FailureKind`]).
//!
//! *Invariants*: at most [`RECORD_LIMIT`] records come out of one question. Names that a
//! server gives back have passed [`name::is_acceptable`], so they are printable ASCII.
//!
//! *Postfix:* `src/dns` and the peer lookups of smtpd.

mod client;
mod failure;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
mod hosts;
pub mod name;
mod resolver;
mod settings;
#[cfg(test)]
mod tests;

pub use client::{ClientName, Forward, Unnamed};
pub use failure::{Failure, FailureKind};
pub use resolver::{Families, Mx, RECORD_LIMIT, Resolver};
pub use settings::Settings;
