// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every program needs while it runs: a log, an event loop, streams with time limits, a
//! watchdog, and small value types of text and network.
//!
//! *Invariants:* nothing here knows a parameter; time limits, paths and names are arguments.
//! State that is global to a process (the log) belongs to its one thread.
//!
//! *Postfix:* msg(3), msg_logger(3), events(3), vstream(3), stringops(3), host_port(3),
//! cidr_match(3), valid_hostname(3).
//!
//! In reading order: [`log`], [`event`] (the vocabulary of the log), [`events`] (the loop),
//! [`gather`], [`stream`], [`watchdog`], [`text`], [`net`], [`options`], [`exit`].

pub mod event;
pub mod events;
pub mod exit;
pub mod gather;
pub mod log;
pub mod net;
pub mod options;
#[cfg(feature = "fixture")]
pub mod stand_in;
pub mod stream;
pub mod text;
pub mod watchdog;
