// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts showq; everything is in the library.

fn main() {
    showq::main()
}
