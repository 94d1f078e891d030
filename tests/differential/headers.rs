// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address headers put together at random, as cleanup rewrites them.

use crate::accepted;
use crate::cleanup::{Server, USUAL, compare};
use crate::random::Random;

/// What headers are made of. Brackets come in pairs: around lone ones the original leaves out a
/// blank now and then.
const PIECES: &[&str] = &[
    "a@b.com",
    "zz",
    "Foo",
    "\"q s\"",
    "(c)",
    "(c (n))",
    "<a@b.com>",
    "<zz>",
    ",",
    ";",
    ":",
    "[x]",
    ".",
    " ",
    " ",
    " ",
    "\t",
    "\"q\\\"x\"",
    "b\\ c",
    "@",
    "%",
    "!",
    "Foo <u@h>",
    ", ",
    "g: ",
    "longer.name.in.here@some.domain.example",
    "x\\",
    "é",
    "(",
    ")",
    "\"",
    "|N ",
    "@a:",
    "@r,@s:",
];

const NAMES: &[&str] = &[
    "To",
    "From",
    "Cc",
    "Reply-To",
    "Sender",
    "Resent-To",
    "Errors-To",
];

/// A message whose header has `count` random fields.
fn message(random: &mut Random, count: usize) -> String {
    let mut text = "Ss@example.com|Rr@example.com|M|NReceived: x".to_owned();
    for _ in 0..count {
        let name = random.choose(NAMES);
        let before = random.choose(&["", "zz, "]);
        text += &format!("|N{name}: {before}{}", random.pieces(PIECES, 9));
    }
    text + "|N|Nbody"
}

#[test]
fn made_of_anything_are_rewritten() {
    let mut random = Random::new(3);
    let settings = [
        "",
        "append_dot_mydomain = yes\nmasquerade_domains = example.com b.com",
        "canonical_maps = inline:{{zz@mail.example.com=canon@example.com}, {@b.com=@c.com}}\n\
         recipient_delimiter = +",
    ];
    let server = |settings: &str| Server {
        settings: settings.to_owned(),
        conversations: (0..12).map(|_| (message(&mut random, 20), USUAL)).collect(),
    };
    let servers: Vec<Server> = settings.into_iter().map(server).collect();
    compare(
        &servers,
        &[
            accepted::MESSAGE_ID_RECORD,
            accepted::QUIET_ABOUT_DOMAINS[1],
        ],
    );
}
