// SPDX-License-Identifier: MIT OR Apache-2.0
//! Makes `man/man1`, `man/man5` and `man/man8`.
//!
//! A page about a program is the `NAME.8.md` or `NAME.1.md` in its folder, with a list of the
//! parameters that it reads put in. Pages about files are in `man/src`. postconf(5) is made of
//! the parameter table alone. For developers only; the results are committed, and a tidy test
//! compares them.
//!
//! In reading order: [`source`] (where the texts are), [`selection`] (what a program reads),
//! [`parameters`] (what is said about parameters), [`roff`] (how it is printed).

pub mod parameters;
pub mod roff;
pub mod selection;
pub mod source;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A finished page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it stands, relative to the project: `man/man8/qmgr.8`.
    pub path: PathBuf,
    /// The whole file.
    pub text: String,
}

/// Further names of pages: the name, the page, the section of both.
const ALIASES: [(&str, &str, u8); 6] = [
    ("body_checks", "header_checks", 5),
    ("defer", "bounce", 8),
    ("lmtp", "smtp", 8),
    ("mailq", "sendmail", 1),
    ("newaliases", "sendmail", 1),
    ("trace", "bounce", 8),
];

/// All pages of the project at `root`.
///
/// # Errors
/// A source that cannot be read, or that does not say what it is about.
pub fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let mut pages = vec![Page {
        path: path("postconf", 5),
        text: parameters::postconf_5(),
    }];
    for source in source::all(root)? {
        let selected = match &source.program {
            Some(folder) => selection::of_program(root, folder)?,
            None => Vec::new(),
        };
        pages.push(Page {
            path: path(&source.name, source.section),
            text: source.page(&selected),
        });
    }
    for (alias, name, section) in ALIASES {
        pages.push(Page {
            path: path(alias, section),
            text: format!(".so man{section}/{name}.{section}\n"),
        });
    }
    Ok(pages)
}

fn path(name: &str, section: u8) -> PathBuf {
    PathBuf::from(format!("man/man{section}/{name}.{section}"))
}

/// Runs the program: writes all pages below the directory that the command line names.
pub fn main() -> ExitCode {
    let root = std::env::args_os()
        .nth(1)
        .map_or(PathBuf::from("."), PathBuf::from);
    match pages(&root).and_then(|pages| write(&root, &pages)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "manual: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Replaces what is in the directories of finished pages.
fn write(root: &Path, pages: &[Page]) -> io::Result<()> {
    for section in ["man/man1", "man/man5", "man/man8"] {
        let directory = root.join(section);
        fs::create_dir_all(&directory)?;
        for entry in fs::read_dir(&directory)? {
            fs::remove_file(entry?.path())?;
        }
    }
    pages
        .iter()
        .try_for_each(|page| fs::write(root.join(&page.path), &page.text))
}

#[cfg(test)]
mod tests;
