// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writes the manual pages: `manual DIRECTORY`, where the directory holds the project.

use std::process::ExitCode;

fn main() -> ExitCode {
    manual::main()
}
