// SPDX-License-Identifier: MIT OR Apache-2.0
//! How lines are printed: runs of white space become one blank, and with `-f` long lines are
//! folded.
//!
//! *Postfix:* `postconf/postconf_print`.

use crate::entry::{Argument, COMMAND, Entry};
use crate::options::{Parts, Style};

/// Where a folded line ends.
const LINE_LIMIT: usize = 80;
/// What a continuation line begins with.
const INDENT: &str = "\n    ";
const INDENT_LENGTH: usize = 4;

/// Prints a name, a value, or both.
pub(crate) fn pair(out: &mut Vec<u8>, style: Style, name: &str, value: &str) {
    match (style.json, style.parts) {
        (true, _) => object(out, &[(name, value)]),
        (false, Parts::Names) => line(out, style.fold, name),
        (false, Parts::Values) => line(out, style.fold, value),
        (false, Parts::Both) => line(out, style.fold, &format!("{name} = {value}")),
    }
}

/// Prints one logical line.
fn line(out: &mut Vec<u8>, fold: bool, text: &str) {
    let mut length = 0;
    for word in text
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
    {
        if length > 0 {
            if !fold || length + word.len() < LINE_LIMIT {
                out.push(b' ');
                length += 1;
            } else {
                out.extend_from_slice(INDENT.as_bytes());
                length = INDENT_LENGTH;
            }
        }
        out.extend_from_slice(word.as_bytes());
        length += word.len();
    }
    out.push(b'\n');
}

/// Prints an object with these members, on a line of its own.
pub(crate) fn object(out: &mut Vec<u8>, members: &[(&str, &str)]) {
    // serde_json's own map would sort the members.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{}: {}", quoted(name), quoted(value)))
        .collect();
    out.extend_from_slice(format!("{{{}}}\n", members.join(", ")).as_bytes());
}

/// Prints an entry of master.cf: columns at their places, and with `fold` every setting on a
/// line of its own.
pub(crate) fn entry(out: &mut Vec<u8>, fold: bool, entry: &Entry, arguments: &[Argument]) {
    const PLACES: [usize; COMMAND + 1] = [0, 11, 17, 25, 33, 41, 49, 57];
    let mut length = 0;
    for (column, place) in entry.columns().iter().zip(PLACES) {
        if length > 0 {
            let blanks = place.saturating_sub(length).max(1);
            out.resize(out.len() + blanks, b' ');
            length += blanks;
        }
        out.extend_from_slice(column.as_bytes());
        length += column.len();
    }
    rest(out, fold, length, arguments);
}

/// Prints a column of master.cf; the arguments follow a command.
pub(crate) fn column(
    out: &mut Vec<u8>,
    style: Style,
    name: &str,
    value: &str,
    arguments: &[Argument],
) {
    if style.json || style.parts == Parts::Names {
        pair(out, style, name, &joined(value, arguments));
        return;
    }
    let mut length = 0;
    if style.parts == Parts::Both {
        let label = format!("{name} = ");
        out.extend_from_slice(label.as_bytes());
        length = label.len();
        // Here the original folds unasked.
        if length + value.len() > LINE_LIMIT {
            out.extend_from_slice(INDENT.as_bytes());
            length = INDENT_LENGTH;
        }
    }
    out.extend_from_slice(value.as_bytes());
    rest(out, style.fold, length + value.len(), arguments);
}

/// A command with its arguments.
pub(crate) fn joined(command: &str, arguments: &[Argument]) -> String {
    let mut text = command.as_bytes().to_vec();
    rest(&mut text, false, command.len(), arguments);
    String::from_utf8_lossy(&text).trim_end().to_string()
}

/// Prints arguments after what takes `length` bytes of the line.
fn rest(out: &mut Vec<u8>, fold: bool, mut length: usize, arguments: &[Argument]) {
    let mut after_setting = false;
    for argument in arguments {
        let (text, is_setting) = match argument {
            Argument::Option(text) => ((*text).to_string(), false),
            Argument::Setting(text) => (format!("-o {}", in_braces(text)), true),
            Argument::Word(text) => (in_braces(text), false),
        };
        if fold && (is_setting || after_setting || length + 1 + text.len() >= LINE_LIMIT) {
            out.extend_from_slice(INDENT.as_bytes());
            length = INDENT_LENGTH;
        } else {
            out.push(b' ');
            length += 1;
        }
        out.extend_from_slice(text.as_bytes());
        length += text.len();
        after_setting = is_setting;
    }
    out.push(b'\n');
}

/// A word, in braces where it would be taken for several, for none, or without its own braces.
fn in_braces(text: &str) -> String {
    if text.is_empty() || text.starts_with('{') || text.contains([' ', '\t', '\r', '\n']) {
        format!("{{{text}}}")
    } else {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(print: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        print(&mut out);
        String::from_utf8(out).expect("it was text")
    }

    #[test]
    fn white_space_becomes_one_blank() {
        assert_eq!(printed(|out| line(out, false, "a =  b\t c ")), "a = b c\n");
        assert_eq!(printed(|out| line(out, false, "a = ")), "a =\n");
        assert_eq!(printed(|out| line(out, false, "")), "\n");
    }

    #[test]
    fn long_lines_are_folded_on_request() {
        let text = format!("a = {}", "word ".repeat(20));
        let folded = printed(|out| line(out, true, &text));
        assert_eq!(folded.lines().count(), 2);
        assert!(folded.lines().all(|line| line.len() <= LINE_LIMIT));
    }

    #[test]
    fn objects_are_quoted() {
        let object = printed(|out| object(out, &[("a", "b \"c\"\\"), ("d", "\u{e4}\t")]));
        assert_eq!(
            object,
            "{\"a\": \"b \\\"c\\\"\\\\\", \"d\": \"\u{e4}\\t\"}\n"
        );
    }

    #[test]
    fn settings_of_services_get_lines_of_their_own() {
        let text = "smtp inet n - y - - smtpd -o a=b -v -o {c=d e} foo {bar  x}";
        let (service, _) = Entry::parse(text).expect("an entry");
        let folded = "smtp       inet  n       -       y       -       -       smtpd\n    \
                      -o a=b\n    -v\n    -o {c=d e}\n    foo {bar  x}\n";
        let arguments = service.arguments();
        assert_eq!(
            printed(|out| entry(out, true, &service, &arguments)),
            folded
        );
        assert_eq!(
            joined("smtpd", &arguments),
            "smtpd -o a=b -v -o {c=d e} foo {bar  x}"
        );
    }
}
