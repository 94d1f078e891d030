// SPDX-License-Identifier: MIT OR Apache-2.0
//! What cleanup is told, and by which settings it acts.

use crate::accepted;
use crate::cleanup::{BOUNCE, Server, USUAL, compare};

/// A server that is told each of these.
fn server(settings: &str, conversations: &[&str]) -> Server {
    Server {
        settings: settings.to_owned(),
        conversations: conversations
            .iter()
            .map(|text| ((*text).to_owned(), USUAL))
            .collect(),
    }
}

/// An envelope of one sender and one recipient, with records between its parts.
fn around(kinds: &str, text: &str) -> Vec<String> {
    kinds
        .chars()
        .map(|kind| text.replace('?', &kind.to_string()))
        .collect()
}

#[test]
fn envelopes_of_every_kind_of_record() {
    let mut all: Vec<&str> = ENVELOPES.to_vec();
    let mut kinds = around(
        "TVSFICcWKfdmPwprei<onM/N",
        "Ss@example.com|Rr@example.com|M|NReceived: x|N|Nb|X|?0|Rr@example.com|E",
    );
    kinds.extend(around(
        "TVSFICcWKfdmPwprei<onA/R",
        "Ss@example.com|Rr@example.com|M|NReceived: x|?0|N|Nb",
    ));
    all.extend(kinds.iter().map(String::as_str));
    let settings = "recipient_delimiter = +\ndelay_warning_time = 1h\n\
        virtual_alias_maps = inline:{{va@example.com=v1@example.com,v2@example.com}}";
    let mut server = server(settings, &all);
    for flags in [0, 4, 8, 2048] {
        server
            .conversations
            .push(("Ss@example.com|Rr@example.com".into(), USUAL | flags));
    }
    let mut accepted = vec![
        accepted::MESSAGE_ID_RECORD,
        accepted::CANCELED,
        accepted::DISCARDED,
        accepted::RECORDS_NAME_THE_MESSAGE,
        accepted::SECOND_TIME,
        accepted::KILLED,
        accepted::ONE_SPELLING,
    ];
    accepted.extend(accepted::NO_ROOM_FOR_CHANGES);
    accepted.extend(accepted::SPOILED_MEMORY);
    compare(&[server], &accepted);
}

const ENVELOPES: &[&str] = &[
    "Lsmtp:filt|>redir@x.y|V+=|Aenvelope_id=abc|Aret_flags=1|Afoo=bar|Atrace_flags=512|\
     Asasl_method=plain|Acreate_time=1|Aencoding=8bit|Ss@example.com|Rr@example.com",
    "Ss@example.com|Lsmtp:filt|>redir@x.y|V+=|Aenvelope_id=abc|Aret_flags=1|Afoo=bar|\
     Atrace_flags=512|Asasl_method=plain|Acreate_time=1|Aencoding=8bit|Rr@example.com|\
     Afoo2=bar2|Rr@example.com",
    "ieid|<2|Ss@example.com|n2|orfc822;z|Rr@example.com",
    "Ss@example.com|Oorig|Rr@example.com|Ddone@x|Ooo|/canc|Rr@example.com",
    "-Ss@example.com|Rr@example.com",
    "Rr@example.com",
    "Rr@example.com|Ss@example.com",
    "Ss@example.com|Ss@example.com|Rr@example.com",
    "T1700000000 5|Ss@example.com|Rr@example.com",
    "-C123 456 7|T1700000000 5|Ss@example.com|Rr@example.com",
    "c123|Ss@example.com|Rr@example.com",
    "W123|Ss@example.com|Rr@example.com",
    "f4|Ss@example.com|Rr@example.com",
    "f2|Ss@example.com|Rr@example.com",
    "Ss@example.com|d100|Rr@example.com",
    "m0|Ss@example.com|Rr@example.com",
    "P0|Ss@example.com|Rr@example.com",
    "I0|Ss@example.com|Rr@example.com",
    "p              0|Ss@example.com|Rr@example.com",
    "w              0|Ss@example.com|Rr@example.com",
    "Ss@example.com|R",
    "r0|e0|Ss@example.com|Rr@example.com",
    "N0|Ss@example.com|Rr@example.com",
    "Anonsense|Ss@example.com|Rr@example.com",
    "Ss@example.com|Anotify_flags=77|Rr@example.com",
    "Ss@example.com|Anotify_flags=abc|Rr@example.com",
    "Ss@example.com|Adsn_orig_rcpt=junk|Rr@example.com",
    "Aret_flags=9|Ss@example.com|Rr@example.com",
    "Arewrite_context=zonk|Ss@example.com|Rr@example.com",
    "Aencoding=zonk|Ss@example.com|Rr@example.com",
    "-Tabc|Ss@example.com|Rr@example.com",
    "Vabc|Ss@example.com|Rr@example.com",
    "S|V+=|Rr@example.com",
    "Labc|Ss@example.com|Rr@example.com",
    "Ss@example.com|M|NReceived: x|N|Nb|X|Lsmtp:f|>redir|Afoo=bar|Aencoding=7bit|Aret_flags=2|\
     Aenvelope_id=zz|Atrace_flags=2|Rr@example.com|Ax=y|Oorrr|Rva@example.com|Ddone|E",
    "Ss@example.com|Rr@example.com|M|NReceived: x|N|Nb|X|E|Rx",
];

