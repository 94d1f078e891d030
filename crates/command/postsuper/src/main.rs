// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postsuper; everything is in the library.

fn main() {}
