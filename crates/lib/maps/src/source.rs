// SPDX-License-Identifier: MIT OR Apache-2.0
//! The source files of tables: logical lines, and the entries of postmap and postalias.
//!
//! *Errors:* what cannot be used is skipped with a warning that names file and line; only trouble
//! while reading is an error.
//!
//! *Postfix:* readllines(3), the input of postmap(1) and postalias(1).

use std::io::{self, BufRead, Read};

use bstr::ByteSlice;
use mail::address::header_list;
use mail::address::token::{self, Token};
use mail::text::is_utf8;
use runtime::log;

/// The longest logical line that is read; the original has no limit but memory.
const LINE_LIMIT: u64 = 64 * 1024 * 1024;

/// The logical lines of a text: a line that begins with white space continues the one before;
/// empty lines and lines that begin with `#` are skipped, between continuations too.
pub struct LogicalLines<R> {
    reader: R,
    name: String,
    /// Number of the last physical line that was read.
    line: usize,
    /// A physical line that belongs to the next logical line.
    ahead: Option<Vec<u8>>,
}

/// A logical line, and the number of its first physical line.
#[derive(Debug, PartialEq, Eq)]
pub struct LogicalLine {
    /// The text, without line ends.
    pub text: Vec<u8>,
    /// Counted from 1.
    pub number: usize,
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "line too long")
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

impl<R: BufRead> LogicalLines<R> {
    /// `name` is the file's name, for warnings.
    pub fn new(reader: R, name: &str) -> Self {
        Self {
            reader,
            name: name.to_owned(),
            line: 0,
            ahead: None,
        }
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next logical line, or `None` at the end.
    ///
    /// # Errors
    /// Reading failed.
    pub fn next_line(&mut self) -> io::Result<Option<LogicalLine>> {
        loop {
            let Some(line) = self.collect()? else {
                return Ok(None);
            };
            if !line.text.first().copied().is_some_and(is_space) {
                return Ok(Some(line));
            }
            let shown = line.text.get(..30);
            log::warning(format_args!(
                "{}: logical line must not start with whitespace: \"{}{}\"",
                self.name,
                shown.unwrap_or(&line.text).as_bstr(),
                if shown.is_some_and(|shown| shown.len() < line.text.len()) {
                    "..."
                } else {
                    ""
                }
            ));
        }
    }

    fn collect(&mut self) -> io::Result<Option<LogicalLine>> {
        let mut logical: Option<LogicalLine> = None;
        loop {
            let physical = match self.ahead.take() {
                Some(physical) => physical,
                None => match self.physical()? {
                    Some(physical) => physical,
                    None => return Ok(logical),
                },
            };
            let first = physical.iter().copied().find(|byte| !is_space(*byte));
            if first.is_none_or(|byte| byte == b'#') {
                continue;
            }
            match &mut logical {
                None => {
                    logical = Some(LogicalLine {
                        text: physical,
                        number: self.line,
                    })
                }
                Some(logical) if physical.first().copied().is_some_and(is_space) => {
                    if (logical.text.len() + physical.len()) as u64 > LINE_LIMIT {
                        return Err(too_long());
                    }
                    logical.text.extend_from_slice(&physical);
                }
                Some(_) => {
                    self.ahead = Some(physical);
                    return Ok(logical);
                }
            }
        }
    }

    fn physical(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut text = Vec::new();
        let read = self
            .reader
            .by_ref()
            .take(LINE_LIMIT)
            .read_until(b'\n', &mut text)?;
        if read == 0 {
            return Ok(None);
        }
        if text.last() == Some(&b'\n') {
            text.pop();
        } else if read as u64 == LINE_LIMIT {
            return Err(too_long());
        }
        self.line += 1;
        Ok(Some(text))
    }
}

/// One entry of a source file.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceEntry {
    /// The key as written.
    pub key: Vec<u8>,
    /// The value without blanks around it.
    pub value: Vec<u8>,
    /// The line it begins on.
    pub line: usize,
}

/// The syntax of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `key value`, for postmap.
    Map,
    /// `key value`, as texthash tables read it: the same with one warning in other words.
    TextHash,
    /// `name: value, value`, for postalias.
    Aliases,
}

/// The entries of a source file.
pub struct Entries<R> {
    lines: LogicalLines<R>,
    syntax: Syntax,
    utf8: bool,
}

impl<R: BufRead> Entries<R> {
    /// Reads `lines` in the given syntax. With `utf8`, lines that are not UTF-8 are skipped.
    pub fn new(lines: LogicalLines<R>, syntax: Syntax, utf8: bool) -> Self {
        Self {
            lines,
            syntax,
            utf8,
        }
    }

    /// The next entry, or `None` at the end.
    ///
    /// # Errors
    /// Reading failed.
    pub fn next_entry(&mut self) -> io::Result<Option<SourceEntry>> {
        while let Some(line) = self.lines.next_line()? {
            let place = format!("{}, line {}", self.lines.name(), line.number);
            if self.utf8 && !is_utf8(&line.text) {
                log::warning(format_args!(
                    "{place}: non-UTF-8 input \"{}\" -- ignoring this line",
                    line.text.as_bstr()
                ));
                continue;
            }
            let entry = match self.syntax {
                Syntax::Map | Syntax::TextHash => map_entry(&line.text, self.syntax),
                Syntax::Aliases => alias_entry(&line.text),
            };
            match entry {
                Ok((key, value)) => {
                    if self.syntax != Syntax::Aliases && key.ends_with(b":") {
                        log::warning(format_args!(
                            "{place}: record is in \"key: value\" format; is this an alias file?"
                        ));
                    }
                    return Ok(Some(SourceEntry {
                        key,
                        value,
                        line: line.number,
                    }));
                }
                Err(problem) => log::warning(format_args!("{place}: {problem}")),
            }
        }
        Ok(None)
    }
}

