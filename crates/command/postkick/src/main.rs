// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postkick; everything is in the library.

fn main() -> ! {
    postkick::main()
}
