// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postdrop; everything is in the library.

fn main() -> std::process::ExitCode {
    postdrop::main()
}
