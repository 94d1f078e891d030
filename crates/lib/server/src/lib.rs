// SPDX-License-Identifier: MIT OR Apache-2.0
//! The life of a daemon, and the start of a command.
//!
//! Postfix's daemons share one life and differ in one loop. So: one runner ([`start`] and its
//! parts), five loops, and one trait for each. A program implements [`Program`] and the trait of
//! its loop, states its [`Privileges`], and calls `run_single_client::<Itself>()` from `main`.
//!
//! In reading order: [`program`] (what a program states and is given), [`options`] (the command
//! line that master makes), [`start`] (from `main` to the jail), [`jail`] (the token), [`master`]
//! (what is told to master), [`listen`] (waiting for clients), the loops [`single_client`],
//! [`multi_client`], [`event_loop`] with [`triggered`] and [`event_driven`], [`datagram`]; and for
//! programs that people run, [`command`] and [`authorized`].
//!
//! *Invariants*: code that handles a client needs a [`Jail`], and only the runner can make one,
//! after the root directory and the user were changed. The runner opens no lookup tables.
//!
//! *Errors*: everything that goes wrong before the loop is fatal and ends in one log line.
//!
//! *Postfix:* master/single_server(3), multi_server(3), event_server(3), trigger_server(3),
//! dgram_server(3), mail_flow(3), chroot_uid(3), mail_task(3).

pub mod authorized;
pub mod command;
pub mod datagram;
pub mod event_driven;
pub mod event_loop;
pub mod jail;
pub mod listen;
pub mod master;
pub mod multi_client;
pub mod options;
pub mod program;
pub mod single_client;
pub mod start;
mod stdio;
pub mod triggered;

pub use datagram::{Datagram, run_datagram};
pub use event_driven::{EventDriven, run_event_driven};
pub use event_loop::Loop;
pub use jail::Jail;
pub use multi_client::{Keep, MultiClient, run_multi_client};
pub use options::Transport;
pub use program::{Client, Privileges, Program, RunAs, Startup};
pub use single_client::{SingleClient, run_single_client};
pub use triggered::{Triggered, run_triggered};
