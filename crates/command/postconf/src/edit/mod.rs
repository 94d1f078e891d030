// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of main.cf and master.cf: `-e`, `-X`, `-#`.
//!
//! *Invariants*: comments and the order of lines stay, but that comments between the lines of
//! an entry that is written anew come out above it. The file changes whole or not at all.
//!
//! *Postfix:* `postconf/postconf_edit`, `util/edit_file`.

mod file;
pub(crate) mod main_cf;
pub(crate) mod master_cf;

use file::update;

/// What a line of a configuration file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Empty, or a comment.
    Other,
    /// The beginning of a logical line.
    Start,
    /// What continues a logical line.
    More,
}

impl Line {
    fn of(line: &[u8]) -> Line {
        match line.iter().position(|byte| !is_space(*byte)) {
            None => Line::Other,
            Some(at) if line.get(at) == Some(&b'#') => Line::Other,
            Some(0) => Line::Start,
            Some(_) => Line::More,
        }
    }
}

/// White space as the configuration files have it.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'\x0b'
}

/// The lines of a text with their line ends, which the last one gets if it has none.
fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let mut lines: Vec<_> = lines.map(<[u8]>::to_vec).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with(b"\n")) {
        last.push(b'\n');
    }
    lines
}
