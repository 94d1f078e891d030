// SPDX-License-Identifier: MIT OR Apache-2.0
//! How lines are printed: runs of white space become one blank, and with `-f` long lines are
//! folded.

/// Where a folded line ends.
const LINE_LIMIT: usize = 80;
/// What a continuation line begins with.
const INDENT: &str = "\n    ";
const INDENT_LENGTH: usize = 4;

/// Prints one logical line.
pub(crate) fn line(out: &mut Vec<u8>, fold: bool, text: &str) {
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

/// Prints an entry of master.cf: columns at their places, and with `fold` every option on a
/// line of its own.
pub(crate) fn service(out: &mut Vec<u8>, fold: bool, columns: &[String], arguments: &[String]) {
    const PLACES: [usize; 8] = [0, 11, 17, 25, 33, 41, 49, 57];
    let mut length = 0;
    for (column, place) in columns.iter().zip(PLACES) {
        if length > 0 {
            let blanks = place.saturating_sub(length).max(1);
            out.resize(out.len() + blanks, b' ');
            length += blanks;
        }
        out.extend_from_slice(column.as_bytes());
        length += column.len();
    }
    let mut options_so_far = true;
    let mut after_setting = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        options_so_far &= word.starts_with('-');
        // An option and its argument stay together, on a line of their own.
        let setting = options_so_far && word == "-o";
        let argument = if setting { words.next() } else { None };
        let text = match argument {
            Some(argument) => format!("{word} {argument}"),
            None => word.clone(),
        };
        if fold && (setting || after_setting || length + 1 + text.len() >= LINE_LIMIT) {
            out.extend_from_slice(INDENT.as_bytes());
            length = INDENT_LENGTH;
        } else {
            out.push(b' ');
            length += 1;
        }
        out.extend_from_slice(text.as_bytes());
        length += text.len();
        after_setting = setting;
    }
    out.push(b'\n');
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
    fn options_of_services_get_lines_of_their_own() {
        let strings = |words: &[&str]| words.iter().map(|w| (*w).to_string()).collect::<Vec<_>>();
        let columns = strings(&["smtp", "inet", "n", "-", "y", "-", "-", "smtpd"]);
        let arguments = strings(&["-o", "a=b", "-v", "-o", "c=d", "foo", "bar"]);
        let expected = "smtp       inet  n       -       y       -       -       smtpd\n    \
                        -o a=b\n    -v\n    -o c=d\n    foo bar\n";
        assert_eq!(
            printed(|out| service(out, true, &columns, &arguments)),
            expected
        );
        let expected = "smtp       inet  n       -       y       -       -       smtpd -o a=b -v \
                        -o c=d foo bar\n";
        assert_eq!(
            printed(|out| service(out, false, &columns, &arguments)),
            expected
        );
    }
}