type KeyValue = (Vec<u8>, Vec<u8>);

/// `key value`: the key ends at the first white space outside double quotes; it is kept as
/// written, quotes included, since not every key is a mail address.
fn map_entry(text: &[u8], syntax: Syntax) -> Result<KeyValue, String> {
    let mut quoted = false;
    let mut end = text.len();
    let mut bytes = text.iter().enumerate();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            byte if is_space(*byte) && !quoted => {
                end = index;
                break;
            }
            _ => {}
        }
    }
    let (key, value) = text.split_at(end);
    if quoted {
        return Err(format!(
            "unbalanced '\"' in '{}' -- ignoring this line",
            text.as_bstr()
        ));
    }
    let value = value.trim_with(|c| u8::try_from(c).is_ok_and(is_space));
    if key.is_empty() || value.is_empty() {
        return Err(match syntax {
            Syntax::TextHash => "expected format: key whitespace value -- ignoring this line",
            Syntax::Map | Syntax::Aliases => "expected format: key whitespace value",
        }
        .to_owned());
    }
    Ok((key.to_vec(), value.to_vec()))
}

/// `name: value, value`: an address without domain, a colon, and a list that is kept in external
/// form, to be read again when it is used.
fn alias_entry(text: &[u8]) -> Result<KeyValue, String> {
    let tokens = token::scan(text, usize::MAX);
    let colon = tokens
        .iter()
        .position(|token| token.is(b':'))
        .ok_or("need name:value pair")?;
    let (name, value) = (&tokens[..colon], &tokens[colon + 1..]);
    if name.is_empty() || value.is_empty() || name.iter().any(|token| token.is(b',')) {
        return Err("need name:value pair".to_owned());
    }
    if name.iter().any(|token| token.is(b'@') || token.is(b'%')) {
        return Err("name must be local".to_owned());
    }
    Ok((list_text(name), list_text(value)))
}

/// Tokens as text, with the blanks that an address list needs.
fn list_text(tokens: &[Token]) -> Vec<u8> {
    header_list::List::from_tokens(tokens).to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &[u8], syntax: Syntax) -> Vec<(String, String, usize)> {
        let mut entries = Entries::new(LogicalLines::new(text, "source"), syntax, true);
        let mut all = Vec::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            all.push((
                String::from_utf8(entry.key).unwrap(),
                String::from_utf8(entry.value).unwrap(),
                entry.line,
            ));
        }
        all
    }

    fn pairs(text: &[u8], syntax: Syntax) -> Vec<(String, String)> {
        entries(text, syntax)
            .into_iter()
            .map(|(key, value, _)| (key, value))
            .collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn lines_that_begin_with_blanks_continue_even_after_comments() {
        let text = b"# start\nlong\n  continued\n# inner\n\n  more \nnext 1\n";
        assert_eq!(
            entries(text, Syntax::Map),
            [
                ("long".to_owned(), "continued  more".to_owned(), 2),
                ("next".to_owned(), "1".to_owned(), 7)
            ]
        );
    }

    #[test]
    fn a_text_that_begins_with_a_continuation_loses_only_that() {
        assert_eq!(pairs(b"  lead\n more\na b", Syntax::Map), [pair("a", "b")]);
    }

    #[test]
    fn keys_keep_their_quotes_and_backslashes() {
        let text = b"\"quo ted\"@x  v\n\\\"x y z\nback\\ slash v\nq\"x\"y z\n";
        assert_eq!(
            pairs(text, Syntax::Map),
            [
                pair("\"quo ted\"@x", "v"),
                pair("\\\"x", "y z"),
                pair("back\\ slash", "v"),
                pair("q\"x\"y", "z")
            ]
        );
    }

    #[test]
    fn unusable_lines_are_skipped() {
        let text = b"novalue\n\"unb x\n\xff\xfe bad\ncolon: x\na b\n";
        assert_eq!(
            pairs(text, Syntax::Map),
            [pair("colon:", "x"), pair("a", "b")]
        );
    }

    #[test]
    fn aliases_are_stored_in_external_form() {
        let text = b"root: a,b , \"|cmd arg\"\n\"q u\" (c): \"a b\"@c\nm: n: o\nzz: a\\ b, c\\,d\n\
            p: <a@b>, Foo Bar <c@d>, grp: a, b;\npipe: |prog a b, \"|p q\"\nempty: \"\"\n";
        assert_eq!(
            pairs(text, Syntax::Aliases),
            [
                pair("root", "a, b, \"|cmd arg\""),
                pair("\"q u\" (c)", "\"a b\"@c"),
                pair("m", "n:o"),
                pair("zz", "\"a b\", \"c,d\""),
                pair("p", "<a@b>, Foo Bar <c@d>, grp:a, b;"),
                pair("pipe", "|prog a b, \"|p q\""),
                pair("empty", "\"\""),
            ]
        );
    }

    #[test]
    fn alias_lines_without_a_local_name_and_a_value_are_skipped() {
        let text = b"A b\nc:\nx a, b\nb@c: d\nn :v\nx,y: z\n: v\n";
        assert_eq!(pairs(text, Syntax::Aliases), [pair("n", "v")]);
    }
}
