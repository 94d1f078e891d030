// SPDX-License-Identifier: MIT OR Apache-2.0
//! What local delivery makes of mailing lists: :include: files, owners, loops, and members that
//! cannot be reached.

use kit::Setup;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::compare::same;
use crate::local::{HOME, QUIET, home, outcomes};

/// A list with everything that a list may name.
fn list(setup: Setup) -> Setup {
    setup
        .main(QUIET)
        .main("maximal_queue_lifetime = 0\nbounce_queue_lifetime = 0")
        .file(
            "members",
            "# members\nalice, bob@mail.example.test\n/nonexistent/x\n\"|exit 0\"\n:include:$DIR/etc/more\n",
        )
        .file("more", "bob\n")
}

#[test]
fn the_owner_of_a_list_hears_of_its_members() {
    let aliases = "list: alice, nobody-here@mail.example.test, \"|exit 1\", /nonexistent/x, \
                   :include:$DIR/etc/members\nowner-list: bob\nnested: list, \"|exit 67\"\n";
    same(
        |setup| list(setup).aliases(aliases),
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["list", "nested"])
        },
    );
}

#[test]
fn an_owner_alias_is_expanded_to_one_address() {
    for owner in ["bob", "bob, alice", "\"|exit 0\"", "\"b o b\"@else.example"] {
        let aliases = format!("list: alice, \"|exit 1\"\nowner-list: {owner}\n");
        same(
            |setup| {
                list(setup)
                    .main("expand_owner_alias = yes")
                    .aliases(&aliases)
            },
            &[],
            |instance| {
                let _home = home(&[]);
                outcomes(instance, &["list"])
            },
        );
    }
}

#[test]
fn without_owner_request_special_an_owner_is_any_alias() {
    let aliases = "list: alice, \"|exit 1\"\nowner-list: bob\n";
    same(
        |setup| {
            list(setup)
                .main("owner_request_special = no")
                .aliases(aliases)
        },
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["list"])
        },
    );
}

#[test]
fn files_that_cannot_be_included_are_named() {
    let aliases = "relative: :include:etc/members\nmissing: :include:/nonexistent\n\
                   directory: :include:$DIR/etc\nwritable: :include:$DIR/etc/more\n\
                   empty: :include:$DIR/etc/nothing\nitself: :include:$DIR/etc/itself\n";
    same(
        |setup| {
            list(setup)
                .aliases(aliases)
                .file("nothing", "# nobody\n")
                .file("itself", ":include:$DIR/etc/itself\nalice\n")
        },
        &[],
        |instance| {
            let _home = home(&[]);
            let writable = fs::Permissions::from_mode(0o666);
            fs::set_permissions(instance.path("etc/more"), writable).expect("mode");
            let names = ["relative", "missing", "directory", "writable", "itself"];
            outcomes(instance, &names)
        },
    );
}

#[test]
fn aliases_that_lead_to_each_other_are_found_by_name() {
    // Two files on the way make it the alias, not the recipient, that is nested too deeply.
    let aliases = "deep: :include:$DIR/etc/one\ndeeper: :include:$DIR/etc/two\n\
                   loop: back\nback: loop\nowner-back: bob\n";
    same(
        |setup| {
            list(setup)
                .aliases(aliases)
                .file("one", "deeper\n")
                .file("two", "loop\n")
        },
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["deep"])
        },
    );
}

#[test]
fn a_users_list_has_the_users_rights() {
    let aliases = "theirs: :include:/home/alice/list\n";
    same(
        |setup| {
            list(setup)
                .main("allow_mail_to_files = alias, forward, include")
                .main("allow_mail_to_commands = alias, forward, include")
                .aliases(aliases)
        },
        &[],
        |instance| {
            let _home = home(&[(
                "list",
                "/home/alice/box\n~/other\n\"|id -un >/home/alice/me\"\n",
                0o644,
            )]);
            outcomes(instance, &["theirs"])
        },
    );
}

#[test]
fn users_who_forward_to_each_other_end_the_loop() {
    same(
        |setup| list(setup).aliases("one: alice\ntwo: one\n"),
        &[],
        |instance| {
            let _home = home(&[(".forward", "two\nalice@mail.example.test\n", 0o644)]);
            outcomes(instance, &["alice", "two"])
        },
    );
}

#[test]
fn a_mailbox_that_is_a_link_is_refused() {
    same(
        |setup| list(setup).main("home_mailbox = box"),
        &[],
        |instance| {
            let _home = home(&[("target", "", 0o600)]);
            symlink(format!("{HOME}/target"), format!("{HOME}/box")).expect("link");
            outcomes(instance, &["alice"])
        },
    );
}

#[test]
fn a_command_that_does_not_end_is_ended() {
    let aliases =
        "slow: \"|exec sleep 600\"\nsays: \"|cat >/dev/null; echo so far; exec sleep 600\"\n";
    same(
        |setup| list(setup).main("command_time_limit = 1").aliases(aliases),
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["slow", "says"])
        },
    );
}
