// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts error; everything is in the library.

fn main() {
    error::main()
}
