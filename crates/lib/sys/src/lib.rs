// SPDX-License-Identifier: MIT OR Apache-2.0
//! The safe face of the operating system, and the only crate of the workspace with unsafe code.
//!
//! Everything here is a small function or type over one family of system calls. std is used
//! where it has the call, then `nix`; what remains is unsafe, one operation per block, each with
//! the reason why it is sound.
//!
//! *Invariants:* every descriptor made here is close-on-exec; [`spawn`] is the one way to hand
//! descriptors to another program. Descriptors are owned or borrowed types, never bare numbers,
//! except where a number is inherited ([`fd::inherited`]). No function starts a thread.
//!
//! *Errors:* `std::io::Error` throughout, so that callers can match on `kind()` or the code of
//! the system.
//!
//! *Postfix:* the operating system half of `src/util`.
//!
//! In reading order: [`fd`], [`socket`], [`pass_fd`], [`lock`], [`files`], [`users`],
//! [`identity`], [`sandbox`], [`spawn`], [`signal`], [`watchdog`], [`limits`], [`memory`],
//! [`clock`], [`terminal`], [`regex`], `pcre`, `lmdb`.

pub mod clock;
pub mod fd;
pub mod files;
pub mod identity;
pub mod limits;
#[cfg(feature = "lmdb")]
pub mod lmdb;
pub mod lock;
pub mod memory;
pub mod pass_fd;
#[cfg(feature = "pcre")]
pub mod pcre;
pub mod regex;
pub mod sandbox;
pub mod signal;
pub mod socket;
pub mod spawn;
pub mod terminal;
pub mod users;
pub mod watchdog;
