// SPDX-License-Identifier: MIT OR Apache-2.0
//! See the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    postsuper::main()
}
