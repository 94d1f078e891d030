// SPDX-License-Identifier: MIT OR Apache-2.0
//! Perl-compatible regular expressions, by the PCRE2 library.
//!
//! *Invariants:* a search ends: after [`MATCH_LIMIT`] steps or [`HEAP_LIMIT`] KiB of memory it
//! gives up with an error. Patterns and texts are bytes, not characters.

#![expect(unsafe_code, reason = "the reference implementation is a C library")]

use std::ptr::NonNull;

use pcre2_sys as ffi;

use crate::regex::Captures;

/// How many steps one search may take: the library's usual number.
const MATCH_LIMIT: u32 = 10_000_000;
/// How much memory, in KiB, one search may take to remember where to go back to.
const HEAP_LIMIT: u32 = 64 * 1024;

/// How a pattern is read and applied: bits for [`Pattern::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// Upper and lower case are the same.
    pub const CASELESS: Self = Self(ffi::PCRE2_CASELESS);
    /// `^` and `$` match at line ends within the text.
    pub const MULTILINE: Self = Self(ffi::PCRE2_MULTILINE);
    /// `.` matches line ends too.
    pub const DOTALL: Self = Self(ffi::PCRE2_DOTALL);
    /// White space and comments in the pattern do not count.
    pub const EXTENDED: Self = Self(ffi::PCRE2_EXTENDED);
    /// The pattern matches at the start of the text only.
    pub const ANCHORED: Self = Self(ffi::PCRE2_ANCHORED);
    /// `$` matches at the very end only, not before a last line end.
    pub const DOLLAR_ENDONLY: Self = Self(ffi::PCRE2_DOLLAR_ENDONLY);
    /// Repetitions are short unless `?` follows.
    pub const UNGREEDY: Self = Self(ffi::PCRE2_UNGREEDY);

    /// The flags of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Turns flags on that are off, and off that are on.
    pub fn toggle(&mut self, flags: Self) {
        self.0 ^= flags.0;
    }
}

/// A compiled pattern.
pub struct Pattern {
    raw: NonNull<ffi::pcre2_code_8>,
    groups: usize,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// The pattern is wrong: the offset in it, and the library's text.
    pub fn new(pattern: &[u8], flags: Flags) -> Result<Self, (usize, String)> {
        let (mut code, mut offset) = (0, 0);
        // SAFETY: pattern and length belong together; both numbers are places for results; a
        // null context stands for the usual one.
        let raw = unsafe {
            ffi::pcre2_compile_8(
                pattern.as_ptr(),
                pattern.len(),
                flags.0,
                &raw mut code,
                &raw mut offset,
                std::ptr::null_mut(),
            )
        };
        let Some(raw) = NonNull::new(raw) else {
            return Err((offset, message(code)));
        };
        let mut groups: u32 = 0;
        let place = (&raw mut groups).cast();
        // SAFETY: the pattern is compiled, and this question is answered with a u32.
        unsafe { ffi::pcre2_pattern_info_8(raw.as_ptr(), ffi::PCRE2_INFO_CAPTURECOUNT, place) };
        Ok(Self {
            raw,
            groups: groups as usize,
        })
    }

    /// How many groups the pattern has.
    pub fn groups(&self) -> usize {
        self.groups
    }
}

impl Drop for Pattern {
    fn drop(&mut self) {
        // SAFETY: the pattern is compiled, and is freed once.
        unsafe { ffi::pcre2_code_free_8(self.raw.as_ptr()) }
    }
}

/// The working memory of searches, for any number of patterns.
pub struct Matcher {
    data: NonNull<ffi::pcre2_match_data_8>,
    context: NonNull<ffi::pcre2_match_context_8>,
    /// How many groups `data` has room for.
    groups: usize,
}

impl Matcher {
    /// Memory for searches that want to know what up to `groups` groups matched.
    ///
    /// # Panics
    /// The system has no memory left.
    pub fn new(groups: usize) -> Self {
        let pairs = u32::try_from(groups + 1).unwrap_or(u32::MAX);
        // SAFETY: a null context stands for the usual one.
        let data = unsafe { ffi::pcre2_match_data_create_8(pairs, std::ptr::null_mut()) };
        // SAFETY: as above.
        let context = unsafe { ffi::pcre2_match_context_create_8(std::ptr::null_mut()) };
        let (Some(data), Some(context)) = (NonNull::new(data), NonNull::new(context)) else {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<[usize; 64]>());
        };
        // SAFETY: the context is valid.
        unsafe { ffi::pcre2_set_match_limit_8(context.as_ptr(), MATCH_LIMIT) };
        // SAFETY: the context is valid.
        unsafe { ffi::pcre2_set_heap_limit_8(context.as_ptr(), HEAP_LIMIT) };
        Self {
            data,
            context,
            groups,
        }
    }

    /// Searches for the first match; tells what the first `groups` groups matched (nothing at
    /// all, not even the whole match, for 0). `None` means no match.
    ///
    /// # Errors
    /// The search was given up; the text is the library's.
    pub fn search(
        &mut self,
        pattern: &Pattern,
        text: &[u8],
        groups: usize,
    ) -> Result<Option<Captures>, String> {
        // SAFETY: pattern, data and context are valid; text and length belong together.
        let code = unsafe {
            ffi::pcre2_match_8(
                pattern.raw.as_ptr(),
                text.as_ptr(),
                text.len(),
                0,
                0,
                self.data.as_ptr(),
                self.context.as_ptr(),
            )
        };
        if code == ffi::PCRE2_ERROR_NOMATCH {
            return Ok(None);
        }
        let Ok(found) = usize::try_from(code) else {
            return Err(message(code));
        };
        if groups == 0 {
            return Ok(Some(Vec::new()));
        }
        // More groups matched than there is room for: all of the room is filled.
        let found = if found == 0 { self.groups + 1 } else { found };
        // SAFETY: the data is valid.
        let places = unsafe { ffi::pcre2_get_ovector_pointer_8(self.data.as_ptr()) };
        // SAFETY: a search that matched has filled this many pairs, and nothing else uses the
        // memory while the slice lives.
        let places = unsafe { std::slice::from_raw_parts(places, 2 * found) };
        let (places, _) = places.as_chunks::<2>();
        let mut captures: Captures = places
            .iter()
            .map(|&[start, end]| (start <= end && end <= text.len()).then_some(start..end))
            .collect();
        captures.resize(groups + 1, None);
        Ok(Some(captures))
    }
}

