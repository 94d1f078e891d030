// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the texts of the pages are, and how one becomes a page.
//!
//! A source begins with a section NAME, or with a title `# name(section): what it is`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use config::prose::{self, Block};

use crate::parameters;
use crate::roff::Roff;

/// The text of a page.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name of the page.
    pub name: String,
    /// 1, 5 or 8.
    pub section: u8,
    /// The folder of the program that it is about.
    pub program: Option<PathBuf>,
    /// The text, from after the name on.
    pub blocks: Vec<Block>,
    /// What the section NAME says after the name.
    pub summary: String,
}

/// Sections that the list of parameters stands before.
const LAST_SECTIONS: [&str; 3] = ["FILES", "SEE ALSO", "HISTORY"];

/// All sources of the project at `root`, sorted by path.
///
/// # Errors
/// A file that cannot be read, or has no name in it.
pub fn all(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for kind in ["crates/daemon", "crates/command"] {
        for folder in listed(&root.join(kind))? {
            for file in listed(&folder)? {
                sources.extend(read(&file, Some(&folder))?);
            }
        }
    }
    for file in listed(&root.join("man/src"))? {
        sources.extend(read(&file, None)?);
    }
    Ok(sources)
}

fn listed(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(directory)?.collect();
    let mut paths: Vec<PathBuf> = entries?.iter().map(fs::DirEntry::path).collect();
    paths.sort_unstable();
    Ok(paths)
}

/// The source in `file`, if its name is that of a page.
fn read(file: &Path, program: Option<&Path>) -> io::Result<Option<Source>> {
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let Some((name, section)) = name
        .strip_suffix(".md")
        .and_then(|name| name.rsplit_once('.'))
    else {
        return Ok(None);
    };
    let Ok(section) = section.parse() else {
        return Ok(None);
    };
    let text = fs::read_to_string(file)?;
    let mut blocks = prose::parse(text.lines());
    let Some(summary) = take_summary(&mut blocks) else {
        let why = format!("{}: no section NAME and no title", file.display());
        return Err(io::Error::other(why));
    };
    Ok(Some(Source {
        name: name.to_string(),
        section,
        program: program.map(Path::to_path_buf),
        blocks,
        summary,
    }))
}

/// Takes the beginning away up to the section after NAME; gives what it says the page is about.
fn take_summary(blocks: &mut Vec<Block>) -> Option<String> {
    let is_name = |block: &Block| matches!(block, Block::Heading(_, title) if title == "NAME");
    if let Some(at) = blocks.iter().position(is_name) {
        let line = match blocks.get(at + 1) {
            Some(Block::Paragraph(spans)) => prose::plain(spans),
            _ => return None,
        };
        blocks.drain(..at + 2);
        return line
            .split_once(" - ")
            .map(|(_, summary)| summary.to_string());
    }
    let Some(Block::Heading(_, title)) = blocks.first() else {
        return None;
    };
    let summary = title
        .split_once("): ")
        .map(|(_, summary)| summary.to_string());
    blocks.remove(0);
    summary
}

impl Source {
    /// The finished page, with a list of the parameters `selected`.
    pub fn page(&self, selected: &[&str]) -> String {
        let mut roff = Roff::page(&self.name, self.section);
        roff.name(&self.name, &self.summary);
        let is_last = |block: &Block| matches!(block, Block::Heading(_, title) if LAST_SECTIONS.contains(&title.as_str()));
        let at = self
            .blocks
            .iter()
            .position(is_last)
            .unwrap_or(self.blocks.len());
        let (before, after) = self.blocks.split_at(at);
        before.iter().for_each(|block| roff.block(block));
        if !selected.is_empty() {
            parameter_section(&mut roff, selected);
        }
        after.iter().for_each(|block| roff.block(block));
        roff.finish()
    }
}

fn parameter_section(roff: &mut Roff, selected: &[&str]) {
    roff.section("CONFIGURATION PARAMETERS");
    roff.paragraph(&prose::spans(
        "What the program reads from `main.cf`; details are in postconf(5), and \
         `postconf --explain NAME` says where a value comes from.",
    ));
    parameters::summaries(roff, selected);
}
