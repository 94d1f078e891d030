// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is logged where a default of long ago makes a difference, as `compatibility_level` says.

use crate::compare::same;
use kit::observe;

/// The notices of a delivery at a level.
fn notices(level: &str) {
    let main = format!(
        "compatibility_level = {level}\nsmtpd_error_sleep_time = 0\n\
         mydestination = $myhostname, mail, localhost\n\
         smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
    );
    same(
        |setup| setup.main(&main),
        &[],
        |instance| {
            instance.deliver(
                "a@client.example",
                &["alice@mail", "bob"],
                "Subject: x\n\nbody",
            );
            instance.wait_empty_queue();
            let mut seen = observe::log(&instance.log());
            seen.retain(|line| line.contains("backwards-compatible"));
            seen.dedup();
            seen
        },
    );
}

#[test]
fn old_defaults_are_told_of_below_their_level() {
    notices("0");
    notices("1");
    notices("2");
}
