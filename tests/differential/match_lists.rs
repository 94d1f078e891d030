// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of addresses and domains, and the order in which addresses are looked up in tables.

use kit::{Instance, observe};

use crate::compare::same;

const QUIET: &str = "smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\n\
    smtpd_authorized_xclient_hosts = 0.0.0.0/0 [::]/0\nsmtpd_reject_unlisted_recipient = no\n\
    smtpd_relay_restrictions = reject_unauth_destination\ninet_protocols = all\n";

/// What the server answers when this client names this recipient.
fn answer(instance: &Instance, client: &str, recipient: &str) -> String {
    let (name, address) = client.split_once(' ').unwrap_or(("[UNAVAILABLE]", client));
    let address = if address.contains(':') {
        format!("IPV6:{address}")
    } else {
        address.to_owned()
    };
    let replies = instance.smtp().session(&[
        "EHLO test.example".to_owned(),
        format!("XCLIENT NAME={name} ADDR={address}"),
        "EHLO test.example".to_owned(),
        "MAIL FROM:<sender@test.example>".to_owned(),
        format!("RCPT TO:<{recipient}>"),
    ]);
    let last = replies.last().expect("a reply");
    format!("{client} {recipient}: {}", observe::stable(last))
}

#[test]
fn lists_of_addresses_match_the_same_clients() {
    let networks = "mynetworks = !192.0.2.5 192.0.2.0/24 198.51.100.7 [198.51.100.8] \
        ![2001:db8:1::7] [2001:db8:1::]/48 [2001:db8:2::1] [2001:db8:4::/48] \
        [::ffff:127.0.0.0]/104 !$DIR/etc/refused $DIR/etc/networks, cidr:{{203.0.113.0/28 x}}, \
        inline:{203.0.113.77=x, 2001:db8:5::1=x} !regexp:$DIR/etc/patterns \
        203.0.113.64/26 .dotted.example parent.example host.name.example \
        inline:{table.example=x} 10.0.0.1/8 2001:db8:3::1 $DIR/etc/behind\n";
    let clients = [
        "192.0.2.5",
        "192.0.2.6",
        "198.51.100.7",
        "198.51.100.8",
        "198.51.100.9",
        "2001:db8:1::7",
        "2001:db8:1:0::8",
        "2001:db8:2::1",
        "2001:db8:3::1",
        "2001:db8:4:5::1",
        "2001:db8:5::1",
        "2001:db8:6::1",
        "127.0.0.9",
        "::ffff:127.0.0.9",
        "100.64.0.1",
        "100.64.1.1",
        "100.65.0.1",
        "100.66.0.1",
        "203.0.113.5",
        "203.0.113.77",
        "203.0.113.91",
        "203.0.113.96",
        "203.0.113.50",
        "a.dotted.example 100.70.0.1",
        "dotted.example 100.70.0.1",
        "a.parent.example 100.70.0.1",
        "HOST.name.example 100.70.0.1",
        "a.host.name.example 100.70.0.1",
        "notparent.example 100.70.0.1",
        "a.table.example 100.70.0.1",
        "10.1.1.1",
        "11.1.1.1",
    ];
    for parents in ["parent_domain_matches_subdomains =", ""] {
        same(
            |setup| {
                setup
                    .main(QUIET)
                    .main(networks)
                    .main(parents)
                    .main("smtpd_recipient_restrictions = permit_mynetworks, reject")
                    .main("relay_domains = static:all")
                    .file("patterns", "/^203\\.0\\.113\\.9[0-5]$/ x\n")
                    .file(
                        "networks",
                        "# a comment\n100.64.0.0/24, !100.65.0.1\n\n100.65.0.0/24\n",
                    )
                    .file("refused", "100.66.0.1 !100.64.1.1\n")
                    .file("behind", "11.0.0.0/8\n")
            },
            &[],
            |instance| {
                let client = |client: &&str| answer(instance, client, "x@elsewhere.example");
                clients.iter().map(client).collect()
            },
        );
    }
}

#[test]
fn lists_of_domains_match_the_same_domains() {
    let list = "relay_domains = !no.parent.example parent.example .dotted.example \
        $DIR/etc/domains inline:{table.example=x, .below.example=y} \
        regexp:$DIR/etc/patterns !static.example pipemap:{inline:{piped.example=a}, \
        inline:{a=b}} cidr:{{192.0.2.1 x}} hash:/nonexistent/table behind.example\n";
    let domains = [
        "parent.example",
        "PARENT.example",
        "a.parent.example",
        "no.parent.example",
        "a.no.parent.example",
        "notparent.example",
        "dotted.example",
        "a.dotted.example",
        "a.b.dotted.example",
        "file.example",
        "a.file.example",
        "not.file.example",
        "table.example",
        "a.b.table.example",
        "below.example",
        "a.below.example",
        "re1.example",
        "a.re1.example",
        "piped.example",
        "a.piped.example",
        "behind.example",
        "elsewhere.example",
    ];
    for parents in ["parent_domain_matches_subdomains =", ""] {
        same(
            |setup| {
                setup
                    .main(QUIET)
                    .main(list)
                    .main(parents)
                    .file("patterns", "/^re[0-9]\\.example$/ x\n")
                    .file("domains", "!not.file.example\nfile.example\n")
            },
            &[],
            |instance| {
                let domain = |domain: &&str| answer(instance, "192.0.2.1", &format!("x@{domain}"));
                domains.iter().map(domain).collect()
            },
        );
    }
}

