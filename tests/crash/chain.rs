// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every program that a message passes through, every call that changes the disk, every fate.

use crate::faults::{CALLS, Entry, FATES, strike};

/// More calls of one kind than one delivery makes.
const LIMIT: u32 = 30;

#[track_caller]
fn every_fault(program: &str, entry: Entry) {
    let mut struck = 0;
    for calls in CALLS {
        for fate in FATES {
            struck += strike(program, calls, fate, entry, LIMIT);
        }
    }
    assert!(
        struck > 0,
        "no fault ever reached {program}: the test proves nothing"
    );
}

#[test]
fn cleanup_may_fail_at_any_moment() {
    every_fault("cleanup", Entry::Smtp);
}

#[test]
fn qmgr_may_fail_at_any_moment() {
    every_fault("qmgr", Entry::Smtp);
}

#[test]
fn local_may_fail_at_any_moment() {
    every_fault("local", Entry::Smtp);
}

#[test]
fn pickup_may_fail_at_any_moment() {
    every_fault("pickup", Entry::Sendmail);
}

#[test]
fn postdrop_may_fail_at_any_moment() {
    every_fault("postdrop", Entry::Sendmail);
}

#[test]
fn smtpd_may_fail_at_any_moment() {
    every_fault("smtpd", Entry::Smtp);
}
