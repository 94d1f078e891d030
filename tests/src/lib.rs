// SPDX-License-Identifier: MIT OR Apache-2.0
//! The test kit: boots a whole mail system in a private directory, talks to it as its peers do,
//! and reads what it left behind.
//!
//! *Invariants*: nothing outside the instance's directory is written; every process started here
//! is stopped when its value is dropped; nothing sleeps, everything waits for an event with a
//! deadline.

pub mod certificates;
pub mod dialogue;
pub mod dns;
pub mod fault;
pub mod instance;
pub mod logins;
pub mod message;
pub mod observe;
pub mod policy;
pub mod programs;
pub mod server;
pub mod sink;
pub mod watch;

pub use dialogue::Smtp;
pub use instance::{Instance, Setup};
pub use programs::Flavor;
