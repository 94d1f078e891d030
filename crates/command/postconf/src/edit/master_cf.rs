// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes of master.cf: of entries, of their columns, or of their `-o` settings.

use std::path::Path;

use config::split_assignment;
use runtime::log;

use super::{Line, lines, update};
use crate::entry::{COMMAND, Entry, TOO_SHORT};
use crate::options::{Change, Subject};
use crate::pattern::{Pattern, field};
use crate::services::complain;
use crate::{Failure, output};

const OPTIONS: &str = "-Me, -Fe, -Pe, -X, or -#";

/// One word of the command line.
struct Edit {
    text: String,
    pattern: Pattern,
    what: What,
    /// How many entries it was for.
    matches: usize,
}

/// What happens to an entry.
enum What {
    /// It is replaced, and added where there is none.
    Replace(Entry),
    /// It goes, or becomes a comment.
    Drop,
    /// A column gets another text.
    Column(usize, String),
    /// A parameter is set or, without a value, taken out.
    Parameter(String, Option<String>),
}

/// Changes master.cf of a directory.
pub(crate) fn change(
    directory: &Path,
    subject: Subject,
    change: Change,
    words: &[String],
) -> Result<(), Failure> {
    let edits = words.iter().map(|word| edit(subject, change, word));
    let mut edits: Vec<_> = edits.collect::<Result<_, _>>().map_err(Failure::Fatal)?;
    let path = format!("{}/master.cf", directory.display());
    update(&path, |old| {
        changed(&path, old, change, &mut edits).map_err(Failure::Fatal)
    })
}

/// Takes a word of the command line apart.
fn edit(subject: Subject, change: Change, word: &str) -> Result<Edit, String> {
    if word.contains('\n') {
        return Err(format!("{OPTIONS} accept no multi-line input"));
    }
    let text = word.trim();
    if text.starts_with('#') {
        return Err(format!("{OPTIONS} accept no comment input"));
    }
    let (name, value) = match change {
        Change::Set => {
            let (name, value) =
                split_assignment(text).map_err(|why| format!("{why}: \"{word}\""))?;
            (name, Some(value))
        }
        _ if text.contains('=') => {
            return Err("-X or -# requires names without value".to_string());
        }
        _ => (text, None),
    };
    let parts = if subject == Subject::Entries { 2 } else { 3 };
    let pattern = Pattern::parse(name, parts, parts).ok_or(match subject {
        Subject::Entries => "-Me, -MX or -M# requires service_name/type",
        Subject::Fields => "-Fe or -FX requires service_name/type/field_name",
        _ => "-Pe or -PX requires service_name/type/parameter",
    })?;
    let what = match (subject, value) {
        (Subject::Entries, Some(value)) => {
            let (entry, complaints) = Entry::parse(value).map_err(|why| match why.as_str() {
                TOO_SHORT => format!("{why}: \"{word}\""),
                _ => why,
            })?;
            complain(complaints);
            What::Replace(entry)
        }
        (Subject::Entries, None) => What::Drop,
        (Subject::Fields, value) => column(&pattern, value.unwrap_or_default())?,
        (_, value) => parameter(&pattern, value)?,
    };
    Ok(Edit {
        text: word.to_string(),
        pattern,
        what,
        matches: 0,
    })
}

fn column(pattern: &Pattern, value: &str) -> Result<What, String> {
    let name = pattern.name.as_deref();
    let name = name.ok_or("-Fe does not accept wild-card field name")?;
    let at = field(name)?;
    if at < COMMAND && value.contains(char::is_whitespace) {
        return Err("-Fe does not accept whitespace in non-command field".to_string());
    }
    Ok(What::Column(at, value.to_string()))
}

fn parameter(pattern: &Pattern, value: Option<&str>) -> Result<What, String> {
    let name = pattern.name.clone();
    let name = name.ok_or("-Pe does not accept wild-card parameter name")?;
    if value.is_some_and(|value| value.contains(char::is_whitespace)) {
        return Err("-Pe does not accept whitespace in parameter value".to_string());
    }
    Ok(What::Parameter(name, value.map(str::to_string)))
}

