// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postmap.1.md")]
//!
//! *Privileges:* those of the caller; with root's rights a table is made as the owner of its
//! source file (unless `-o`).
//!
//! *Errors:* one line `postmap: fatal: ...` and exit code 1.
//!
//! *Postfix:* postmap(1).

use std::process::ExitCode;

use maps::maintain::{self, Program};
use server::command::{self, Rights};

/// The program; all but its start is in `maps`.
pub fn main() -> ExitCode {
    let process = command::begin("postmap", Rights::Invoker);
    maintain::main(Program::Postmap, databases::open, |directory| {
        command::configure(&process, directory).map(|configured| configured.main_cf)
    })
}
