// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is executed for a command: the program itself where possible, a shell where not.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Where programs without a path are looked for: the system's default.
const DEFAULT_PATH: [&str; 2] = ["/usr/bin", "/bin"];

/// What to execute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A program and its arguments, the first being its own name.
    Arguments(Vec<OsString>),
    /// A command line: executed directly when it has no character that means something to a
    /// shell, by `/bin/sh -c` otherwise.
    Line(OsString),
    /// A command line for another program than the system's shell (`local_command_shell`),
    /// which gets it as its last argument.
    Shell(Vec<OsString>, OsString),
}

impl Program {
    /// The file to execute, and the arguments from zero on.
    pub(super) fn resolve(&self) -> (PathBuf, Vec<OsString>) {
        match self {
            Program::Arguments(arguments) => (find(first(arguments)), arguments.clone()),
            Program::Shell(shell, line) => {
                let mut arguments = shell.clone();
                arguments.push(line.clone());
                (find(first(&arguments)), arguments)
            }
            Program::Line(line) => {
                if let Some(arguments) = simple_words(line) {
                    let path = find(first(&arguments));
                    // A name that is no file may be known to the shell itself.
                    if path.is_absolute() || path.components().count() > 1 {
                        return (path, arguments);
                    }
                }
                let shell = ["sh".into(), "-c".into(), line.clone()];
                (PathBuf::from("/bin/sh"), shell.to_vec())
            }
        }
    }

    /// The name of what is executed.
    pub(super) fn name(&self) -> OsString {
        self.resolve().0.into_os_string()
    }
}

fn first(arguments: &[OsString]) -> &OsStr {
    arguments
        .first()
        .map_or(OsStr::new(""), OsString::as_os_str)
}

/// The words of a line without any character that a shell would treat specially.
fn simple_words(line: &OsStr) -> Option<Vec<OsString>> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"!@%-_=+:,./ \t".contains(b);
    let bytes = line.as_bytes();
    if !bytes.iter().all(plain) {
        return None;
    }
    let words = bytes
        .split(|b| matches!(b, b' ' | b'\t'))
        .filter(|word| !word.is_empty());
    let words: Vec<OsString> = words
        .map(|word| OsStr::from_bytes(word).to_owned())
        .collect();
    (!words.is_empty()).then_some(words)
}

fn find(name: &OsStr) -> PathBuf {
    if name.as_bytes().contains(&b'/') {
        return PathBuf::from(name);
    }
    let candidates = DEFAULT_PATH
        .iter()
        .map(|directory| Path::new(directory).join(name));
    let executable = |path: &PathBuf| {
        path.metadata()
            .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
    };
    candidates
        .into_iter()
        .find(executable)
        .unwrap_or_else(|| PathBuf::from(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(line: &str) -> (PathBuf, Vec<OsString>) {
        Program::Line(line.into()).resolve()
    }

    #[test]
    fn a_plain_command_needs_no_shell() {
        let (path, arguments) = resolved("/usr/bin/procmail -a  x\ty");
        assert_eq!(path, Path::new("/usr/bin/procmail"));
        assert_eq!(arguments, ["/usr/bin/procmail", "-a", "x", "y"]);
    }

    #[test]
    fn quotes_redirections_and_builtins_need_a_shell() {
        for line in ["cat 'x'", "cat >/tmp/x", "exit 75", "a; b", "", " \t"] {
            let (path, arguments) = resolved(line);
            assert_eq!(path, Path::new("/bin/sh"), "{line}");
            assert_eq!(arguments, ["sh", "-c", line]);
        }
    }

    #[test]
    fn names_are_found_in_the_default_path_only() {
        assert!(resolved("cat -").0.ends_with("bin/cat"));
    }
}
