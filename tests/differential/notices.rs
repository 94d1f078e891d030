// SPDX-License-Identifier: MIT OR Apache-2.0
//! Notices of each kind, as bounce writes them: who gets one, and every line of it.
//!
//! The test is the delivery agent that tells what became of each recipient, and the queue manager
//! that asks for the notice. Cleanup makes a queue file of each; the test reads it and removes it.

use crate::accepted::{self, Difference};
use crate::cleanup::{self, USUAL};
use crate::compare::{Seen, cases};
use crate::delivery::shown;
use crate::protocol::{Conversation, records};
use kit::message::Message;
use kit::{Flavor, Instance, observe, watch};
use std::fs;

/// What a notice is asked for with.
const FLUSH: &str = "1";
const WARN: &str = "2";
const VERP: &str = "3";
const ONE: &str = "4";
const TRACE: &str = "5";
const APPEND: &str = "0";

/// A message, what became of its recipients, and which notice is asked for.
#[derive(Clone, Copy)]
struct Case {
    /// Which of the three services is asked.
    service: &'static str,
    request: &'static str,
    sender: &'static str,
    /// What the message asked for: its ENVID, RET and encoding, separated by blanks; `-` for none.
    asked: &'static str,
    /// Records of its content, as in conversations with cleanup.
    content: &'static str,
    /// Recipient, the original one, ORCPT, NOTIFY; status, diagnostic type and text, type and name
    /// of the other server, action, reason; separated by `|`.
    statuses: &'static [&'static str],
}

const LETTER: &str = "NReceived: by x|NFrom: s@sender.test|NSubject: hello|NMessage-Id: <m@sender.test>|N|\
    NFrom here|N.dot|N|Nend";
const USER_UNKNOWN: &str = "r@example.test|r@example.test||0|5.1.1|||||failed|unknown user: \"r\"";
const REMOTE: &str = "o@remote.test|orig@example.test|rfc822;asked+2Bfor@example.test|0|5.7.1|smtp|\
    554 5.7.1 no, thank you|dns|mx.remote.test|failed|host mx.remote.test[192.0.2.1] said: 554 5.7.1 \
    no, thank you (in reply to RCPT TO command)";
const LATER: &str = "l@remote.test|l@remote.test|rfc822;l@remote.test|0|4.4.1|||||delayed|connect to \
    mx.remote.test[192.0.2.1]:25: Connection timed out";
const DELIVERED: &str = "d@example.test|d@example.test||2|2.0.0|||||delivered|delivered to mailbox";
const RELAYED: &str = "d@remote.test|d@remote.test|utf-8;d@remote.test|2|2.0.0|smtp|250 2.0.0 Ok: queued|\
    dns|mx.remote.test|relayed|250 2.0.0 Ok: queued";
const EXPANDED: &str =
    "list@example.test|list@example.test||2|2.0.0|||||expanded|forwarded as 4A1B2C3D4E";
const UNWANTED: &str = "n@example.test|n@example.test||1|5.1.1|||||failed|never mind";
const ONLY_FAILURE: &str = "f@example.test|f@example.test||4|4.1.1|||||delayed|not now";
const STRANGE: &str = "\"a b\"@example.test|@||0|5.0.0|x-odd|text\twith\tTabs|x-kind|a name|failed|a very long \
    reason that has to be folded because it does not fit into a single line of a message that people \
    read, and another sentence with averyveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword \
    in it";
const UNICODE: &str = "jörg@bücher.example|jörg@bücher.example|utf-8;j\\x{F6}rg@bücher.example|0|5.1.1|smtp|\
    550 5.1.1 kein jörg|dns|bücher.example|failed|kein jörg";

const fn failure(statuses: &'static [&'static str]) -> Case {
    Case {
        service: "bounce",
        request: FLUSH,
        sender: "s@sender.test",
        asked: "- 0 7bit",
        content: LETTER,
        statuses,
    }
}

const fn delay(statuses: &'static [&'static str]) -> Case {
    Case {
        service: "defer",
        request: WARN,
        ..failure(statuses)
    }
}

const fn report(statuses: &'static [&'static str]) -> Case {
    Case {
        service: "trace",
        request: TRACE,
        ..failure(statuses)
    }
}

