// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sources and specifications made of pieces in any order: each opens or is refused, and answers
//! any key; nothing panics.

use crate::Options;

/// What rules and specifications are made of.
const PIECES: [&str; 40] = [
    "/",
    "!",
    "{",
    "}",
    "(",
    ")",
    "$",
    "$1",
    "${",
    "$(",
    "[",
    "]",
    "if ",
    "endif",
    "\n",
    " ",
    ",",
    "=",
    ":",
    "\\",
    "\"",
    "a",
    "0",
    "1.2.3.4",
    "/8",
    "/33",
    "::",
    "::1/",
    "ffff:",
    ".*",
    "+",
    "?",
    "|",
    "^",
    "i",
    "x\u{e9}",
    "#",
    "\0",
    "static:x",
    "inline:{a=b}",
];
const KINDS: [&str; 9] = [
    "cidr", "debug", "inline", "pcre", "pipemap", "randmap", "regexp", "static", "unionmap",
];

#[test]
fn any_specification_is_opened_or_refused() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut opened = 0;
    for _ in 0..6000 {
        let mut text = String::new();
        for _ in 0..below(24) {
            text.push_str(PIECES[below(PIECES.len())]);
        }
        // Most would not even begin as a list of rules.
        let name = match below(3) {
            0 => text,
            1 => format!("{{ {text} }}"),
            _ => format!("{{ {{/{text}}} {{{text}}} }}"),
        };
        let kind = KINDS[below(KINDS.len())];
        let Ok(mut table) = super::open(kind, &name, &Options::new()) else {
            continue;
        };
        opened += 1;
        for key in ["a", "1.2.3.4", "::1", "", "x\u{e9}\0y", &*name] {
            let _ = table.get(key.as_bytes());
        }
    }
    assert!(
        opened > 1000,
        "most of the work must reach the tables: {opened}"
    );
}