/// The new text of the file.
fn changed(path: &str, old: &[u8], change: Change, edits: &mut [Edit]) -> Result<Vec<u8>, String> {
    let lines = lines(old);
    let mut new = Vec::with_capacity(old.len());
    // Whether the entry at hand is one that changes.
    let mut hit = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let kind = Line::of(line);
        if kind == Line::Start {
            let place = format!("file {path}: line {at}");
            let (name, service_type) = service(line).map_err(|why| format!("{place}: {why}"))?;
            let after = lines.get(at..).unwrap_or_default();
            let end = at + length_of_rest(after);
            let entry_lines = lines.get(at - 1..end).unwrap_or_default();
            let outcome = outcome(edits, &name, &service_type, entry_lines)
                .map_err(|why| format!("{place}: {why}"))?;
            hit = !matches!(outcome, Outcome::Untouched);
            if let Outcome::Written(entry) = outcome {
                let others = entry_lines
                    .iter()
                    .filter(|line| Line::of(line) == Line::Other);
                new.extend(others.flatten());
                output::entry(&mut new, true, &entry, &entry.arguments());
                at = end;
                continue;
            }
        }
        if hit && kind != Line::Other {
            if change == Change::CommentOut {
                new.push(b'#');
                new.extend_from_slice(line);
            }
        } else {
            new.extend_from_slice(line);
        }
    }
    for edit in edits.iter().filter(|edit| edit.matches == 0) {
        match &edit.what {
            What::Replace(entry) => output::entry(&mut new, true, entry, &entry.arguments()),
            What::Drop => {}
            What::Column(..) | What::Parameter(..) => log::warning(format_args!(
                "unmatched service_name/type: \"{}\"",
                edit.text
            )),
        }
    }
    Ok(new)
}

/// The name and the type of the service whose entry begins with this line.
fn service(line: &[u8]) -> Result<(String, String), String> {
    let line = String::from_utf8_lossy(line);
    let mut words = line.split_ascii_whitespace();
    let (Some(name), Some(kind)) = (words.next(), words.next()) else {
        return Err("specify service name and type on the same line".to_string());
    };
    for (what, word, signs) in [("name", name, &['='][..]), ("type", kind, &['=', '/'])] {
        if word.contains(signs) {
            return Err(format!(
                "service {what} syntax \"{word}\" is unsupported with {OPTIONS}"
            ));
        }
    }
    Ok((name.to_string(), kind.to_string()))
}

/// How many of the lines that follow the first one of an entry still belong to it.
fn length_of_rest(lines: &[Vec<u8>]) -> usize {
    let more = lines
        .iter()
        .map(|line| Line::of(line))
        .take_while(|kind| *kind != Line::Start);
    let more: Vec<_> = more.collect();
    let last = more.iter().rposition(|kind| *kind == Line::More);
    last.map_or(0, |last| last + 1)
}

/// What becomes of an entry.
enum Outcome {
    /// Nothing.
    Untouched,
    /// It goes, or becomes a comment.
    Dropped,
    /// It is written anew.
    Written(Box<Entry>),
}

/// Applies the edits to the entry of a service, which stands in these lines.
fn outcome(
    edits: &mut [Edit],
    name: &str,
    service_type: &str,
    lines: &[Vec<u8>],
) -> Result<Outcome, String> {
    let mut outcome = Outcome::Untouched;
    for edit in edits {
        let same = match &edit.what {
            What::Replace(entry) => entry.name() == name && entry.kind() == service_type,
            What::Drop | What::Column(..) | What::Parameter(..) => false,
        };
        if !same && !edit.pattern.matches(name, service_type) {
            continue;
        }
        edit.matches += 1;
        let written = match (&edit.what, outcome) {
            // The new entry stands where the first one was that it replaces.
            (What::Replace(entry), _) if edit.matches == 1 => Some(Box::new(entry.clone())),
            (What::Replace(_) | What::Drop, Outcome::Written(entry)) => Some(entry),
            (What::Replace(_) | What::Drop, _) => None,
            (What::Column(..) | What::Parameter(..), Outcome::Written(entry)) => Some(entry),
            (What::Column(..) | What::Parameter(..), _) => Some(Box::new(entry_of(lines)?)),
        };
        outcome = match written {
            Some(mut entry) => {
                apply(&edit.what, &mut entry)?;
                Outcome::Written(entry)
            }
            None => Outcome::Dropped,
        };
    }
    Ok(outcome)
}

fn apply(what: &What, entry: &mut Entry) -> Result<(), String> {
    match what {
        What::Replace(_) | What::Drop => {}
        What::Column(at, text) => complain(entry.set_column(*at, text)?),
        What::Parameter(name, Some(value)) => entry.set_parameter(name, value),
        What::Parameter(name, None) => entry.remove_parameter(name),
    }
    Ok(())
}

