// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts discard; everything is in the library.

fn main() {
    discard::main()
}