#[test]
fn access_tables_are_asked_for_the_same_keys() {
    let tables = "smtpd_recipient_restrictions = \
        check_recipient_access inline:{ {u+x@full.example = REJECT complete}, \
        {u@full.example = REJECT bare}, {full.example = REJECT domain}, {u+x@ = REJECT local}, \
        {u@ = REJECT user}, {parent.example = REJECT parent}, {.dotted.example = REJECT dotted}, \
        {\"a b\"@full.example = REJECT quoted}, {temporary@full.example = DEFER} } \
        check_recipient_access regexp:$DIR/etc/patterns \
        check_client_access cidr:{ {192.0.2.64/26 REJECT network} } \
        check_client_access inline:{ {198.51 = REJECT octets}, {2001:db8 = REJECT groups}, \
        {192.0.2.3 = REJECT address}, {client.example = REJECT name} }, permit\n";
    let asked = [
        ("192.0.2.1", "u+x@full.example"),
        ("192.0.2.1", "U+X@FULL.example"),
        ("192.0.2.1", "u+y@full.example"),
        ("192.0.2.1", "w@full.example"),
        ("192.0.2.1", "\"a b\"@full.example"),
        ("192.0.2.1", "temporary@full.example"),
        ("192.0.2.1", "u+x@other.example"),
        ("192.0.2.1", "u+y@other.example"),
        ("192.0.2.1", "w@a.parent.example"),
        ("192.0.2.1", "w@dotted.example"),
        ("192.0.2.1", "w@a.dotted.example"),
        ("192.0.2.1", "w+z@pattern.example"),
        ("192.0.2.1", "w@other.example"),
        ("192.0.2.70", "w@other.example"),
        ("192.0.2.3", "w@other.example"),
        ("198.51.100.1", "w@other.example"),
        ("2001:db8:1::1", "w@other.example"),
        ("a.client.example 100.64.0.1", "w@other.example"),
    ];
    for parents in ["parent_domain_matches_subdomains =", ""] {
        same(
            |setup| {
                setup
                    .main(QUIET)
                    .main(tables)
                    .main(parents)
                    .main("recipient_delimiter = +\nrelay_domains = static:all")
                    .file(
                        "patterns",
                        "/^w\\+(.*)@pattern\\.example$/ REJECT pattern $1\n\
                         /^pattern\\.example$/ REJECT never\n/^w@$/ REJECT never\n",
                    )
            },
            &[],
            |instance| {
                asked
                    .iter()
                    .map(|(client, recipient)| answer(instance, client, recipient))
                    .collect()
            },
        );
    }
}

#[test]
fn addresses_are_rewritten_by_the_same_entries() {
    let tables = "virtual_alias_maps = inline:{ {u+x@full.example = one@end.example}, \
        {u@full.example = two@end.example}, {local+x = three@end.example}, \
        {local = four@end.example}, {@all.example = five@end.example}, \
        {@moved.example = @end.example}, {many@full.example = six@end.example, \"s t\"@end.example}, \
        {\"a b\"@full.example = seven@end.example} } \
        regexp:$DIR/etc/patterns\n\
        canonical_maps = inline:{ {canon@full.example = canonical@end.example}, \
        {@canon.example = @end.example} }\n";
    let to = [
        "u+x@full.example",
        "u+y@full.example",
        "U@Full.example",
        "local+x@mail.example.test",
        "local+y@mail.example.test",
        "local@elsewhere.example",
        "any+z@all.example",
        "any+z@moved.example",
        "many+z@full.example",
        "\"a b\"@full.example",
        "p+q@pattern.example",
        "canon+z@full.example",
        "any+z@canon.example",
        "same@elsewhere.example",
    ];
    same(
        |setup| {
            setup
                .main(QUIET)
                .main(tables)
                .main(
                    "recipient_delimiter = +\ndefault_transport = discard\nmynetworks_style = host",
                )
                .main("local_transport = discard\nrelay_transport = discard\nrelay_domains = static:all")
                .file(
                    "patterns",
                    "/^p\\+(.*)@pattern\\.example$/ $1@end.example\n\
                     /^p@/ never@end.example\n/^@/ never@end.example\n",
                )
        },
        &[],
        |instance| {
            for to in to {
                instance.deliver("", &[to], "Subject: x\n\nbody\n");
            }
            instance.wait_empty_queue();
            observe::told_by("discard", &instance.log())
        },
    );
}