#[test]
fn aliases_copies_and_limits() {
    let settings = "recipient_delimiter = +\n\
        virtual_alias_maps = inline:{{va@example.com=v1@example.com,v2@example.com}, \
        {v1@example.com=v1@example.com}, {bccva@x.com=bb1,bb2}, {self=self}, \
        {err@example.com=\"unterminated}, {empty@example.com=, ,}, {q@example.com=\"a b\"@c.d}, \
        {mailman=post+sub}, {ext@example.com=ext2@example.com}}\n\
        always_bcc = always@x.com\n\
        sender_bcc_maps = inline:{{s@example.com=sbcc@x.com}}\n\
        recipient_bcc_maps = inline:{{rb@example.com=bccva@x.com}, {s2=dupbcc}}\n\
        header_size_limit = 300\nmessage_size_limit = 4000\nhopcount_limit = 3";
    let mut told = server(
        settings,
        &[
            "Ss@example.com|Rrb@example.com|Rr2@example.com|Adsn_orig_rcpt=rfc822;x|Anotify_flags=2|\
         Rrb@example.com",
            "S|Rrb@example.com",
            "Sa b@foo|Rc d@example.com|Rx@y@z|Ra%b|Rh!u|R<foo@bar>|Ru@d.|Ru@[1.2.3.4]|R@a:b@c|\
         Rmüller@example.com",
            "Ss@example.com|Rva+foo@example.com|Rself|Rext+bar@example.com|Rmailman+x",
            "Ss@example.com|Rq@example.com",
            "Ss@example.com|Rerr@example.com",
            "Ss@example.com|Rempty@example.com",
        ],
    );
    let one = "Ss@example.com|Rr@example.com";
    let long = |letter: &str, count: usize| letter.repeat(count);
    let x = long("x", 500);
    let (y, z, b) = (long("y", 150), long("z", 200), long("b", 1000));
    let received = "|NReceived: x";
    for content in [
        format!("|NReceived: x|NSubject: {x}|NX-Foo: bar|N {y}|N {z}|NTo: a|N|Nb"),
        format!("|NReceived: x|LSubject: {y}|L{y}|N{z}|NX-Foo: bar|N|Nb|Lbody1|Nbody2"),
        format!("|NReceived: x|N|N{b}|N{b}|N{b}|N{b}"),
        format!("{}|N|Nb", received.repeat(3)),
        format!("{}|N|Nb", received.repeat(4)),
        format!("{received}{}|N|Nb", "|NDelivered-To: x".repeat(4)),
        "|NReceived: x|Qb|Nb".to_owned(),
    ] {
        told.conversations
            .push((format!("{one}|M{content}"), USUAL));
        told.conversations
            .push((format!("{one}|M{content}"), USUAL | BOUNCE));
    }
    for (text, flags) in [
        ("Ss@example.com|Rrb@example.com", 2 | 32),
        ("Ss@example.com|Rva@example.com", 2 | 16),
        ("Sa b@foo|Rmüller@example.com", USUAL | 256),
        ("Sa b@foo|Rmüller@example.com", USUAL | 512),
        (
            "Ss@example.com|Rr@example.com|M|NReceived: x|NSubject: ü|N|Nb",
            USUAL | 512,
        ),
        ("Ss@example.com", USUAL | BOUNCE),
    ] {
        told.conversations.push((text.to_owned(), flags));
    }
    let accepted = [
        accepted::MESSAGE_ID_RECORD,
        accepted::CANCELED,
        accepted::UNKNOWN_RECORDS,
        accepted::LOOKUPS_NAME_THE_MESSAGE,
        accepted::HOPS_ARE_TOLD_ONCE,
        accepted::CLOSING_IS_QUIET,
        accepted::HALF_A_FILE,
    ];
    compare(&[told], &accepted);
}

