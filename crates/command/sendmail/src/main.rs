// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts sendmail; everything is in the library.

fn main() -> std::process::ExitCode {
    sendmail::main()
}
