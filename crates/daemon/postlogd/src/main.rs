// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts postlogd; everything is in the library.

fn main() -> ! {
    server::run_datagram::<postlogd::Postlogd>()
}