const CASES: &[Case] = &[
    failure(&[USER_UNKNOWN]),
    failure(&[USER_UNKNOWN, REMOTE, UNWANTED, STRANGE]),
    failure(&[UNWANTED]),
    failure(&[UNICODE]),
    failure(&[]),
    Case {
        asked: "e+2Bnvid 1 8bit",
        ..failure(&[REMOTE])
    },
    Case {
        asked: "envid 2 7bit",
        ..failure(&[REMOTE])
    },
    Case {
        asked: "- 3 -",
        ..failure(&[REMOTE])
    },
    Case {
        asked: "- 0 strange",
        ..failure(&[REMOTE])
    },
    Case {
        sender: "",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        sender: "double-bounce@mail.example.test",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        sender: "\"a b\"@sender.test",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        sender: "jörg@bücher.example",
        asked: "- 0 8bit",
        ..failure(&[UNICODE, USER_UNKNOWN])
    },
    Case {
        content: "NReceived: by x|NSubject: jörg|N|Njörg",
        asked: "- 0 8bit",
        ..failure(&[REMOTE])
    },
    Case {
        content: "NReceived: by x|N|N",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        content: "NReceived: by x|NMessage-Id:|N <folded@sender.test>|NReferences: <a@b>|N <c@d>|N|Nx",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        content: "NReceived: by x|NX-Long: a|Lb|Lc|Nd|N|Lbody|Nend",
        ..failure(&[USER_UNKNOWN])
    },
    delay(&[LATER]),
    delay(&[LATER, ONLY_FAILURE]),
    delay(&[ONLY_FAILURE]),
    Case {
        asked: "e 1 8bit",
        ..delay(&[LATER])
    },
    Case {
        sender: "",
        ..delay(&[LATER])
    },
    report(&[DELIVERED]),
    report(&[DELIVERED, RELAYED, EXPANDED]),
    report(&[UNICODE, LATER]),
    Case {
        asked: "e 1 8bit",
        ..report(&[RELAYED])
    },
    Case {
        sender: "",
        ..report(&[RELAYED])
    },
    Case {
        request: VERP,
        sender: "list@sender.test",
        ..failure(&[USER_UNKNOWN, REMOTE, UNWANTED])
    },
    Case {
        request: VERP,
        sender: "",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        request: ONE,
        ..failure(&[REMOTE])
    },
    Case {
        request: ONE,
        ..failure(&[UNWANTED])
    },
    Case {
        request: ONE,
        sender: "",
        ..failure(&[USER_UNKNOWN])
    },
    Case {
        request: ONE,
        asked: "e 2 8bit",
        ..failure(&[UNICODE])
    },
];

const MESSAGE: [&str; 3] = ["envelope_id", "ret_flags", "encoding"];
const STATUS: [&str; 11] = [
    "recipient",
    "original_recipient",
    "dsn_orig_rcpt",
    "notify_flags",
    "status",
    "diag_type",
    "diag_text",
    "mta_type",
    "mta_mname",
    "action",
    "reason",
];

/// Asks a service, and returns its answer.
fn ask(instance: &Instance, service: &str, attributes: &[(&str, &str)]) -> String {
    let (mut server, _) = Conversation::begin(instance, &format!("private/{service}"));
    server.say(attributes);
    format!("{service} {}: {:?}", attributes[0].1, server.hear())
}

/// The attributes of one status, in the order of the protocol.
fn status(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let fields: Vec<&str> = text.split('|').collect();
    let named: Vec<_> = STATUS.into_iter().zip(fields).collect();
    let mut ordered = vec![named[1], named[0], ("offset", "0")];
    ordered.extend(&named[2..]);
    ordered
}

fn played(instance: &Instance, case: &Case) -> Vec<String> {
    let envelope = format!("S{}|Rr@example.test|M|{}", case.sender, case.content);
    let (id, _) = cleanup::submit(instance, "cleanup", &envelope, USUAL);
    let mut message = vec![
        ("flags", "1"),
        ("queue_name", "incoming"),
        ("queue_id", id.as_str()),
    ];
    let asked = case.asked.split(' ').map(|value| value.trim_matches('-'));
    let asked: Vec<_> = MESSAGE.into_iter().zip(asked).collect();
    let options = match instance.flavor() {
        Flavor::Ours => "sendopts",
        Flavor::Theirs => "smtputf8",
    };
    let is_utf8 = if case.sender.is_ascii() { "0" } else { "5" };
    message.extend([
        asked[2],
        (options, is_utf8),
        ("sender", case.sender),
        asked[0],
        asked[1],
    ]);
    let mut seen = Vec::new();
    let mut request = vec![("nrequest", case.request)];
    request.extend(&message);
    match case.request {
        ONE => request.extend(status(case.statuses[0])),
        _ => {
            for text in case.statuses {
                let mut append = vec![("nrequest", APPEND), ("flags", "1"), ("queue_id", &id)];
                append.extend(status(text));
                seen.push(ask(instance, case.service, &append));
            }
        }
    }
    if case.request == VERP {
        request.push(("verp_delimiters", "+="));
    }
    seen.push(ask(instance, case.service, &request));
    let original = instance.path("spool/incoming").join(&id);
    fs::remove_file(&original).expect("the original message");
    seen.extend(notices(instance));
    for log in ["bounce", "defer", "trace"] {
        let path = instance.path("spool").join(log).join(&id);
        if path.exists() {
            seen.push(format!("{log} log is kept"));
            fs::remove_file(path).expect("log");
        }
    }
    seen
}

