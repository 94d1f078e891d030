// SPDX-License-Identifier: MIT OR Apache-2.0
//! What aliases, .forward files and :include: files name: addresses, files, commands, and more
//! files of the kind.
//!
//! *Errors:* after a line of a file with an address that has to wait, the lines behind it are
//! not tried; they would be tried again with it anyway.
//!
//! *Postfix:* `local/token`.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use bstr::ByteSlice;
use delivery::Verdict;
use mail::address::header_list::List;
use mail::address::token::{self, Token};
use runtime::log;

use crate::run::Run;
use crate::step::Step;

impl Run<'_> {
    /// Delivers to everything in a list; also tells how much that was.
    pub(crate) fn targets(&mut self, step: &Step, list: &[u8]) -> (Verdict, usize) {
        let list = List::parse_limited(list, usize::MAX);
        let mut verdict = Verdict::Done;
        let mut count = 0;
        for tokens in list.addresses() {
            count += 1;
            verdict |= self.target(step, tokens);
        }
        (verdict, count)
    }

    /// Delivers to everything in a file.
    pub(crate) fn targets_in_file(&mut self, step: &Step, file: File) -> (Verdict, usize) {
        let limit = u64::try_from(self.agent.params.line_length_limit).unwrap_or(2048);
        let mut reader = BufReader::new(file);
        let mut count = 0;
        loop {
            let mut line = Vec::new();
            match reader.by_ref().take(limit).read_until(b'\n', &mut line) {
                Ok(0) => return (Verdict::Done, count),
                Ok(_) => {}
                Err(error) => {
                    let why = delivery::trouble::error_text(&error);
                    let text = format!("error reading forwarding file: {why}");
                    return (self.say(step, (4, 3, 0), text), count);
                }
            }
            if line.starts_with(b"#") {
                continue;
            }
            let (verdict, more) = self.targets(step, &line);
            count += more;
            if verdict == Verdict::Retry {
                return (verdict, count);
            }
        }
    }

    fn target(&mut self, step: &Step, tokens: &[Token]) -> Verdict {
        let text = token::internal(tokens);
        match text.as_slice() {
            [b'/', ..] => self.file(step, &PathBuf::from(os(&text))),
            [b'~', ..] => self.file_in_home(step, &text),
            [b'|', command @ ..] => {
                if !self.agent.commands_allowed.contain(step.origin) {
                    return self.say(step, (5, 7, 1), "mail to command is restricted");
                }
                self.command(step, &command.to_str_lossy())
            }
            _ => match include_path(&text) {
                Some(path) => self.include(step, &PathBuf::from(os(path))),
                None => self.address(step, tokens),
            },
        }
    }

    /// `~/file`; other users' directories are none of anybody's business.
    fn file_in_home(&mut self, step: &Step, text: &[u8]) -> Verdict {
        let shown = text.as_bstr();
        let Some(rest) = text.strip_prefix(b"~/") else {
            log::warning(format_args!("bad home directory syntax for: {shown}"));
            return self.say(step, (5, 3, 5), "mail system configuration error");
        };
        let Some(rights) = &step.rights else {
            log::warning(format_args!("unknown home directory for: {shown}"));
            return self.say(step, (5, 3, 5), "mail system configuration error");
        };
        let mut path = rights.home.as_os_str().as_bytes().to_vec();
        if path != b"/" {
            path.push(b'/');
        }
        path.extend_from_slice(rest);
        self.file(step, &PathBuf::from(os(&path)))
    }
}

fn os(bytes: &[u8]) -> std::ffi::OsString {
    std::ffi::OsString::from_vec(bytes.to_vec())
}

/// What follows `:include:`, in any case.
fn include_path(text: &[u8]) -> Option<&[u8]> {
    const WORD: &[u8] = b":include:";
    let (word, path) = text.split_at_checked(WORD.len())?;
    word.eq_ignore_ascii_case(WORD).then_some(path)
}
