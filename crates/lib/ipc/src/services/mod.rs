// SPDX-License-Identifier: MIT OR Apache-2.0
//! One module per internal service, with both ends of its protocol.
//!
//! Each module has the name that the server announces, the requests and replies with `write` and
//! `read`, and functions for the client's side. Programs play their neighbours in tests with the
//! very same definitions.
//!
//! *Errors*: a server that cannot read a request closes the connection with a warning; a client
//! gets [`ClientError`](crate::client::ClientError).

pub mod bounce;
pub mod cleanup;
pub mod delivery;
pub mod flush;
pub mod master;
pub mod pass;
pub mod postdrop;
pub mod postlog;
pub mod proxymap;
pub mod resolve;
pub mod rewrite;
pub mod showq;
pub mod submitted;
pub mod verify;

mod dsn;
mod recipient;
mod stats;

pub use dsn::{read_dsn, write_dsn};
pub use recipient::Recipient;
pub use stats::MessageStats;

#[cfg(test)]
mod tests;
