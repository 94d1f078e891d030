// SPDX-License-Identifier: MIT OR Apache-2.0
//! The inner nodes: aliases, lists and their owners, .forward files, :include: files, loops.

use std::os::unix::fs::PermissionsExt;

use delivery::Verdict;
use ipc::flags::{CleanupStatus, DeliverFlags};
use ipc::record::RecordType;
use ipc::services::bounce;
use mail::dsn::{Notify, Ret};

use super::site::{Site, hello, of_kind};
use crate::run;

fn recipients(site: &Site) -> Vec<String> {
    let copies = site.forwarded();
    copies
        .iter()
        .flat_map(|copy| of_kind(copy, RecordType::Recipient))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_alias_leads_to_users_and_each_gets_one_copy() {
    let mut site = Site::new("{team = joe, jane, Joe, joe@here.test}", "");
    assert_eq!(
        site.outcome("team@here.test"),
        "2.0.0, status=sent (delivered to mailbox)\n2.0.0, status=sent (delivered to mailbox)"
    );
    for user in ["joe", "jane"] {
        let text = site.read(&format!("spool/{user}"));
        assert_eq!(text.matches("Subject: hello").count(), 1);
        assert!(text.contains("Delivered-To: team@here.test"), "{text}");
    }
}

#[test]
fn an_alias_that_names_itself_means_the_user() {
    let mut site = Site::new("{joe = joe, jane}", "");
    assert_eq!(site.deliver("joe@here.test"), Verdict::Done);
    assert!(!site.read("spool/joe").is_empty() && !site.read("spool/jane").is_empty());
}

#[test]
fn the_whole_local_part_is_looked_up_before_the_bare_name() {
    let mut site = Site::new("joe+x=jane, joe=nobody", "");
    assert_eq!(
        site.outcome("joe+x@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(!site.read("spool/jane").is_empty());
}

#[test]
fn extensions_are_propagated_only_where_that_is_configured() {
    let mut site = Site::new("list=u@away.test", "");
    let _ = site.deliver("list+x@here.test");
    assert_eq!(recipients(&site), ["u@away.test"]);
    let mut site = Site::new("list=u@away.test", "propagate_unmatched_extensions = alias");
    let _ = site.deliver("list+x@here.test");
    assert_eq!(recipients(&site), ["u+x@away.test"]);
}

#[test]
fn mail_that_leaves_is_a_new_message_with_its_way_so_far() {
    let mut site = Site::new("{list = u@away.test, v@away.test}", "");
    let mut message = hello("List@here.test");
    message.request.envelope_id = b"id1".to_vec();
    message.request.ret = Ret::HDRS;
    message.request.client.name = b"client.test".to_vec();
    message.request.recipients[0].notify = Notify::SUCCESS | Notify::FAILURE;
    message.request.recipients[0].original = b"alias@x".to_vec();
    assert_eq!(site.deliver_message(&message), Verdict::Done);
    assert!(
        site.log_text()
            .ends_with("to=<List@here.test>, orig_to=<alias@x>, relay=local, ")
            || site
                .log_text()
                .ends_with("dsn=2.0.0, status=sent (forwarded as F1)")
    );
    let copies = site.forwarded();
    assert_eq!(copies.len(), 1);
    let copy = &copies[0];
    assert_eq!(of_kind(copy, RecordType::Sender), ["sender@example.org"]);
    assert_eq!(
        of_kind(copy, RecordType::Recipient),
        ["u@away.test", "v@away.test"]
    );
    assert_eq!(
        of_kind(copy, RecordType::OriginalRecipient),
        ["alias@x", "alias@x"]
    );
    let attributes = of_kind(copy, RecordType::Attribute);
    for attribute in [
        "ret_flags=2",
        "envelope_id=id1",
        "log_client_name=client.test",
        "rewrite_context=local",
    ] {
        assert!(
            attributes.contains(&attribute),
            "{attribute} in {attributes:?}"
        );
    }
    assert_eq!(
        attributes
            .iter()
            .filter(|a| **a == "notify_flags=4")
            .count(),
        2
    );
    let text = of_kind(copy, RecordType::RegularText);
    assert_eq!(text[0], "Received: by mail.test (Postfix)");
    assert!(text[1].starts_with("\tid F1; "), "{text:?}");
    assert_eq!(
        text[2..],
        [
            "Delivered-To: list@here.test",
            "Subject: hello",
            "",
            "From here",
            "text"
        ]
    );
    assert_eq!(copy.last().unwrap().0, RecordType::End);
    // The sender, who wanted to know of success, is told that the alias was expanded.
    let traced = site.records().into_iter().any(|request| {
        matches!(request, bounce::Request::Append { dsn, .. } if dsn.reason == b"delivery via local: alias expanded")
    });
    assert!(traced);
}

#[test]
fn a_list_with_an_owner_has_its_own_sender_and_no_marks_of_the_old_one() {
    let mut site = Site::new("{list = u@away.test, joe}, {owner-list = jane}", "");
    let mut message = hello("list@here.test");
    message.request.envelope_id = b"id1".to_vec();
    message.request.recipients[0].original = b"alias@x".to_vec();
    message.request.recipients[0].notify = Notify::SUCCESS;
    assert_eq!(site.deliver_message(&message), Verdict::Done);
    let copies = site.forwarded();
    assert_eq!(
        of_kind(&copies[0], RecordType::Sender),
        ["owner-list@here.test"]
    );
    // A local member gets a message of its own, too.
    assert_eq!(
        of_kind(&copies[0], RecordType::Recipient),
        ["u@away.test", "joe@here.test"]
    );
    assert!(of_kind(&copies[0], RecordType::OriginalRecipient).is_empty());
    let attributes = of_kind(&copies[0], RecordType::Attribute).join(" ");
    assert!(
        !attributes.contains("envelope_id") && attributes.contains("notify_flags=1"),
        "{attributes}"
    );
    let mut site = Site::new(
        "{list = u@away.test}, {owner-list = jane}",
        "expand_owner_alias = yes",
    );
    let _ = site.deliver("list@here.test");
    assert_eq!(
        of_kind(&site.forwarded()[0], RecordType::Sender),
        ["jane@here.test"]
    );
}

#[test]
fn the_owner_of_a_list_hears_of_a_loop_in_it() {
    let mut site = Site::new("{list = u@away.test}, {owner-list = jane}", "");
    let content = [(
        RecordType::RegularText,
        &b"Delivered-To: list+x@here.test"[..],
    )];
    let message = delivery::fixture::message(&content, &["list+x@here.test"]);
    assert_eq!(site.deliver_message(&message), Verdict::Done);
    let to_owner = site.records().into_iter().any(|request| {
        matches!(request, bounce::Request::One { message, .. }
            if message.sender == b"owner-list@here.test")
    });
    assert!(to_owner, "{}", site.log_text());
}

#[test]
fn files_and_commands_of_aliases_are_used() {
    let site = Site::new("a=b", "");
    let file = site.path("archive");
    let out = site.path("out");
    let aliases = format!(
        "{{keep = {}, \"|cat >{}\"}}, devnull=/dev/null",
        file.display(),
        out.display()
    );
    let mut site = Site::new(&aliases, "");
    let outcome = site.outcome("keep@here.test");
    assert_eq!(
        outcome,
        format!(
            "2.0.0, status=sent (delivered to file: {})\n\
             2.0.0, status=sent (delivered to command: cat >{})",
            file.display(),
            out.display()
        )
    );
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("From ") && text.contains(">From here"),
        "{text}"
    );
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(
        text.starts_with("From ") && text.contains("\nFrom here"),
        "{text}"
    );
    assert_eq!(
        site.outcome("devnull@here.test"),
        "2.0.0, status=sent (delivered to file: /dev/null)"
    );
}

#[test]
fn files_in_other_homes_and_without_a_home_are_refused() {
    let mut site = Site::new("other=~jane/x, none=~/x", "");
    let refused = "5.3.5, status=bounced (mail system configuration error)";
    assert_eq!(site.outcome("other@here.test"), refused);
    assert_eq!(site.outcome("none@here.test"), refused);
    assert!(
        site.log_text()
            .contains("bad home directory syntax for: ~jane/x")
    );
    assert!(site.log_text().contains("unknown home directory for: ~/x"));
}

#[test]
fn a_branch_that_has_to_wait_withdraws_the_copies() {
    let mut site = Site::new("{list = u@away.test, \"|exit 75\", joe}", "");
    assert_eq!(
        site.outcome("list@here.test"),
        "4.3.0, status=deferred (temporary failure)\n2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(
        site.forwarded()[0]
            .iter()
            .all(|(kind, _)| *kind != RecordType::End)
    );
}

#[test]
fn a_copy_that_cleanup_refuses_is_tried_again() {
    let mut site = Site::new("list=u@away.test", "").with_cleanup_that_says(CleanupStatus::WRITE);
    assert_eq!(
        site.outcome("list@here.test"),
        "4.3.0, status=deferred (unable to forward message)"
    );
}

#[test]
fn addresses_that_cannot_be_resolved_have_their_own_outcome() {
    let mut site = Site::new("bad=u@bad.test, down=u@down.test", "");
    assert_eq!(
        site.outcome("bad@here.test"),
        "5.1.3, status=bounced (bad recipient address syntax: u@bad.test)"
    );
    assert_eq!(
        site.outcome("down@here.test"),
        "4.3.0, status=deferred (address resolver failure)"
    );
}

#[test]
fn aliases_that_name_each_other_end_at_the_limit() {
    let mut site = Site::new("a=b, b=c, c=a", "");
    assert_eq!(
        site.outcome("a@here.test"),
        "5.4.6, status=bounced (recipient nesting limit exceeded)"
    );
}

#[test]
fn an_alias_without_addresses_defers_mail() {
    let mut site = Site::new("{empty = (nobody)}", "");
    assert_eq!(
        site.outcome("empty@here.test"),
        "4.3.0, status=deferred (alias database unavailable)"
    );
    assert!(
        site.log_text()
            .contains("no recipient in alias lookup result for empty")
    );
}

#[test]
fn a_forward_file_with_the_user_in_it_keeps_a_copy() {
    let mut site = Site::new("a=b", "");
    site.write("joe/.forward", "# where mail goes\nu@away.test\n\\joe\n");
    assert_eq!(site.deliver("joe@here.test"), Verdict::Done);
    assert!(site.read("spool/joe").contains("Subject: hello"));
    assert_eq!(recipients(&site), ["u@away.test"]);
}

#[test]
fn a_forward_file_for_the_extension_comes_first() {
    let mut site = Site::new("a=b", "");
    site.write("joe/.forward", "plain@away.test\n");
    site.write("joe/.forward+list", "list@away.test\n");
    let _ = site.deliver("joe+list@here.test");
    assert_eq!(recipients(&site), ["list@away.test"]);
    let _ = site.deliver("joe+other@here.test");
    assert_eq!(recipients(&site), ["plain@away.test"]);
}

#[test]
fn forward_files_reach_files_in_the_home_directory_and_commands() {
    let mut site = Site::new("a=b", "");
    let out = site.path("out");
    site.write(
        "joe/.forward",
        &format!("~/box\n\"|cat >{}\"\n", out.display()),
    );
    assert_eq!(site.deliver("joe@here.test"), Verdict::Done);
    assert!(site.read("joe/box").contains("Subject: hello"));
    assert!(site.read("out").contains("Subject: hello"));
}

#[test]
fn forward_files_that_count_for_nothing_leave_mail_to_the_mailbox() {
    let mut site = Site::new("a=b", "");
    let path = site.write("joe/.forward", "u@away.test\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(
        site.outcome("joe@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(site.log_text().contains(".forward is world writable"));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let _ = site.deliver("joe@here.test");
    assert!(site.log_text().contains(".forward is not a regular file"));
    site.write("jane/.forward", "# nothing\n");
    assert_eq!(
        site.outcome("jane@here.test"),
        "2.0.0, status=sent (delivered to mailbox)"
    );
    assert!(site.forwarded().is_empty());
}

#[test]
fn users_who_forward_to_each_other_get_a_new_message() {
    let mut site = Site::new("a=b", "");
    site.write("joe/.forward", "jane\n");
    assert_eq!(
        site.outcome("joe@here.test"),
        "2.0.0, status=sent (forwarded as F1)"
    );
    assert_eq!(recipients(&site), ["jane@here.test"]);
}

#[test]
fn members_of_an_included_file_get_messages_of_their_own() {
    let site = Site::new("a=b", "");
    let members = site.write("members", "# team\njoe, \"|exit 1\"\nu@away.test\n");
    let mut site = Site::new(&format!("team=:include:{}", members.display()), "");
    let outcome = site.outcome("team@here.test");
    assert_eq!(
        outcome,
        "5.7.1, status=bounced (mail to command is restricted)\n\
         2.0.0, status=sent (forwarded as F1)"
    );
    assert_eq!(recipients(&site), ["joe@here.test", "u@away.test"]);
}

#[test]
fn included_files_that_cannot_be_trusted_are_configuration_errors() {
    let site = Site::new("a=b", "");
    let members = site.write("members", "joe\n");
    std::fs::set_permissions(&members, std::fs::Permissions::from_mode(0o666)).unwrap();
    let aliases = format!(
        "open=:include:{}, gone=:include:/no/such/file, relative=:include:file",
        members.display()
    );
    let mut site = Site::new(&aliases, "");
    for name in ["open", "gone", "relative"] {
        assert_eq!(
            site.outcome(&format!("{name}@here.test")),
            "5.3.5, status=bounced (mail system configuration error)"
        );
    }
    let log = site.log_text();
    assert!(log.contains("is world writable"), "{log}");
    assert!(
        log.contains("unable to lookup :include: file /no/such/file: No such file"),
        "{log}"
    );
    assert!(log.contains(":include:file uses a relative path"), "{log}");
}

#[test]
fn an_address_probe_ends_at_an_alias() {
    let mut site = Site::new("{list = u@away.test}", "");
    let mut message = hello("list@here.test");
    message.request.flags |= DeliverFlags::MTA_VERIFY;
    let _ = run::deliver(&mut site.agent, &message, "local");
    assert!(site.forwarded().is_empty());
}
