// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postconf; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    postconf::main()
}
