// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postalias; everything is in the library.

fn main() -> std::process::ExitCode {
    postalias::main()
}
