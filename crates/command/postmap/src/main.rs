// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postmap; everything is in the library.

fn main() -> std::process::ExitCode {
    postmap::main()
}
