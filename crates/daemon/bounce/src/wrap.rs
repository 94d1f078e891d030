// SPDX-License-Identifier: MIT OR Apache-2.0
//! Breaks long text at blanks.
//!
//! *Postfix:* util/line_wrap(3).

/// Longest line that is made where there is a blank to break at.
const WIDTH: usize = 79;
/// Blanks before the second and further lines.
const INDENT: &[u8] = b"    ";

/// The lines of a text. A word that is longer than a line stays whole.
pub(crate) fn wrap(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    let mut has_word = false;
    for word in text
        .trim_ascii_end()
        .split(|b| matches!(b, b' ' | b'\t' | b'\n'))
    {
        if has_word && line.len() + 1 + word.len() > WIDTH {
            lines.push(std::mem::replace(&mut line, INDENT.to_vec()));
        } else if has_word {
            line.push(b' ');
        }
        line.extend_from_slice(word);
        has_word = true;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_at_blanks_and_indented() {
        let text =
            b"<a@b.example> (expanded from <c@d.example>): host mx.example[1.2.3.4] said: 550 \
            5.1.1 unknown user (in reply to RCPT TO command)";
        let lines = wrap(text);
        assert!(
            lines.len() == 2 && lines.iter().all(|line| line.len() <= WIDTH),
            "{lines:?}"
        );
        assert!(lines[1].starts_with(b"    ") && !lines[1].starts_with(b"     "));
        let joined: Vec<u8> = lines
            .iter()
            .flat_map(|line| [line.trim_ascii(), b" "].concat())
            .collect();
        assert_eq!(joined.trim_ascii(), text);
    }

    #[test]
    fn word_without_blanks_stays_whole() {
        let word = [b'x'; 500];
        assert_eq!(wrap(&word), [word.to_vec()]);
        assert_eq!(wrap(b""), [Vec::new()]);
    }
}
