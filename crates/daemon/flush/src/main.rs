// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts flush; everything is in the library.

fn main() {
    flush::main()
}
