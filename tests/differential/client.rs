// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the SMTP client makes of whatever a server may say: what it logs, and what the server hears.

use crate::accepted::{self, Difference};
use crate::compare::{Seen, cases, options};
use crate::random::Random;
use kit::sink::Sink;
use kit::{Instance, observe};

const COMMON: &str = "mynetworks = 127.0.0.0/8\ndefault_transport = discard:\n\
    smtp_connection_cache_on_demand = no\nlmtp_connection_cache_on_demand = no\n\
    smtp_randomize_addresses = no\nsmtp_host_lookup = dns\n";

/// One message, and the servers it may go to.
pub(crate) struct Case {
    /// Parameters of the client, one a line.
    pub(crate) settings: String,
    /// `smtp` or `lmtp`.
    pub(crate) program: &'static str,
    /// Where the recipients are, and where their mail goes: to its domain if that is empty.
    pub(crate) domain: String,
    pub(crate) nexthop: String,
    /// What follows the sender, and each recipient.
    pub(crate) asked: (&'static str, &'static str),
    pub(crate) servers: Vec<Sink>,
    /// What a failure shows.
    pub(crate) name: String,
}

impl Case {
    /// A message to a server that answers as told.
    fn told(settings: &str, replies: &[(&str, &str)]) -> Self {
        let sink = Sink::listen("127.0.0.1:0");
        for (command, reply) in replies {
            sink.reply(command, reply);
        }
        let short = |text: &str| text.chars().take(60).collect::<String>();
        let replies: Vec<String> = replies
            .iter()
            .map(|(c, r)| format!("{c}: {}", short(r)))
            .collect();
        Self {
            settings: settings.to_owned(),
            program: "smtp",
            domain: String::new(),
            nexthop: format!("[127.0.0.1]:{}", sink.address.port()),
            asked: ("", ""),
            servers: vec![sink],
            name: format!("{settings} {replies:?}"),
        }
    }
}

/// Content of every message.
const CONTENT: &[&str] = &[
    "From: s@sender.test",
    "To: a@elsewhere.test",
    "Subject: hello",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    "From here",
    "..dot",
    "é = the letter",
    ".",
];

/// Sends all messages through a client of their own, and compares what came of them.
#[track_caller]
pub(crate) fn compare(common: &str, mut all: Vec<Case>, accepted: &[Difference]) {
    let (mut services, mut routes) = (String::new(), String::new());
    for (at, case) in all.iter_mut().enumerate() {
        if case.domain.is_empty() {
            case.domain = format!("domain{at:03}.test");
        }
        let Case {
            settings,
            program,
            domain,
            nexthop,
            ..
        } = &*case;
        let options = options(at, settings);
        services += &format!("client{at} unix - - n - - {program}{options}\n");
        routes += &format!("{{{domain}=client{at}:{nexthop}}} ");
    }
    let routes = format!("transport_maps = inline:{{ {routes} }}");
    cases(
        |setup| {
            setup
                .main(COMMON)
                .main(common)
                .main(&routes)
                .master(&services)
        },
        accepted,
        |instance| {
            for case in &all {
                submit(instance, case);
            }
            let all = all.iter().enumerate();
            all.map(|(at, case)| (case.name.clone(), outcome(instance, at, case)))
                .collect::<Seen>()
        },
    );
}

fn submit(instance: &Instance, case: &Case) {
    let (domain, (mail, rcpt)) = (&case.domain, case.asked);
    let mut commands = vec![
        "EHLO client.example".to_owned(),
        format!("MAIL FROM:<s@sender.test>{mail}"),
        format!("RCPT TO:<a@{domain}>{rcpt}"),
        format!("RCPT TO:<b@{domain}>"),
        "DATA".to_owned(),
    ];
    commands.extend(CONTENT.iter().map(ToString::to_string));
    let heard = instance.smtp().session(&commands);
    let last = heard.last().expect("a reply");
    assert!(last.contains("queued as"), "{}: {heard:?}", case.name);
}

fn outcome(instance: &Instance, at: usize, case: &Case) -> Vec<String> {
    let name = format!("case{at:03}");
    for local in ["a", "b"] {
        let to = format!("to=<{local}@{}>", case.domain);
        instance.wait_log(&[&format!(" {name}/"), &to, "status="]);
    }
    let logged = observe::told_by(&name, &instance.log());
    // The log cuts long lines off, the earlier the longer a process id is.
    let short = |line: &String| line.chars().take(LINE_LIMIT).collect::<String>();
    let mut seen: Vec<String> = logged
        .iter()
        .map(short)
        .map(|line| line.replace(&name, "log"))
        .collect();
    for server in &case.servers {
        seen.extend(server.heard().iter().filter_map(|line| heard(line)));
    }
    seen
}

