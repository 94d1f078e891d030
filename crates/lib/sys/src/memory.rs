// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory of this process.

#![expect(unsafe_code, reason = "the allocator's tuning calls are C")]

/// Gives memory that was freed back to the system. The allocator keeps it for later, which a daemon
/// that was busy once and now waits does not need. Takes milliseconds: not for every day.
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    // SAFETY: malloc_trim takes a number and touches only the allocator's own free lists, under its
    // own lock.
    let _ = unsafe { libc::malloc_trim(0) };
}
