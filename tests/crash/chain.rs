// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every program that a message passes through, every call that changes the disk, every fate.

use crate::faults::{Entry, Victim};

#[track_caller]
fn every_fault(program: &'static str, entry: Entry) {
    let struck = Victim::boot(program, entry).meet_every_fault();
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
