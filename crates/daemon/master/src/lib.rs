// SPDX-License-Identifier: MIT OR Apache-2.0
//! master(8): the first process of the mail system, which starts all others.
//!
#![doc = include_str!("../master.8.md")]
//!
//! # Inside
//!
//! *Privileges:* root or `mail_owner`. As root it keeps root, to bind low ports and to start
//! programs that need it; every child without that need gives root up by itself. It opens no
//! lookup table, asks no DNS server beyond the names in `inet_interfaces` and in the first
//! column of master.cf, and reads nothing from clients: listening sockets are only watched,
//! and the status socket carries records of 12 bytes.
//!
//! *Invariants:* a service has a listening socket from start to stop; what changes is whether
//! master watches it. Master watches a service exactly while no idle child does, and it may
//! start one (`availability`).
//!
//! *Postfix:* src/master/master*.c.
//!
//! In reading order: `options`, `startup`, `run` (the loop), `serve`, `service`, `endpoint`,
//! `listen`, `availability`, `children`, `spawn`, `status`, `wakeup`, `reload`.

mod availability;
mod children;
mod endpoint;
mod listen;
mod options;
mod params;
mod reload;
mod run;
mod serve;
mod service;
mod spawn;
mod startup;
mod status;
mod wakeup;

/// The program.
pub fn main() -> ! {
    startup::main()
}
