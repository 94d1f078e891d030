// SPDX-License-Identifier: MIT OR Apache-2.0
//! A table that is made anew while the system runs is used by the next message.

use kit::{Instance, Setup, watch};

/// Makes the table `NAME` of this type anew from one line.
fn make(instance: &Instance, kind: &str, line: &str) {
    let source = instance.path("etc/table");
    std::fs::write(&source, line).expect("source");
    let table = format!("{kind}:{}", source.display());
    let made = instance.run("postmap", &[&table]);
    assert!(made.status.success(), "{made:?}");
}

#[test]
fn a_table_made_anew_is_used_without_a_restart_by_hand() {
    for kind in ["hash", "btree", "lmdb", "cdb"] {
        let mut instance = Setup::new()
            .main(&format!("virtual_alias_maps = {kind}:$DIR/etc/table"))
            .main("default_transport = discard")
            .build();
        make(
            &instance,
            kind,
            "members@mail.example.test first@elsewhere.example\n",
        );
        instance.start();
        let answer = |recipient: &str| {
            instance.deliver("a@client.example", &[recipient], "Subject: x\n\nbody\n")
        };
        assert!(answer("members").starts_with("250"), "{kind}");
        assert!(answer("other").starts_with("550"), "{kind}");
        make(
            &instance,
            kind,
            "other@mail.example.test second@elsewhere.example\n",
        );
        // A process that waits for a client when the table changes serves that one as before.
        for (recipient, code) in [("other", "250"), ("members", "550")] {
            let changed = || answer(recipient).starts_with(code).then_some(());
            watch::until(&instance.path("log"), recipient, changed, || instance.log());
        }
        assert!(instance.log().contains("has changed -- restarting"));
    }
}