#[test]
fn headers_are_rewritten_and_added() {
    let contents: Vec<String> = HEADERS
        .iter()
        .map(|content| format!("Ss@example.com|Rr@example.com|M|NReceived: x|{content}"))
        .collect();
    let contents: Vec<&str> = contents.iter().map(String::as_str).collect();
    let masquerade = "masquerade_domains = masq.net\nmasquerade_classes = envelope_sender, \
        envelope_recipient, header_sender, header_recipient\nenable_original_recipient = no";
    let servers = [
        server("recipient_delimiter = +", &contents),
        server(
            "undisclosed_recipients_header = To: undisclosed-recipients:;\n\
            remote_header_rewrite_domain = domain.invalid",
            &[
                "Arewrite_context=remote|Ss@example.com|Rr@example.com|M|NReceived: x|NTo: a|N|Nb",
                "Arewrite_context=remote|Ss@example.com|Rr@example.com",
                "Ss@example.com|Rr@example.com|M|NReceived: x|NBcc: foo|N|Nb",
                "FFull Name|Ss@example.com|Rr@example.com",
                "FA. B (c) \"x\"|Ss@example.com|Rr@example.com",
                "FJo|S|Rr@example.com",
                "FJöhn|Ss@example.com|Rr@example.com",
            ],
        ),
        server(
            masquerade,
            &[
                "Ss@a.masq.net|Rr@a.masq.net|M|NReceived: x|NFrom: x@b.masq.net|NTo: y@c.masq.net|N|Nb",
            ],
        ),
    ];
    compare(
        &servers,
        &[accepted::MESSAGE_ID_RECORD, accepted::ENCODED_NAME],
    );
}

const HEADERS: &[&str] = &[
    "NMessage-ID: |NSubject:|NTo:|NCc: |NFrom: |Nfoo : bar|NDate:|N|Nb",
    "NMessage-ID: <a@b>|NMessage-Id: <c@d>|NResent-Message-ID:|N|Nb",
    "NMessage-ID:|N <a@b>|N  trailing\t|N|Nb",
    "NTo: unknown:;|NCc: Friends: a, b@c.d;, e@f.g|N (comment|N  more)|NSender: \"A, B\" <x>,|\
     NFrom: \"Long display name number one\" <user1@example.com>, \"Long display name number \
     two\" <user2>,\"Long display name number three\" <user3@example.com>|N|Nb",
    "N cont|N\tcont2|Nbad header line|NSubject: foo|N|Nb",
    "N|N x",
    "NSubject: z",
    "N>From foo|NFrom foo|N|Nb",
    "NSubject: a\rb|N|Nb\rc|Nd\0e",
    "NTo: foo@example.com, Joe <joe>|NBcc: hidden|NResent-To: q|N|Nb",
    "NMIME-Version: 1.0|NContent-Type: multipart/mixed; boundary=foo|N|N--foo|\
     NContent-Transfer-Encoding: 8BIT|N|Nx|N--foo|NContent-Type: message/rfc822|N|NFrom: local|\
     NTo: x|N|Ndd|N--foo--",
    "NMIME-Version: 1.0|NContent-Transfer-Encoding: base64|N|NZZZ",
    "NMIME-Version: 1.0|NContent-Transfer-Encoding: \"8bit\"|N|NZZZ",
    "NContent-Transfer-Encoding: binary|N|NZZZ",
    "NContent-Transfer-Encoding: 7bit|N|NZZZ",
    "NContent-Transfer-Encoding: foo|N|NZZZ",
    "NResent-Date: foo|NTo: c|N|Nb",
    "NResent-Cc: foo|N|Nb",
    "NApparently-To: foo|N|Nb",
    "NBCC : foo|NContent-length: 4|NX-Mailer:  two  spaces|Nsubject:none|N|Nb",
    "N: foo|Nb",
    "NX-Foo:|NX-Bar:  |N  |Nb",
    "NTo: undisclosed-recipients:;|NCc: a,b <c>,, d (x) e|NReply-To: <>|NFrom: \"x\"|N|Nb",
    "NTo: Jörg <jörg>|NFrom: =?utf-8?Q?x?= <y>|N|Nb",
    "NTo: a%b@mail.example.com, c!d, @e:f@g, h@i.|N|Nb",
    "NFrom: Joe <joe@example.com> (c)|NReturn-Receipt-To: bar|NErrors-To: foo|NReturn-Path: <x@y>|\
     NContent-Length: 99|NDelivered-To: loop|NX-Foo: bar|NStatus: RO|N|Nb",
];

