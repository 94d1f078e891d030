// SPDX-License-Identifier: MIT OR Apache-2.0
//! Waiting for something to become true in a directory tree, woken by the kernel's file events.
//!
//! *Errors*: a condition that does not come true before the deadline is a test failure that shows
//! the caller's account of what was seen.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use std::os::fd::AsFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a whole-system event may take on a busy two-core machine.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Returns the first value that `look` finds, looking again after each change in `directory`.
///
/// # Panics
/// When nothing was found within [`PATIENCE`]; `account` describes what there was instead.
#[track_caller]
pub fn until<T>(
    directory: &Path,
    what: &str,
    mut look: impl FnMut() -> Option<T>,
    account: impl FnOnce() -> String,
) -> T {
    match within(PATIENCE, directory, &mut look) {
        Some(found) => found,
        None => panic!("waited in vain for {what}:\n{}", account()),
    }
}

/// As [`until`], with a time limit of the caller's and no failure.
pub fn within<T>(
    limit: Duration,
    directory: &Path,
    mut look: impl FnMut() -> Option<T>,
) -> Option<T> {
    let deadline = Instant::now() + limit;
    let events = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC).expect("inotify");
    let interest = AddWatchFlags::IN_MODIFY
        | AddWatchFlags::IN_CREATE
        | AddWatchFlags::IN_DELETE
        | AddWatchFlags::IN_ATTRIB
        | AddWatchFlags::IN_MOVED_TO
        | AddWatchFlags::IN_MOVED_FROM;
    events.add_watch(directory, interest).ok();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        let left = deadline.checked_duration_since(Instant::now())?;
        // Half a second at most: what is looked for may also live outside `directory`.
        let pause = left.min(Duration::from_millis(500));
        let mut fds = [PollFd::new(events.as_fd(), PollFlags::POLLIN)];
        let timeout = PollTimeout::try_from(pause).unwrap_or(PollTimeout::ZERO);
        poll(&mut fds, timeout).ok();
        while events.read_events().is_ok_and(|list| !list.is_empty()) {}
    }
}
