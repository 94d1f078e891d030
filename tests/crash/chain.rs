// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every program that a message passes through, every call that changes the disk, every fate.

use crate::faults::{Entry, Victim, Way};

#[track_caller]
fn every_fault(program: &'static str, entry: Entry, way: Way) {
    let struck = Victim::boot(program, entry, way).meet_every_fault();
    assert!(
        struck > 0,
        "no fault ever reached {program}: the test proves nothing"
    );
}

#[track_caller]
fn two_faults(program: &'static str, way: Way) {
    let struck = Victim::boot(program, Entry::Smtp, way).meet_two_faults();
    assert!(struck > 0, "no second fault ever reached {program}");
}

#[test]
fn cleanup_may_fail_at_any_moment() {
    every_fault("cleanup", Entry::Smtp, Way::Mailbox);
}

#[test]
fn qmgr_may_fail_at_any_moment() {
    every_fault("qmgr", Entry::Smtp, Way::Mailbox);
}

#[test]
fn local_may_fail_at_any_moment() {
    every_fault("local", Entry::Smtp, Way::Mailbox);
}

#[test]
fn pickup_may_fail_at_any_moment() {
    every_fault("pickup", Entry::Sendmail, Way::Mailbox);
}

#[test]
fn postdrop_may_fail_at_any_moment() {
    every_fault("postdrop", Entry::Sendmail, Way::Mailbox);
}

#[test]
fn smtpd_may_fail_at_any_moment() {
    every_fault("smtpd", Entry::Smtp, Way::Mailbox);
}

#[test]
fn local_may_fail_at_any_moment_of_a_maildir_delivery() {
    every_fault("local", Entry::Smtp, Way::Maildir);
}

#[test]
fn bounce_may_fail_at_any_moment() {
    every_fault("bounce", Entry::Sendmail, Way::Bounce);
}

#[test]
fn cleanup_may_fail_at_any_moment_of_a_bounce() {
    every_fault("cleanup", Entry::Sendmail, Way::Bounce);
}

#[test]
fn smtp_may_fail_at_any_moment_of_a_relayed_delivery() {
    every_fault("smtp", Entry::Sendmail, Way::Relay);
}

#[test]
fn trivial_rewrite_may_fail_at_any_moment() {
    every_fault("trivial-rewrite", Entry::Smtp, Way::Mailbox);
}

#[test]
fn flush_may_fail_at_any_moment() {
    every_fault("flush", Entry::Smtp, Way::Deferral);
}

#[test]
fn showq_may_fail_at_any_moment() {
    every_fault("showq", Entry::Smtp, Way::Deferral);
}

#[test]
fn qmgr_may_fail_again_while_it_repairs() {
    two_faults("qmgr", Way::Mailbox);
}

#[test]
fn local_may_fail_again_while_it_repairs() {
    two_faults("local", Way::Mailbox);
}

#[test]
fn smtp_may_fail_again_while_it_repairs() {
    two_faults("smtp", Way::Relay);
}
