// SPDX-License-Identifier: MIT OR Apache-2.0
//! Results of regexp and pcre rules: text with `$1`, `${1}` or `$(1)` for what a group of the
//! pattern matched, and `$$` for a dollar.
//!
//! *Postfix:* mac_parse(3), as dict_regexp(3) and dict_pcre(3) use it.

use std::ops::Range;

use bstr::ByteSlice;

/// A result, ready to be filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Group(usize),
}

/// What is wrong with a result.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// `${1`: the text.
    Truncated(Vec<u8>),
    /// `$` with no name: the text.
    NoName(Vec<u8>),
    /// `$name`: the name.
    NotNumeric(Vec<u8>),
    /// `$0`: the number.
    OutOfRange(Vec<u8>),
}

impl Template {
    /// Reads a result; all that is wrong with it, in order.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut template = Self { parts: Vec::new() };
        let mut problems = Vec::new();
        let mut rest = text;
        while let Some(dollar) = rest.find_byte(b'$') {
            template.text(&rest[..dollar]);
            rest = &rest[dollar + 1..];
            if let Some(behind) = rest.strip_prefix(b"$") {
                template.text(b"$");
                rest = behind;
                continue;
            }
            let Some((name, behind)) = name(rest) else {
                problems.push(Problem::Truncated(text.to_vec()));
                break;
            };
            if name.is_empty() {
                problems.push(Problem::NoName(text.to_vec()));
                break;
            }
            match group(name) {
                Ok(group) => template.parts.push(Part::Group(group)),
                Err(problem) => problems.push(problem),
            }
            rest = behind;
        }
        template.text(rest);
        if problems.is_empty() {
            Ok(template)
        } else {
            Err(problems)
        }
    }

    /// The highest group that is asked for; 0 for none.
    pub(super) fn groups(&self) -> usize {
        let group = |part: &Part| match part {
            Part::Text(_) => 0,
            Part::Group(group) => *group,
        };
        self.parts.iter().map(group).max().unwrap_or(0)
    }

    /// The result, where `captures` says what each group matched of `subject`.
    pub(super) fn fill(&self, subject: &[u8], captures: &[Option<Range<usize>>]) -> Vec<u8> {
        let mut result = Vec::new();
        for part in &self.parts {
            let piece = match part {
                Part::Text(text) => Some(text.as_slice()),
                Part::Group(group) => captures
                    .get(*group)
                    .and_then(Clone::clone)
                    .and_then(|place| subject.get(place)),
            };
            result.extend_from_slice(piece.unwrap_or_default());
        }
        result
    }

    fn text(&mut self, text: &[u8]) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.extend_from_slice(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(Part::Text(text.to_vec())),
        }
    }
}

/// The name behind a `$`, and what follows it; `None` if a bracket is not closed.
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (open, close) = match text.first() {
        Some(b'{') => (b'{', b'}'),
        Some(b'(') => (b'(', b')'),
        _ => {
            let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let end = text.iter().position(|byte| !in_name(byte));
            return Some(text.split_at(end.unwrap_or(text.len())));
        }
    };
    let mut depth = 0_usize;
    for (index, byte) in text.iter().enumerate() {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
        }
        if depth == 0 {
            return Some((&text[1..index], &text[index + 1..]));
        }
    }
    None
}

fn group(name: &[u8]) -> Result<usize, Problem> {
    if !name.iter().all(u8::is_ascii_digit) {
        return Err(Problem::NotNumeric(name.to_vec()));
    }
    match name.to_str().ok().and_then(|digits| digits.parse().ok()) {
        Some(0) | None => Err(Problem::OutOfRange(name.to_vec())),
        Some(group) => Ok(group),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let template = Template::parse(text.as_bytes()).unwrap();
        let captures = [Some(0..6), Some(1..3), None, Some(3..3), Some(4..5)];
        String::from_utf8(template.fill(b"abcdef", &captures)).unwrap()
    }

    fn problems(text: &str) -> Vec<Problem> {
        Template::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn groups_and_dollars_are_filled_in() {
        assert_eq!(filled("x $1,${1}$(4)$$1 $01"), "x bc,bce$1 bc");
        assert_eq!(filled("[$2$3$4]"), "[e]");
        assert_eq!(filled("plain"), "plain");
        assert_eq!(filled(""), "");
    }

    #[test]
    fn the_highest_group_is_known() {
        assert_eq!(Template::parse(b"$2 $12 $3").unwrap().groups(), 12);
        assert_eq!(Template::parse(b"$$2").unwrap().groups(), 0);
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        use Problem::{NoName, NotNumeric, OutOfRange, Truncated};
        assert_eq!(problems("a ${1"), [Truncated(b"a ${1".to_vec())]);
        assert_eq!(problems("${{1}"), [Truncated(b"${{1}".to_vec())]);
        assert_eq!(problems("$"), [NoName(b"$".to_vec())]);
        assert_eq!(problems("$()"), [NoName(b"$()".to_vec())]);
        assert_eq!(problems("$0"), [OutOfRange(b"0".to_vec())]);
        assert_eq!(
            problems("a$1b$-c"),
            [NotNumeric(b"1b".to_vec()), NoName(b"a$1b$-c".to_vec())]
        );
        assert_eq!(problems("${1?x}"), [NotNumeric(b"1?x".to_vec())]);
        assert_eq!(
            problems("$99999999999999999999999"),
            [OutOfRange(b"99999999999999999999999".to_vec())]
        );
    }
}