/// What a server heard, without what differs from run to run.
fn heard(line: &str) -> Option<String> {
    let traces = ["Received: ", "\t", "Message-Id: ", "Date: "];
    if traces.iter().any(|trace| line.starts_with(trace)) {
        return None;
    }
    let mut line = line.to_owned();
    for number in [" SIZE=", " PORT="] {
        if let Some((head, rest)) = line.split_once(number) {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            line = format!("{head}{number}N{rest}");
        }
    }
    Some(format!("heard {}", observe::stable(&line)))
}

/// More of a log line is not looked at, characters.
const LINE_LIMIT: usize = 800;

const STAGES: &[&str] = &[
    "CONNECT",
    "EHLO",
    "MAIL",
    "RCPT TO:<a",
    "RCPT",
    "DATA",
    "DATA-END",
];

/// What a server may say at each of them.
const REPLIES: &[&str] = &[
    "250 2.0.0 fine",
    "354 go",
    "421 4.3.2 closing",
    "450 4.7.1 later",
    "451 without a code",
    "452 4.2.2 full",
    "500 5.5.1 what?",
    "550 5.1.1 never",
    "552 5.2.2 too big",
    "550 4.1.1 mixed",
    "450 5.1.1 mixed",
    "550-5.1.1 first\r\n550 5.1.1 second",
    "450-first\r\n450-\r\n450 4.1.1 last",
    "nonsense\r\n550 5.1.1 then",
    "25\r\n450 4.1.1 then",
    "550",
    "550x\r\n450 4.1.1 then",
    "999 odd\r\n450 4.1.1 then",
    "-550 x\r\n450 4.1.1 then",
    "550-5.1.1 one\r\n450 4.1.1 other",
    "HANGUP",
];

#[test]
fn replies_at_every_stage() {
    let all = STAGES
        .iter()
        .flat_map(|stage| REPLIES.iter().map(move |reply| (stage, reply)));
    compare(
        "",
        all.map(|(stage, reply)| Case::told("", &[(stage, reply)]))
            .collect(),
        &[],
    );
}

const PLAIN: (&str, &str) = ("EHLO", "250 sink.example.test");
const REFUSED: (&str, &str) = ("EHLO", "502 5.5.1 no");

#[test]
fn stages_without_pipelining_or_esmtp() {
    let mut all = Vec::new();
    for stage in ["MAIL", "RCPT TO:<a", "RCPT", "DATA", "DATA-END"] {
        for reply in [
            "450 4.7.1 later",
            "550 5.1.1 never",
            "421 4.3.2 closing",
            "nonsense\r\n450 then",
            "HANGUP",
        ] {
            all.push(Case::told("", &[PLAIN, (stage, reply)]));
        }
    }
    for reply in [
        "250 fine",
        "250-a\r\n250 PIPELINING",
        "450 later",
        "550 never",
        "nonsense\r\n450 then",
        "HANGUP",
    ] {
        all.push(Case::told("", &[REFUSED, ("HELO", reply)]));
    }
    for reply in ["550 no", "HANGUP", "SILENCE"] {
        all.push(Case::told("", &[("QUIT", reply)]));
    }
    let long = "x".repeat(3000);
    for (stage, reply) in [
        ("CONNECT", format!("220 {long}")),
        ("EHLO", format!("250-sink\r\n250-{long}\r\n250 PIPELINING")),
        ("MAIL", format!("550 5.1.1 {long}")),
        ("RCPT", format!("550-5.1.1 {long}\r\n550 5.1.1 end")),
        ("DATA-END", format!("250 2.0.0 {long}")),
        ("MAIL", "550-5.1.1 again\r\n".repeat(40) + "550 5.1.1 end"),
    ] {
        all.push(Case::told("", &[(stage, &reply)]));
    }
    let limits = [
        ("CONNECT", "smtp_helo_timeout"),
        ("EHLO", "smtp_helo_timeout"),
        ("MAIL", "smtp_mail_timeout"),
        ("RCPT", "smtp_rcpt_timeout"),
        ("DATA", "smtp_data_init_timeout"),
        ("DATA-END", "smtp_data_done_timeout"),
    ];
    // Long enough for a busy machine to get through the other stages.
    let others = limits.map(|(_, limit)| format!("{limit} = 9s")).join("\n");
    for (stage, limit) in limits {
        let settings = format!("{others}\n{limit} = 3s");
        all.push(Case::told(&settings, &[(stage, "SILENCE")]));
        all.push(Case::told(&settings, &[(stage, "nonsense")]));
        all.push(Case::told(&settings, &[(stage, "SILENCE"), PLAIN]));
    }
    compare("", all, &[]);
}

