// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postqueue; everything is in the library.

fn main() -> std::process::ExitCode {
    postqueue::main()
}
