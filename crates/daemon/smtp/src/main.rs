// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts smtp; everything is in the library.

fn main() -> ! {
    smtp::main()
}
