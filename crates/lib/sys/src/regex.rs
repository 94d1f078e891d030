// SPDX-License-Identifier: MIT OR Apache-2.0
//! POSIX regular expressions, by the C library: the same engine as the original's, hence the same
//! dialect, the same leftmost-longest matches and the same messages.
//!
//! *Invariants:* a [`Regex`] is compiled once and never changes; searches only read it.
//!
//! *Bugs:* the library knows no limits: a pattern with nested repetitions and back-references can
//! take as long as it likes. Patterns come from the administrator.

#![expect(unsafe_code, reason = "the reference implementation is a C library")]

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::ops::Range;

/// What the parts of a pattern matched: the whole match first, then each group; `None` for a
/// group that took no part.
pub type Captures = Vec<Option<Range<usize>>>;

/// How a pattern is read and applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// Extended syntax (`REG_EXTENDED`); otherwise basic.
    pub extended: bool,
    /// Upper and lower case are the same (`REG_ICASE`).
    pub ignore_case: bool,
    /// `^` and `$` match at line ends within the text, and `.` no line end (`REG_NEWLINE`).
    pub lines: bool,
}

/// A compiled pattern.
pub struct Regex {
    /// On the heap, because the library may keep pointers into it.
    raw: Box<libc::regex_t>,
    groups: usize,
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is wrong; the text is the library's.
    pub fn new(pattern: &CStr, flags: Flags) -> Result<Self, String> {
        let mut options = 0;
        for (on, option) in [
            (flags.extended, libc::REG_EXTENDED),
            (flags.ignore_case, libc::REG_ICASE),
            (flags.lines, libc::REG_NEWLINE),
        ] {
            options |= if on { option } else { 0 };
        }
        let mut raw = Box::new(MaybeUninit::<libc::regex_t>::zeroed());
        // SAFETY: `raw` is a place for the compiled pattern; the pattern is NUL-terminated.
        let code = unsafe { libc::regcomp(raw.as_mut_ptr(), pattern.as_ptr(), options) };
        // SAFETY: all-zero bytes are a valid value of this plain C structure of pointers and
        // numbers, whether or not the library filled it.
        let raw = unsafe { raw.assume_init() };
        if code != 0 {
            return Err(message(code, &raw));
        }
        let groups = groups_of(&raw);
        Ok(Self { raw, groups })
    }

    /// How many groups the pattern has.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Searches for the leftmost, longest match; tells what the first `groups` groups matched
    /// (nothing at all, not even the whole match, for 0). `None` means no match.
    ///
    /// # Errors
    /// The library gave up, for example for want of memory; the text is the library's.
    pub fn search(&self, text: &CStr, groups: usize) -> Result<Option<Captures>, String> {
        const NOWHERE: libc::regmatch_t = libc::regmatch_t {
            rm_so: -1,
            rm_eo: -1,
        };
        let mut places = match groups {
            0 => Vec::new(),
            groups => vec![NOWHERE; groups + 1],
        };
        // SAFETY: the pattern is compiled, the text NUL-terminated, and `places` has as many
        // elements as the call is told.
        let code = unsafe {
            libc::regexec(
                &raw const *self.raw,
                text.as_ptr(),
                places.len(),
                places.as_mut_ptr(),
                0,
            )
        };
        let place = |place: &libc::regmatch_t| {
            let start = usize::try_from(place.rm_so).ok()?;
            Some(start..usize::try_from(place.rm_eo).ok()?)
        };
        match code {
            0 => Ok(Some(places.iter().map(place).collect())),
            libc::REG_NOMATCH => Ok(None),
            code => Err(message(code, &self.raw)),
        }
    }
}

impl Drop for Regex {
    fn drop(&mut self) {
        // SAFETY: the pattern was compiled, and is freed once.
        unsafe { libc::regfree(&raw mut *self.raw) }
    }
}

/// The number of groups, `re_nsub`, which the `libc` crate keeps private.
fn groups_of(raw: &libc::regex_t) -> usize {
    // In glibc after three words of the buffer, the syntax, the fast map and the translation; in
    // musl at the beginning.
    #[cfg(target_env = "gnu")]
    const PLACE: usize = 6 * size_of::<usize>();
    #[cfg(not(target_env = "gnu"))]
    const PLACE: usize = 0;
    const { assert!(PLACE + size_of::<usize>() <= size_of::<libc::regex_t>()) };
    let start = (&raw const *raw).cast::<u8>();
    // SAFETY: the place lies within the structure, as checked above.
    let place = unsafe { start.add(PLACE) };
    // SAFETY: a `size_t` stands there, initialised by the library, in any alignment.
    unsafe { place.cast::<usize>().read_unaligned() }
}

fn message(code: libc::c_int, raw: &libc::regex_t) -> String {
    let mut text = [0_u8; 256];
    let place = text.as_mut_ptr().cast::<c_char>();
    // SAFETY: the buffer is as long as the call is told; the library terminates the text.
    unsafe { libc::regerror(code, raw, place, text.len()) };
    CStr::from_bytes_until_nul(&text)
        .map(|text| text.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENDED: Flags = Flags {
        extended: true,
        ignore_case: true,
        lines: false,
    };

    #[test]
    fn groups_are_counted_in_either_syntax() {
        let groups = |pattern, flags| Regex::new(pattern, flags).unwrap().groups();
        let basic = Flags {
            extended: false,
            ..EXTENDED
        };
        assert_eq!(groups(c"a(b)(c(d))", EXTENDED), 3);
        assert_eq!(groups(c"abc", EXTENDED), 0);
        assert_eq!(groups(c"(a)\\(b\\)", basic), 1);
    }

    #[test]
    fn the_longest_of_the_leftmost_matches_counts() {
        let regex = Regex::new(c"(x|xy)(yz)?", EXTENDED).unwrap();
        let found = regex.search(c"aXYz", 2).unwrap().unwrap();
        assert_eq!(found, [Some(1..4), Some(1..2), Some(2..4)]);
        let found = regex.search(c"xy!", 2).unwrap().unwrap();
        assert_eq!(found, [Some(0..2), Some(0..2), None]);
        assert_eq!(regex.search(c"abc", 2).unwrap(), None);
        assert_eq!(regex.search(c"x", 0).unwrap(), Some(Vec::new()));
    }

    #[test]
    fn wrong_patterns_are_explained_by_the_library() {
        let error = |pattern| Regex::new(pattern, EXTENDED).err().unwrap();
        assert_eq!(error(c"(a"), "Unmatched ( or \\(");
        assert_eq!(error(c"[z-a]"), "Invalid range end");
    }

    #[test]
    fn line_ends_match_only_on_demand() {
        let lines = Flags {
            lines: true,
            ..EXTENDED
        };
        let matches = |flags| {
            Regex::new(c"^b$", flags)
                .unwrap()
                .search(c"a\nb\nc", 0)
                .unwrap()
                .is_some()
        };
        assert!(matches(lines));
        assert!(!matches(EXTENDED));
    }
}
