// SPDX-License-Identifier: MIT OR Apache-2.0
//! `regexp:/file` and `regexp:{ {rule}, ... }`: POSIX regular expressions.
//!
//! Extended syntax without regard to case, unless flags say otherwise: `i` (case), `m` (lines),
//! `x` (extended).
//!
//! *Postfix:* dict_regexp(3), regexp_table(5).

use std::ffi::CStr;

use sys::regex::{Captures, Flags, Regex};

use super::expressions::{Engine, Toggled};

/// The expressions of the C library.
pub(super) struct Posix;

impl Engine for Posix {
    const KIND: &'static str = "regexp";
    const UNCLOSED: &'static str = "skipping";
    const OUT_OF_RANGE: &'static str = "out-of-range";
    const TWO_PATTERNS: bool = true;
    type Flags = Flags;
    const USUAL: Flags = Flags {
        extended: true,
        ignore_case: true,
        lines: false,
    };
    type Pattern = Regex;

    fn new(_groups: usize) -> Self {
        Self
    }

    fn toggle(flags: &mut Flags, letter: u8) -> Option<Toggled> {
        let flag = match letter {
            b'i' => &mut flags.ignore_case,
            b'm' => &mut flags.lines,
            b'x' => &mut flags.extended,
            _ => return None,
        };
        *flag = !*flag;
        Some(Toggled::Done)
    }

    fn compile(pattern: &CStr, flags: Flags) -> Result<Regex, String> {
        Regex::new(pattern, flags)
    }

    fn groups(pattern: &Regex) -> usize {
        pattern.groups()
    }

    fn search(
        &mut self,
        pattern: &Regex,
        text: &CStr,
        groups: usize,
    ) -> Result<Option<Captures>, String> {
        pattern.search(text, groups)
    }
}
