// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postfix; everything is in the library.

fn main() -> ! {
    postfix::main()
}
