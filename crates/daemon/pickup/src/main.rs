// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts pickup; everything is in the library.

fn main() -> ! {
    pickup::main()
}
