// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walking a directory tree without following links, in the order of names.
//!
//! *Invariants:* bounded: at most [`MOST`] files are seen, and [`DEPTH`] directories deep.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Most files that one walk sees; a queue can hold any number.
const MOST: usize = 1_000_000;

/// Most directories below each other.
const DEPTH: usize = 32;

/// Calls `visit` for the path and, where it is a directory, for all below it.
pub(super) fn walk(path: &Path, visit: &mut impl FnMut(&Path, &Metadata)) {
    let mut left = MOST;
    step(path, DEPTH, &mut left, visit);
}

fn step(path: &Path, depth: usize, left: &mut usize, visit: &mut impl FnMut(&Path, &Metadata)) {
    let Ok(metadata) = std::fs::symlink_metadata(path) else {
        return;
    };
    if *left == 0 {
        return;
    }
    *left -= 1;
    visit(path, &metadata);
    if depth > 0 && metadata.is_dir() {
        for below in entries(path) {
            step(&below, depth - 1, left, visit);
        }
    }
}

/// What a directory holds, by name.
pub(super) fn entries(directory: &Path) -> Vec<PathBuf> {
    let listing = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = listing
        .map(|entry| directory.join(entry.file_name()))
        .collect();
    paths.sort();
    paths
}
