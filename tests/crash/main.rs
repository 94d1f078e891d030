// SPDX-License-Identifier: MIT OR Apache-2.0
//! A 250 is a promise: no acknowledged message is lost and nothing half-written is delivered,
//! whichever process dies, whichever call fails, and when.
//!
//! Each case runs one program of the chain under strace, which kills it or makes a system call
//! fail at its n-th use, for every n that the delivery of one message reaches; then the system is
//! started undisturbed and the invariants are checked.

mod chain;
mod faults;
mod power;