const KEYWORDS: &[&str] = &[
    "PIPELINING",
    "SIZE",
    "SIZE 0",
    "SIZE 100",
    "SIZE 10240000",
    "SIZE abc",
    "8BITMIME",
    "SMTPUTF8",
    "DSN",
    "ENHANCEDSTATUSCODES",
    "CHUNKING",
    "AUTH PLAIN LOGIN",
    "AUTH=PLAIN",
    "VRFY",
    "pipelining",
    "XFORWARD NAME ADDR PROTO HELO SOURCE",
    "XFORWARD PORT IDENT DOMAIN",
    "XCLIENT NAME",
    "X-ODD with words",
];

#[test]
fn keywords_in_any_combination() {
    let mut random = Random::new(5);
    let senders = [
        "",
        " BODY=8BITMIME",
        " SMTPUTF8 BODY=8BITMIME",
        " RET=HDRS ENVID=e+2B1",
        " RET=FULL",
    ];
    let recipients = [
        "",
        " NOTIFY=SUCCESS,DELAY ORCPT=rfc822;o+2B@x.test",
        " NOTIFY=NEVER",
        " NOTIFY=FAILURE",
    ];
    let mut all = Vec::new();
    for _ in 0..60 {
        let count = random.below(7);
        let mut reply = String::new();
        for _ in 0..count {
            reply += &format!("250-{}\r\n", random.choose(KEYWORDS));
        }
        reply += "250 OK";
        let settings = random.choose(&["", "", "smtp_send_xforward_command = yes"]);
        let mut case = Case::told(settings, &[("EHLO", &reply)]);
        case.asked = (random.choose(&senders), random.choose(&recipients));
        case.name += &format!(" {:?}", case.asked);
        all.push(case);
    }
    compare("", all, &[accepted::GOODBYE]);
}

#[test]
fn settings_of_the_client() {
    let never = ("RCPT TO:<a", "550 5.1.1 never");
    let mut all = Vec::new();
    for (settings, replies) in [
        (
            "smtp_always_send_ehlo = no",
            &[("CONNECT", "220 sink SMTP")][..],
        ),
        (
            "smtp_always_send_ehlo = no",
            &[("CONNECT", "220 sink ESMTP")],
        ),
        ("smtp_never_send_ehlo = yes", &[]),
        ("smtp_discard_ehlo_keywords = pipelining, dsn", &[]),
        ("smtp_helo_name = other.example", &[]),
        (
            "smtp_skip_5xx_greeting = no",
            &[("CONNECT", "554 5.3.2 no")],
        ),
        ("smtp_skip_quit_response = no", &[("QUIT", "HANGUP")]),
        (
            "smtp_reply_filter = inline:{{550=450 4.1.1 perhaps}}",
            &[("RCPT TO:<a", "550")],
        ),
        (
            "smtp_dsn_filter = inline:{{2.0.0 250 2.0.0 Ok: taken=2.1.5 fine}}",
            &[never],
        ),
        (
            "smtp_delivery_status_filter = inline:{{nothing=4.0.0 x}}",
            &[never],
        ),
        ("soft_bounce = yes", &[never]),
        (
            "smtp_generic_maps = inline:{{s@sender.test=out@generic.test}, {@elsewhere.test=@there.test}}",
            &[],
        ),
        ("disable_mime_output_conversion = yes", &[PLAIN]),
        ("disable_mime_output_conversion = no", &[PLAIN]),
        ("smtp_quote_rfc821_envelope = no", &[]),
        ("smtp_bind_address = 127.0.0.1", &[]),
        ("smtp_defer_if_no_mx_address_found = yes", &[]),
        (
            "smtp_pix_workaround_threshold_time = 0\nsmtp_pix_workaround_delay_time = 1s",
            &[("CONNECT", "220 ***** esmtp")],
        ),
        ("", &[("CONNECT", "220 mail.example.test ESMTP")]),
        ("", &[("EHLO", "250-mail.example.test\r\n250 PIPELINING")]),
        (
            "smtp_sasl_auth_enable = no",
            &[("EHLO", "250-sink\r\n250 AUTH PLAIN")],
        ),
    ] {
        all.push(Case::told(settings, replies));
    }
    for replies in [
        &[
            ("LHLO", "250-sink\r\n250 PIPELINING"),
            ("DATA-END", "250 2.0.0 a\r\n250 2.0.0 b"),
        ][..],
        &[("DATA-END", "250 2.0.0 a\r\n550 5.2.2 full")],
        &[(
            "DATA-END",
            "450 4.2.2 a\r\n550-5.2.2 very\r\n550 5.2.2 full",
        )],
        &[("RCPT TO:<a", "550 5.1.1 a"), ("DATA-END", "250 2.0.0 b")],
        &[("LHLO", "502 no")],
        &[("LHLO", "HANGUP")],
        &[("RCPT", "550 5.1.1 nobody")],
    ] {
        let mut case = Case::told("", replies);
        case.program = "lmtp";
        all.push(case);
    }
    compare("", all, &[]);
}
