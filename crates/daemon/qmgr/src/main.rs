// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts the queue manager; everything is in the library.

fn main() -> ! {
    qmgr::main()
}
