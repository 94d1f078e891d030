// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a person is looking.

use std::io::IsTerminal;
use std::os::fd::AsFd;

/// Whether this descriptor is a terminal.
pub fn is_terminal(fd: impl AsFd) -> bool {
    fd.as_fd().is_terminal()
}
