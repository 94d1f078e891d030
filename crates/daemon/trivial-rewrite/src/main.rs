// SPDX-License-Identifier: MIT OR Apache-2.0
//! Starts trivial-rewrite; everything is in the library.

fn main() -> ! {
    server::run_multi_client::<trivial_rewrite::TrivialRewrite>()
}
