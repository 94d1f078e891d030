// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts local; everything is in the library.

fn main() -> ! {
    local::main()
}