/// The entry that stands in these lines.
fn entry_of(lines: &[Vec<u8>]) -> Result<Entry, String> {
    let lines = lines.iter().filter(|line| Line::of(line) != Line::Other);
    let text: Vec<u8> = lines.flatten().copied().collect();
    let (entry, complaints) = Entry::parse(String::from_utf8_lossy(&text).trim_end())?;
    complain(complaints);
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "# top\nsmtp inet n - y - - smtpd -v\n  -o a=b\n# inside\n -o c=d x {y z}\n\
                       # about relay\nrelay unix - - n - - smtp\n";

    fn edited(subject: Subject, change: Change, words: &[&str]) -> Result<String, String> {
        let edits = words.iter().map(|word| edit(subject, change, word));
        let mut edits: Vec<_> = edits.collect::<Result<_, _>>()?;
        let new = changed("master.cf", OLD.as_bytes(), change, &mut edits)?;
        Ok(String::from_utf8(new).expect("it was text"))
    }

    #[test]
    fn entries_are_replaced_where_they_stand_or_added() {
        let words = [
            "smtp/inet=smtps inet n - n - - smtpd -o { a = b c }",
            "new/unix = new unix - - n - - x",
        ];
        let new = edited(Subject::Entries, Change::Set, &words);
        let expected = "# top\n\
            # inside\n\
            smtps      inet  n       -       n       -       -       smtpd\n    -o {a=b c}\n\
            # about relay\nrelay unix - - n - - smtp\n\
            new        unix  -       -       n       -       -       x\n";
        assert_eq!(new.as_deref(), Ok(expected));
    }

    #[test]
    fn an_entry_of_the_same_name_and_type_is_replaced_too() {
        let words = ["smtp/inet=relay unix - - y - - smtp"];
        let new = edited(Subject::Entries, Change::Set, &words);
        let expected = "# top\n# inside\n\
            relay      unix  -       -       y       -       -       smtp\n# about relay\n";
        assert_eq!(new.as_deref(), Ok(expected));
    }

    #[test]
    fn entries_are_removed_and_commented_out() {
        assert_eq!(
            edited(Subject::Entries, Change::Remove, &["*/inet", "no/unix"]).as_deref(),
            Ok("# top\n# inside\n# about relay\nrelay unix - - n - - smtp\n")
        );
        assert_eq!(
            edited(Subject::Entries, Change::CommentOut, &["smtp/inet"]).as_deref(),
            Ok(
                "# top\n#smtp inet n - y - - smtpd -v\n#  -o a=b\n# inside\n# -o c=d x {y z}\n\
                # about relay\nrelay unix - - n - - smtp\n"
            )
        );
    }

    #[test]
    fn columns_and_parameters_are_set_and_comments_stay_with_the_next_entry() {
        let words = [
            "smtp/inet/chroot=n",
            "smtp/inet/command = lmtpd -o { x = y } z",
        ];
        let new = edited(Subject::Fields, Change::Set, &words).expect("it is changed");
        let entry = "# inside\n\
            smtp       inet  n       -       n       -       -       lmtpd\n    -o x=y\n    z\n\
            # about relay\n";
        assert!(new.contains(entry), "{new}");
        let words = ["smtp/inet/a=7", "*/*/q=8"];
        let new = edited(Subject::Settings, Change::Set, &words).expect("it is changed");
        let entry = "smtpd -v\n    -o a=7\n    -o c=d\n    -o q=8\n    x {y z}\n";
        assert!(new.contains(entry), "{new}");
        assert!(new.ends_with("-       smtp\n    -o q=8\n"), "{new}");
        let new = edited(Subject::Settings, Change::Remove, &["smtp/inet/a"]);
        assert!(new.is_ok_and(|new| new.contains("smtpd -v\n    -o c=d\n")));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (subject, change, word, why) in [
            (Subject::Entries, Change::Set, "smtp=x", "-Me, -MX or -M#"),
            (
                Subject::Entries,
                Change::Set,
                "a/b=c",
                "bad field count: \"a/b=c\"",
            ),
            (
                Subject::Entries,
                Change::Remove,
                "a/b=c",
                "-X or -# requires names",
            ),
            (
                Subject::Fields,
                Change::Set,
                "a/b/foo=c",
                "invalid service attribute name",
            ),
            (
                Subject::Fields,
                Change::Set,
                "a/b/*=c",
                "-Fe does not accept wild-card",
            ),
            (
                Subject::Fields,
                Change::Set,
                "a/b/type=c d",
                "-Fe does not accept whitespace",
            ),
            (
                Subject::Fields,
                Change::Set,
                "relay/unix/type=c",
                "invalid type field \"c\"",
            ),
            (
                Subject::Settings,
                Change::Set,
                "a/b/c=d e",
                "-Pe does not accept whitespace",
            ),
            (
                Subject::Settings,
                Change::Remove,
                "a/b/*",
                "-Pe does not accept wild-card",
            ),
        ] {
            let error = edited(subject, change, &[word]).expect_err("it is refused");
            assert!(error.contains(why), "{error}");
        }
    }
}
