// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts smtpd; everything is in the library.

fn main() -> ! {
    smtpd::main()
}
