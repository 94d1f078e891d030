// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts proxymap; everything is in the library.

fn main() -> ! {
    server::run_multi_client::<proxymap::Proxymap>()
}
