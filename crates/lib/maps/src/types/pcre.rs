// SPDX-License-Identifier: MIT OR Apache-2.0
//! `pcre:/file` and `pcre:{ {rule}, ... }`: Perl-compatible regular expressions.
//!
//! Without regard to case, and `.` matches line ends, unless flags say otherwise: `i` (case), `m`
//! (lines), `s` (dot), `x` (extended), `A` (anchored), `E` (dollar at the end only), `U`
//! (ungreedy). `X` has had no meaning since the second version of the library.
//!
//! *Postfix:* dict_pcre(3), pcre_table(5).

use std::ffi::CStr;

use sys::pcre::{Flags, Matcher, Pattern};
use sys::regex::Captures;

use super::expressions::{Engine, Toggled};

/// The expressions of the PCRE2 library.
pub(super) struct Perl {
    matcher: Matcher,
}

impl Engine for Perl {
    const KIND: &'static str = "pcre";
    const UNCLOSED: &'static str = "ignoring";
    const OUT_OF_RANGE: &'static str = "out of range";
    const TWO_PATTERNS: bool = false;
    type Flags = Flags;
    const USUAL: Flags = Flags::CASELESS.and(Flags::DOTALL);
    type Pattern = Pattern;

    fn new(groups: usize) -> Self {
        Self {
            matcher: Matcher::new(groups),
        }
    }

    fn toggle(flags: &mut Flags, letter: u8) -> Option<Toggled> {
        flags.toggle(match letter {
            b'i' => Flags::CASELESS,
            b'm' => Flags::MULTILINE,
            b's' => Flags::DOTALL,
            b'x' => Flags::EXTENDED,
            b'A' => Flags::ANCHORED,
            b'E' => Flags::DOLLAR_ENDONLY,
            b'U' => Flags::UNGREEDY,
            b'X' => return Some(Toggled::Obsolete),
            _ => return None,
        });
        Some(Toggled::Done)
    }

    fn compile(pattern: &CStr, flags: Flags) -> Result<Pattern, String> {
        Pattern::new(pattern.to_bytes(), flags)
            .map_err(|(offset, text)| format!("error in regex at offset {offset}: {text}"))
    }

    fn groups(pattern: &Pattern) -> usize {
        pattern.groups()
    }

    fn search(
        &mut self,
        pattern: &Pattern,
        text: &CStr,
        groups: usize,
    ) -> Result<Option<Captures>, String> {
        self.matcher.search(pattern, text.to_bytes(), groups)
    }
}
