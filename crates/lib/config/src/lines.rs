// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logical lines: the outer syntax of `main.cf`, `master.cf` and table source files.
//!
//! A logical line is a line that begins with something other than white space, with all
//! following lines that begin with white space. Comments and lines of white space are skipped
//! wherever they stand, without ending the logical line. Nothing is trimmed but the line ends.
//!
//! *Invariants*: a line comes out without line breaks and NUL bytes; total for any text.
//!
//! *Postfix:* `util/readlline`.

/// One logical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogicalLine {
    /// The text, continuation lines appended as they are.
    pub text: String,
    /// The number of its first physical line, from 1.
    pub number: u32,
}

impl LogicalLine {
    /// The beginning of the text, for messages.
    pub fn start(&self) -> String {
        let start: String = self.text.chars().take(30).collect();
        let more = if start.len() < self.text.len() {
            "..."
        } else {
            ""
        };
        format!("{start}{more}")
    }
}

/// The logical lines of `text`, in order. A continuation line with nothing to continue comes
/// out as a line that begins with white space.
pub fn logical_lines(text: &str) -> Vec<LogicalLine> {
    let mut lines: Vec<LogicalLine> = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        // The original's strings end at NUL.
        let line = line.split('\0').next().unwrap_or_default();
        let content = line.trim_start_matches(is_space);
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        match lines.last_mut() {
            Some(open) if line.starts_with([' ', '\t']) => open.text.push_str(line),
            _ => lines.push(LogicalLine {
                text: line.to_string(),
                number,
            }),
        }
    }
    lines
}

/// White space as C's `isspace` has it.
pub(crate) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// `name = value` taken apart; the value without white space at its ends.
///
/// # Errors
/// What is missing, in the words of the original.
pub fn split_assignment(text: &str) -> Result<(&str, &str), &'static str> {
    let text = text.trim_matches(is_space);
    let end = text.find(|c| is_space(c) || c == '=').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return Err("missing attribute name");
    }
    let value = rest.trim_start_matches(is_space).strip_prefix('=');
    let value = value.ok_or("missing '=' after attribute name")?;
    Ok((name, value.trim_matches(is_space)))
}

#[cfg(test)]
mod tests {
    use super::{logical_lines, split_assignment};

    fn texts(text: &str) -> Vec<(String, u32)> {
        logical_lines(text)
            .into_iter()
            .map(|line| (line.text, line.number))
            .collect()
    }

    #[test]
    fn comments_and_empty_lines_do_not_end_a_logical_line() {
        let text = "# c\n   \na = one\n   two  x\n# c\n\tthree   \n   # d\n\n  four\nb=2\n";
        assert_eq!(
            texts(text),
            [
                ("a = one   two  x\tthree     four".to_string(), 3),
                ("b=2".to_string(), 10)
            ]
        );
    }

    #[test]
    fn a_continuation_of_nothing_keeps_its_white_space() {
        assert_eq!(texts("#x\n  a = b\n"), [("  a = b".to_string(), 2)]);
    }

    #[test]
    fn a_line_ends_at_nul_and_the_last_one_needs_no_newline() {
        assert_eq!(
            texts("a=b\0c\nd=e"),
            [("a=b".to_string(), 1), ("d=e".to_string(), 2)]
        );
    }

    #[test]
    fn assignments_name_what_is_missing() {
        assert_eq!(split_assignment(" a = b c \r"), Ok(("a", "b c")));
        assert_eq!(split_assignment("a="), Ok(("a", "")));
        assert_eq!(split_assignment("= b"), Err("missing attribute name"));
        assert_eq!(
            split_assignment("a b = c"),
            Err("missing '=' after attribute name")
        );
        assert_eq!(
            split_assignment("a"),
            Err("missing '=' after attribute name")
        );
    }
}
