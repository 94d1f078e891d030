// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postlog; everything is in the library.

fn main() -> ! {
    postlog::main()
}
