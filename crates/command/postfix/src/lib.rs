// SPDX-License-Identifier: MIT OR Apache-2.0
//! postfix(1): starts, stops and checks the mail system.
//!
#![doc = include_str!("../postfix.1.md")]
//!
//! # Inside
//!
//! *Privileges:* those of its caller, who is root or `mail_owner`; no set-id bit. It creates and
//! repairs directories, sends signals to master, and starts master, postsuper, postqueue and
//! postconf.
//!
//! *Invariants:* what it finds wrong is a warning; what would keep the mail system from working
//! is fatal, and then master is not started.
//!
//! *Postfix:* postfix.c, postfix-script, the directory half of post-install and postfix-files.
//!
//! In reading order: `options`, `instance`, `control` (start, stop, reload, ...),
//! `running`, `layout` (which directories there are, and whose), `check`, `upgrade`,
//! `rotate`, `programs`.

mod check;
mod control;
mod instance;
mod layout;
mod options;
mod programs;
mod rotate;
mod running;
mod upgrade;

use std::process::exit;

use options::Options;
use runtime::log;
use server::command::{self, Rights};

use crate::instance::Instance;

/// What a command of postfix(1) ends with: an exit status, or the text of a fatal line.
pub(crate) type Outcome = Result<i32, String>;

/// The program.
pub fn main() -> ! {
    let process = command::begin("postfix", Rights::Invoker);
    sys::files::umask(0o022);
    let prepared = Options::parse(std::env::args_os().skip(1)).and_then(|options| {
        log::set_verbose(options.verbose);
        let instance = Instance::open(&process, &options)?;
        Ok((options, instance))
    });
    let (options, instance) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => log::fatal_status(runtime::exit::FATAL, error),
    };
    instance.say_compatibility();
    if let Some(outcome) = instance.run_wrapper(&options) {
        finish(outcome);
    }
    // From here on this is what people know as postfix-script.
    instance.log_as_script();
    finish(
        instance
            .enter()
            .and_then(|()| control::run(&instance, &options.command)),
    )
}

fn finish(outcome: Outcome) -> ! {
    match outcome {
        Ok(status) => exit(status),
        Err(error) => log::fatal_status(runtime::exit::FATAL, error),
    }
}