impl Drop for Matcher {
    fn drop(&mut self) {
        // SAFETY: the data is valid, and is freed once.
        unsafe { ffi::pcre2_match_data_free_8(self.data.as_ptr()) }
        // SAFETY: the context is valid, and is freed once.
        unsafe { ffi::pcre2_match_context_free_8(self.context.as_ptr()) }
    }
}

fn message(code: i32) -> String {
    let mut text = [0_u8; 256];
    // SAFETY: the buffer is as long as the call is told; the result is the length of the text.
    let length = unsafe { ffi::pcre2_get_error_message_8(code, text.as_mut_ptr(), text.len()) };
    let text = usize::try_from(length)
        .ok()
        .and_then(|length| text.get(..length));
    String::from_utf8_lossy(text.unwrap_or(b"unknown error")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(pattern: &str, flags: Flags, text: &[u8], groups: usize) -> Option<Captures> {
        let pattern = Pattern::new(pattern.as_bytes(), flags).unwrap();
        Matcher::new(groups).search(&pattern, text, groups).unwrap()
    }

    #[test]
    fn groups_that_take_no_part_are_none() {
        let found = search("(a)|(b)(c)?", Flags::CASELESS, b"xB", 3).unwrap();
        assert_eq!(found, [Some(1..2), None, Some(1..2), None]);
        assert_eq!(search("q", Flags::CASELESS, b"xB", 3), None);
    }

    #[test]
    fn each_flag_does_what_it_says() {
        let none = Flags(0);
        let matches = |pattern, flags, text: &[u8]| search(pattern, flags, text, 0).is_some();
        assert!(!matches("A", none, b"a") && matches("A", Flags::CASELESS, b"a"));
        assert!(!matches("^b", none, b"a\nb") && matches("^b", Flags::MULTILINE, b"a\nb"));
        assert!(!matches("a.b", none, b"a\nb") && matches("a.b", Flags::DOTALL, b"a\nb"));
        assert!(!matches("a b", Flags::EXTENDED, b"a b") && matches("a b", Flags::EXTENDED, b"ab"));
        assert!(matches("b", none, b"ab") && !matches("b", Flags::ANCHORED, b"ab"));
        assert!(matches("a$", none, b"a\n") && !matches("a$", Flags::DOLLAR_ENDONLY, b"a\n"));
        assert_eq!(
            search("a+", Flags::UNGREEDY, b"aaa", 1).unwrap()[0],
            Some(0..1)
        );
    }

    #[test]
    fn wrong_patterns_are_explained_by_the_library() {
        let (offset, text) = Pattern::new(b"(a", Flags::CASELESS).err().unwrap();
        assert_eq!((offset, &*text), (2, "missing closing parenthesis"));
    }

    #[test]
    fn a_search_that_would_take_for_ever_is_given_up() {
        let pattern = Pattern::new(b"(a+)+$", Flags::CASELESS).unwrap();
        let text = [&[b'a'; 64][..], b"b"].concat();
        let given_up = Matcher::new(0).search(&pattern, &text, 0);
        assert_eq!(given_up, Err("match limit exceeded".to_owned()));
    }

    #[test]
    fn a_search_that_would_take_all_memory_is_given_up() {
        let pattern = Pattern::new(b"^(a|b)*$", Flags::CASELESS).unwrap();
        let text = vec![b'a'; 4 << 20];
        let given_up = Matcher::new(0).search(&pattern, &text, 0);
        assert_eq!(given_up, Err("heap limit exceeded".to_owned()));
    }

    #[test]
    fn one_memory_serves_many_patterns_with_more_groups_than_it_knows() {
        let mut matcher = Matcher::new(1);
        let many = Pattern::new(b"(a)(b)(c)", Flags::CASELESS).unwrap();
        assert_eq!(many.groups(), 3);
        let found = matcher.search(&many, b"abc", 1).unwrap().unwrap();
        assert_eq!(found, [Some(0..3), Some(0..1)]);
        let few = Pattern::new(b"c", Flags::CASELESS).unwrap();
        assert_eq!(
            matcher.search(&few, b"abc", 1).unwrap().unwrap(),
            [Some(2..3), None]
        );
    }
}
