// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts master; everything is in the library.

fn main() -> ! {
    master::main()
}
