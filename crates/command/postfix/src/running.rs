// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether master runs, and under which process id: the lock on its pid file says so.
//!
//! *Postfix:* `master -t`.

use std::fs::File;
use std::path::PathBuf;

use sys::lock::Kind;

use crate::instance::Instance;

/// The master that runs for this instance; `None` when none does.
pub(crate) fn master(instance: &Instance) -> Option<u32> {
    let file = File::open(pid_file(instance)).ok()?;
    // A shared lock that is granted means that nobody holds the exclusive one.
    if sys::lock::try_lock(&file, Kind::Shared).unwrap_or(true) {
        return None;
    }
    recorded(instance)
}

/// The process id in the pid file.
fn recorded(instance: &Instance) -> Option<u32> {
    use std::io::Read;
    let mut text = String::new();
    let file = File::open(pid_file(instance)).ok()?;
    file.take(100).read_to_string(&mut text).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn pid_file(instance: &Instance) -> PathBuf {
    let params = &instance.params;
    params
        .queue_directory
        .join(&params.process_id_directory)
        .join("master.pid")
}
