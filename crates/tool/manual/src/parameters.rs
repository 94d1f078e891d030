// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the pages say about parameters: postconf(5), and the list in a program's page.

use config::manual::{self, Entry};
use config::prose::{self, Block, Span};
use config::table::{Prefix, Standing};

use crate::roff::Roff;

/// What stands before the entries of postconf(5).
const INTRODUCTION: &str = include_str!("postconf.5.md");

/// The whole of postconf(5).
pub fn postconf_5() -> String {
    let mut roff = Roff::page("postconf", 5);
    for block in prose::parse(INTRODUCTION.lines()) {
        roff.block(&block);
    }
    for entry in manual::entries() {
        let shown = default_of(&entry);
        roff.entry(entry.spec.name, &format!("(default: {shown})"));
        if entry.prefix == Prefix::Lmtp {
            let text = format!(
                "As `{}`, for the LMTP client. Value: {}.",
                entry.told_at.name,
                entry.facts()
            );
            roff.paragraph(&prose::spans(&text));
            continue;
        }
        for block in entry.text() {
            roff.block(&block);
        }
        let standing = entry
            .standing()
            .map(|text| format!(" {text}"))
            .unwrap_or_default();
        let facts = format!("Value: {}.{standing}", entry.facts());
        roff.paragraph(&[Span::Text(facts)]);
    }
    let see_also = "# SEE ALSO\n\npostconf(1), main.cf in `/etc/postfix`, master(5)";
    for block in prose::parse(see_also.lines()) {
        roff.block(&block);
    }
    roff.finish()
}

/// A list of parameters with their defaults and summaries.
pub fn summaries(roff: &mut Roff, names: &[&str]) {
    for entry in names.iter().filter_map(|name| manual::entry(name)) {
        if matches!(entry.spec.standing, Standing::Removed(_)) {
            continue;
        }
        let term = [
            Span::Code(entry.spec.name.to_string()),
            Span::Text(format!(" ({})", default_of(&entry))),
        ];
        roff.block(&Block::Definition(term.to_vec(), entry.summary()));
    }
}

/// The default as it is shown.
fn default_of(entry: &Entry) -> String {
    let computed = [
        "mydomain",
        "myhostname",
        "mynetworks",
        "process_id",
        "process_name",
    ];
    match entry.spec.default {
        _ if computed.contains(&entry.spec.name) => "see \"postconf -d\" output".to_string(),
        "" => "empty".to_string(),
        text => text.to_string(),
    }
}
