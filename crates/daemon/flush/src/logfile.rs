// SPDX-License-Identifier: MIT OR Apache-2.0
//! One site's log: the queue ids of messages that wait for it, a line each.
//!
//! *Invariants*: the file is locked while it is read or written; its name is made of letters,
//! digits and `_` only, so it never leads out of the flush directory; at most [`DUPLICATE_LIMIT`]
//! ids are remembered to skip repetitions.
//!
//! *Postfix:* flush/flush.c.

use mail::text::domain_to_ascii;
use queue::layout::Queue;
use queue::{Layout, QueueId};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use sys::lock::{Kind, lock};

/// Ids that are known to have been seen already.
const DUPLICATE_LIMIT: usize = 10_000;
/// Longer lines are no queue ids.
const LINE_LIMIT: usize = 300;

/// The log's file name for a site: lower case, everything but letters and digits as `_`.
pub(crate) fn file_name(site: &[u8]) -> Option<QueueId> {
    let ascii = if site.is_ascii() {
        Some(site.to_vec())
    } else {
        domain_to_ascii(site)
    };
    let name: Vec<u8> = ascii?
        .to_ascii_lowercase()
        .into_iter()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                byte
            } else {
                b'_'
            }
        })
        .collect();
    QueueId::parse(name)
}

/// Remembers that a message waits for a site.
pub(crate) fn add(layout: &Layout, name: &QueueId, id: &QueueId) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    let path = layout.path(Queue::Flush, name);
    let mut file = match options.open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            layout.create_directories(Queue::Flush, name)?;
            options.open(&path)?
        }
        other => other?,
    };
    lock(&file, Kind::Exclusive)?;
    // One write, so that a reader sees whole lines even of a full disk.
    file.write_all(format!("{}\n", id.as_str()).as_bytes())
}

/// Hands each id of a log to `visit`, once, and empties the log. A missing log is an empty one.
pub(crate) fn drain(
    layout: &Layout,
    name: &QueueId,
    mut visit: impl FnMut(&QueueId),
) -> io::Result<()> {
    let path = layout.path(Queue::Flush, name);
    let file = match OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    lock(&file, Kind::Exclusive)?;
    let mut seen = HashSet::new();
    let mut lines = BufReader::new(&file);
    while let Some(line) = next_line(&mut lines)? {
        match QueueId::parse(&line) {
            Some(id) if seen.contains(&id) => {}
            Some(id) => {
                visit(&id);
                if seen.len() < DUPLICATE_LIMIT {
                    seen.insert(id);
                }
            }
            None => runtime::log::warning(format_args!(
                "flush log {}: bad queue id: {}",
                name.as_str(),
                String::from_utf8_lossy(line.get(..LINE_LIMIT).unwrap_or(&line))
            )),
        }
    }
    file.set_len(0)
}

fn next_line(lines: &mut BufReader<&File>) -> io::Result<Option<Vec<u8>>> {
    use std::io::Read;
    let mut line = Vec::new();
    let limit = LINE_LIMIT as u64;
    if lines.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else {
        lines.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spool() -> (tempfile::TempDir, Layout) {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("flush")).unwrap();
        let layout = Layout::new(directory.path(), "", 0);
        (directory, layout)
    }

    #[test]
    fn names_are_harmless() {
        assert_eq!(file_name(b"Example.ORG").unwrap().as_str(), "example_org");
        assert_eq!(file_name(b"[1.2.3.4]").unwrap().as_str(), "_1_2_3_4_");
        assert_eq!(file_name(b"../../etc").unwrap().as_str(), "______etc");
        assert_eq!(
            file_name("bücher.test".as_bytes()).unwrap().as_str(),
            "xn__bcher_kva_test"
        );
        assert!(file_name(b"").is_none());
    }

    #[test]
    fn what_is_added_is_drained_once() {
        let (directory, layout) = spool();
        let name = file_name(b"example.org").unwrap();
        for id in ["A1", "A2", "A1"] {
            add(&layout, &name, &QueueId::parse(id).unwrap()).unwrap();
        }
        let path = directory.path().join("flush/example_org");
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(&[b'/'; 5000])
            .unwrap();
        let mut seen = Vec::new();
        drain(&layout, &name, |id| seen.push(id.as_str().to_owned())).unwrap();
        assert_eq!(seen, ["A1", "A2"]);
        assert_eq!(std::fs::metadata(path).unwrap().len(), 0);
        drain(&layout, &file_name(b"other").unwrap(), |_| {
            panic!("nothing waits")
        })
        .unwrap();
    }
}