/// All notices in the queue, which are taken out of it.
fn notices(instance: &Instance) -> Vec<String> {
    let mut all = Vec::new();
    // One that was begun and given up may still be there, unfinished.
    for path in instance.accepted_files() {
        if let Ok(file) = fs::read(&path) {
            all.push(notice(&file));
            fs::remove_file(path).expect("notice");
        }
    }
    all.sort();
    all.concat()
}

/// The envelope and the text of one.
fn notice(file: &[u8]) -> Vec<String> {
    let mut lines = vec!["--- a notice".to_owned()];
    let mut text = String::new();
    for (kind, data) in records(file) {
        match kind {
            'L' => text += &data,
            'N' => text += &(data + "\n"),
            'A' if data.starts_with("create_time=") || data.starts_with("message_id=") => {}
            'S' | 'R' | 'O' | 'A' => lines.push(observe::stable(&format!("{kind} {data}"))),
            _ => {}
        }
    }
    lines.extend(shown(&Message { text }));
    lines
}

/// The log, once it tells of every notice.
fn told(instance: &Instance, seen: &Seen) -> String {
    let lines = seen.iter().flat_map(|(_, lines)| lines);
    let sent = lines.filter(|line| *line == "--- a notice").count();
    let told = || Some(instance.log()).filter(|log| log.matches(" notification: ").count() >= sent);
    watch::until(&instance.path("log"), "the last notice", told, || {
        instance.log()
    })
}

/// Plays all cases on both sides.
#[track_caller]
fn compare(settings: &str, accepted: &[Difference]) {
    cases(
        |setup| {
            setup
                .main(COMMON)
                .main(settings)
                .file("templates", TEMPLATES)
                .without("qmgr")
        },
        accepted,
        |instance| {
            cleanup::take_the_queue_managers_place(instance);
            let mut seen: Seen = Vec::new();
            let is_plain = |case: &&Case| {
                let text = [case.sender, case.content, &case.statuses.concat()].concat();
                text.is_ascii()
            };
            let without_unicode = settings.contains("smtputf8_enable = no");
            for case in CASES
                .iter()
                .filter(|case| !without_unicode || is_plain(case))
            {
                let Case {
                    service,
                    request,
                    sender,
                    asked,
                    statuses,
                    ..
                } = case;
                let name = format!("{service} {request} <{sender}> {asked} {statuses:?}");
                seen.push((name, played(instance, case)));
            }
            let log = observe::told_by("postfix", &told(instance, &seen));
            let log = log
                .into_iter()
                .filter(|line| line.starts_with("postfix/bounce"));
            seen.push(("log".into(), log.collect()));
            seen
        },
    );
}

const COMMON: &str = "delay_warning_time = 4h\nmaximal_queue_lifetime = 5d\nin_flow_delay = 0\n\
    bounce_template_file = $DIR/etc/templates\n";

/// Words of the test's own, so that every line can be compared.
const TEMPLATES: &str = "\
failure_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Delivery at $myhostname)
Subject: It came back
Postmaster-Subject: Copy: it came back

Here is $mail_name at $myhostname in $mydomain. Sorry.

EOF

delay_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Delivery)
Subject: It takes time
Postmaster-Subject: Copy: it takes time

After $delay_warning_time_hours hours ($delay_warning_time_minutes minutes)
it is still here. It stays ${maximal_queue_lifetime_days} days.

EOF

success_template = <<EOF
Charset: utf-8
From: MAILER-DAEMON (Delivery)
Subject: It is there

$$ is a dollar, and $$nothing is nothing.

EOF

verify_template = <<EOF
Charset: us-ascii
From: MAILER-DAEMON (Delivery)
Subject: What would happen

That would.

EOF
";

#[test]
fn of_every_kind_to_the_sender() {
    let mut accepted = vec![accepted::NOT_EXPANDED];
    accepted.extend(accepted::UNICODE_SENDERS);
    compare("", &accepted);
}

#[test]
fn to_the_postmaster_too() {
    let mut accepted = vec![accepted::NOT_EXPANDED];
    accepted.extend(accepted::UNICODE_SENDERS);
    accepted.extend(accepted::FOLDED_MESSAGE_ID);
    compare(
        "notify_classes = bounce, 2bounce, delay, protocol, resource, software\n\
         bounce_notice_recipient = b@example.test\n2bounce_notice_recipient = two@example.test\n\
         delay_notice_recipient = d@example.test\nenable_threaded_bounces = yes\n",
        &accepted,
    );
}

#[test]
fn with_limits_and_in_old_forms() {
    compare(
        "bounce_size_limit = 80\nheader_from_format = obsolete\nsmtputf8_enable = no\n\
         backwards_bounce_logfile_compatibility = no\nmail_name = Post office\n",
        &[],
    );
}