#[test]
fn addresses_are_mapped() {
    let many: Vec<String> = (0..10).map(|n| format!("u{n}@x.com")).collect();
    let maps = format!(
        "recipient_delimiter = +\n\
         canonical_maps = inline:{{{{a@example.com=b@example.com}}, {{b@example.com=c@example.com}}, \
         {{multi@example.com=m1@example.com,m2@example.com}}, {{l1@example.com=l2@example.com}}, \
         {{l2@example.com=l1@example.com}}, {{@dom.com=@dom2.com}}, {{user=new.user}}, \
         {{self@example.com=self@example.com}}, {{bad@example.com=, }}, {{foo=foo@bar.com}}, \
         {{err@example.com=\"x y\"@example.com}}}}\n\
         sender_canonical_maps = inline:{{{{s@example.com=a@example.com}}}}\n\
         virtual_alias_maps = inline:{{{{many@example.com={}}}, {{c@example.com=vc@example.com}}}}\n\
         virtual_alias_expansion_limit = 5\nvirtual_alias_address_length_limit = 50\n\
         masquerade_domains = !x.masq.net masq.net example.org\nmasquerade_exceptions = root",
        many.join(",")
    );
    let content = "|M|NReceived: x|NFrom: a@example.com|NTo: multi@example.com, user+ext, \
        err@example.com|N|Nb";
    let long = "x".repeat(60);
    let envelopes = [
        "Ss@example.com|Ra@example.com|Rmulti@example.com|Rfoo@dom.com|Rself@example.com|\
         Ruser+ext@mail.example.com|Rfoo|Rerr@example.com|Rroot@q.masq.net|Ru@a.x.masq.net|\
         Ru@x.masq.net|Ru@masq.net",
        "Ss@example.com|Rl1@example.com",
        "Ss@example.com|Rbad@example.com",
        "Ss@example.com|Rmany@example.com",
        &format!("Ss@example.com|R{long}@example.com"),
        "Su@a.x.masq.net|Rr@example.com",
    ]
    .map(|envelope| format!("{envelope}{content}"));
    let mut texts: Vec<&str> = envelopes.iter().map(String::as_str).collect();
    texts.push(
        "Ss@example.com|Rr@example.com|M|NReceived: x|NFrom: root@q.masq.net, U@A.masq.net, \
         u@b.x.MASQ.net|NTo: x@y.Example.ORG, bad@example.com|N|Nb",
    );
    let accepted = [
        accepted::MESSAGE_ID_RECORD,
        accepted::CANCELED,
        accepted::LOOKUPS_NAME_THE_MESSAGE,
    ];
    compare(&[server(&maps, &texts)], &accepted);
}

const ACTIONS: &[&str] = &[
    "REJECT",
    "REJECT no spam",
    "REJECT 5.1.2 no spam",
    "REJECT 4.1.2 odd",
    "DISCARD",
    "DISCARD txt",
    "FILTER smtp:foo",
    "FILTER bad",
    "FILTER",
    "HOLD",
    "HOLD txt",
    "IGNORE",
    "INFO",
    "INFO txt",
    "WARN",
    "WARN txt",
    "PASS",
    "PREPEND X-Foo: bar",
    "PREPEND",
    "PREPEND bad header",
    "REPLACE X-New: foo@local",
    "REPLACE",
    "REDIRECT foo@bar",
    "REDIRECT bad",
    "REDIRECT",
    "BCC foo@bar",
    "BCC",
    "BCC bad",
    "STRIP",
    "STRIP txt",
    "DUNNO",
    "OK",
    "421 foo",
    "FOO",
];

#[test]
fn actions_of_header_and_body_checks() {
    let rules: Vec<String> = (0..)
        .zip(ACTIONS)
        .map(|(n, action)| format!("{{T{n}:x = {action}}}"))
        .collect();
    let table = format!("inline:{{{}}}", rules.join(", "));
    let origin = "Alog_message_origin=cl[1.2.3.4]|Alog_protocol_name=ESMTP|Alog_helo_name=hh|\
        Ss@example.com|Rr@example.com|M|NReceived: x";
    let mut conversations = Vec::new();
    for n in 0..ACTIONS.len() {
        conversations.push((format!("{origin}|NT{n}:x|NX-After: a|N|Nb"), USUAL));
        conversations.push((format!("{origin}|N|Nb1|NT{n}:x|Nb2"), USUAL));
    }
    conversations.push((format!("{origin}|NT1:x|N|Nb"), USUAL | BOUNCE));
    conversations.push((format!("{origin}|NT1:x|N|Nb"), 16 | 32));
    let settings = format!("header_checks = {table}\nbody_checks = {table}");
    let server = Server {
        settings,
        conversations,
    };
    compare(
        &[server],
        &[
            accepted::MESSAGE_ID_RECORD,
            accepted::CANCELED,
            accepted::DISCARDED,
        ],
    );
}
