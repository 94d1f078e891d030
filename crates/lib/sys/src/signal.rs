// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signals as something to read, instead of something that interrupts.
//!
//! *Invariants:* a signal watched here is blocked for this process; programs started through
//! [`crate::spawn`] begin with an empty mask and default actions.
//!
//! *Postfix:* the signal halves of master_sig.c and of events(3).

#![expect(
    unsafe_code,
    reason = "sigaction is unsafe for handlers that run code; ours do not"
)]

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

pub use nix::sys::signal::Signal;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// A readable source of some signals.
#[derive(Debug)]
pub struct Signals {
    source: SignalFd,
}

impl Signals {
    /// Blocks these signals and collects them here.
    pub fn new(signals: &[Signal]) -> io::Result<Self> {
        let mut set = SigSet::empty();
        for signal in signals {
            set.add(*signal);
        }
        set.thread_block()?;
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        Ok(Self {
            source: SignalFd::with_flags(&set, flags)?,
        })
    }

    /// The next signal that came; `None` when there is none now.
    ///
    /// Signals of one kind that came together count as one.
    pub fn read(&self) -> Option<Signal> {
        let info = self.source.read_signal().ok()??;
        Signal::try_from(i32::try_from(info.ssi_signo).ok()?).ok()
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.source.as_fd()
    }
}

/// Ignores a signal from now on.
pub fn ignore(signal: Signal) -> io::Result<()> {
    set_action(signal, SigHandler::SigIgn)
}

/// Gives a signal its default action again.
pub fn default(signal: Signal) -> io::Result<()> {
    set_action(signal, SigHandler::SigDfl)
}

/// Ends this process by a signal, as if it had never been caught; for process 1, which signals
/// do not end, with exit status 0.
pub fn end_by(signal: Signal) -> ! {
    let mut set = SigSet::empty();
    set.add(signal);
    if default(signal).is_ok() && set.thread_unblock().is_ok() {
        let _ = nix::sys::signal::raise(signal);
    }
    std::process::exit(0)
}

fn set_action(signal: Signal, handler: SigHandler) -> io::Result<()> {
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: the handler is SIG_IGN or SIG_DFL, so no code of ours runs in signal context.
    unsafe { nix::sys::signal::sigaction(signal, &action) }?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocked_signal_can_be_read() {
        let signals = Signals::new(&[Signal::SIGUSR1]).unwrap();
        assert_eq!(signals.read(), None);
        nix::sys::signal::raise(Signal::SIGUSR1).unwrap();
        assert!(crate::fd::is_readable_now(&signals).unwrap());
        assert_eq!(signals.read(), Some(Signal::SIGUSR1));
        assert_eq!(signals.read(), None);
    }
}
