// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ends a process that has stopped making progress.
//!
//! The alarm rings three times per limit; when three rings in a row find no [`pat`] in between,
//! the message is written and the process exits with status 1. A machine that slept rings once
//! on waking, which is not enough. [`pat`] is an increment, not a system call.
//!
//! *Postfix:* watchdog(3).

#![expect(unsafe_code, reason = "a signal handler")]

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

static PATS: AtomicU32 = AtomicU32::new(0);
static SEEN: AtomicU32 = AtomicU32::new(0);
static RINGS: AtomicU32 = AtomicU32::new(0);
static STEP_SECONDS: AtomicU32 = AtomicU32::new(0);
static MESSAGE: OnceLock<&'static str> = OnceLock::new();
static REPORT: OnceLock<(OwnedFd, Vec<u8>)> = OnceLock::new();

/// How many rings without a pat end the process.
const STEPS: u32 = 3;

/// Starts the watchdog, or starts it again with another limit (whole seconds, rounded up).
///
/// `message` goes to descriptor 2; the first message stays.
pub fn start(limit: Duration, message: &'static str) -> io::Result<()> {
    let _ = MESSAGE.set(message);
    let seconds = u32::try_from(limit.as_secs()).unwrap_or(u32::MAX);
    let step = seconds.div_ceil(STEPS).max(1);
    STEP_SECONDS.store(step, Ordering::Relaxed);
    pat();
    let handler = SigHandler::Handler(on_alarm);
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: `on_alarm` only uses atomics, write(2), alarm(2) and _exit(2), which are
    // async-signal-safe.
    unsafe { sigaction(Signal::SIGALRM, &action) }?;
    nix::unistd::alarm::set(step);
    Ok(())
}

/// Also writes these bytes to this descriptor when the watchdog ends the process: a log record
/// prepared in advance, since nothing can be formatted in a signal handler.
pub fn report_to(fd: OwnedFd, record: Vec<u8>) {
    let _ = REPORT.set((fd, record));
}

/// Says that the process is alive.
pub fn pat() {
    PATS.fetch_add(1, Ordering::Relaxed);
}

/// Stops the watchdog.
pub fn stop() {
    nix::unistd::alarm::cancel();
}

extern "C" fn on_alarm(_signal: libc::c_int) {
    let pats = PATS.load(Ordering::Relaxed);
    if SEEN.swap(pats, Ordering::Relaxed) != pats {
        RINGS.store(0, Ordering::Relaxed);
    } else if RINGS.fetch_add(1, Ordering::Relaxed) + 1 >= STEPS {
        if let Some((fd, record)) = REPORT.get() {
            let _ = nix::unistd::write(fd, record);
        }
        if let Some(message) = MESSAGE.get() {
            let _ = nix::unistd::write(io::stderr().as_fd(), message.as_bytes());
        }
        // SAFETY: _exit may be called from a signal handler and does not return.
        unsafe { libc::_exit(1) };
    }
    nix::unistd::alarm::set(STEP_SECONDS.load(Ordering::Relaxed));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spawn::{Ended, Spawn, wait};

    /// Runs in a process of its own, started by the test below.
    #[test]
    fn hang_when_asked() {
        if std::env::var_os("HANG").is_some() {
            start(Duration::from_secs(1), "bark\n").unwrap();
            let (reader, _writer) = crate::fd::pipe().unwrap();
            let _ = crate::fd::wait_readable(reader, Some(Duration::from_secs(60)));
        }
    }

    #[test]
    fn a_process_that_hangs_is_ended() {
        let child = Spawn::new(std::env::current_exe().unwrap())
            .args(["--exact", "watchdog::tests::hang_when_asked", "--nocapture"])
            .env("HANG", "1")
            .fd(
                1,
                OwnedFd::from(std::fs::File::create("/dev/null").unwrap()),
            )
            .spawn()
            .unwrap();
        let ended = wait(child.pid, Some(Duration::from_secs(50))).unwrap();
        assert_eq!(ended, Some(Ended::Exited(1)));
    }
}
