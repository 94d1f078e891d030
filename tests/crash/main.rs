// SPDX-License-Identifier: MIT OR Apache-2.0
//! A 250 is a promise: no acknowledged message is lost and nothing half-written is delivered,
//! whichever process dies, whichever call fails, and when.
//!
//! One undisturbed message shows which calls a program makes on its way. Then, for each of these
//! moments, strace kills the program there or makes the call fail, once; the system has to heal
//! itself, without a restart, and every message it took on must arrive.
//!
//! *Covered*: smtpd, cleanup, qmgr, local (mbox and maildir), smtp, trivial-rewrite, pickup,
//! postdrop, bounce, flush and showq, each at every call that changes the disk or speaks to another
//! process: SIGKILL everywhere; EIO and ENOSPC where the call touches a queue file or a mailbox and
//! can fail so; EIO where it reads one. qmgr, local and smtp are killed again while they repair.
//! All processes die at once, and master alone. *Not covered*: an mbox append in several pieces,
//! and disks that forget what was not synchronised: the cut of power stops all processes, the
//! kernel lives on.

mod chain;
mod faults;
mod power;
