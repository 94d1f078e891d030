// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postsuper.1.md")]
//!
//! *Privileges:* run by the super-user, it becomes `mail_owner` for good before it touches anything;
//! in a private mail system, run by its `mail_owner`.

mod operate;
mod options;
mod report;
mod structure;
#[cfg(test)]
mod tests;

use operate::Work;
use options::{Action, Command, Misuse, USAGE, Which};
use queue::id::IdForm;
use queue::{Layout, QueueId};
use report::{Asked, Report};
use runtime::options::complain;
use runtime::{exit, log};
use server::command::{self, Rights};
use std::io::{self, BufRead};
use std::process::ExitCode;
use structure::Repair;
use sys::signal::{Signal, Signals};
use sys::{identity, users};

config::select! {
    /// What postsuper reads from main.cf.
    struct Params {
        enable_long_queue_ids,
        hash_queue_depth,
        hash_queue_names,
    }
}

/// Longest line of standard input that can be a queue id, and then some.
const LINE_LIMIT: u64 = 10_000;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let process = command::begin("postsuper", Rights::Invoker);
    if users::real_uid() != users::effective_uid() {
        log::fatal_status(
            exit::FATAL,
            "this postfix command must not run as a set-uid process",
        );
    }
    let command = match options::parse(std::env::args_os().skip(1).collect()) {
        Ok(command) => command,
        Err(Misuse::Fatal(text)) => log::fatal_status(exit::FATAL, text),
        Err(Misuse::Usage(complaint)) => {
            if let Some(text) = complaint {
                complain(&process, &text);
            }
            log::fatal_status(exit::FATAL, USAGE)
        }
    };
    log::set_verbose(command.verbose);
    match run(&process, &command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => log::fatal_status(exit::FATAL, text),
    }
}

fn run(process: &str, command: &Command) -> Result<(), String> {
    let started = command::configure(process, command.config_directory.as_deref())?;
    let accounts = config::verify(&started.main_cf).map_err(|error| error.to_string())?;
    let uid = users::effective_uid();
    if uid != 0 && uid != accounts.owner_uid {
        return Err("use of this command is reserved for the superuser".to_owned());
    }
    let params = Params::load(&started.main_cf).map_err(|error| error.to_string())?;
    std::env::set_current_dir(&started.queue_directory)
        .map_err(|error| format!("chdir {}: {error}", started.queue_directory.display()))?;
    if uid == 0 {
        identity::become_user(accounts.owner_uid, accounts.owner_gid)
            .map_err(|error| format!("setuid({}): {error}", accounts.owner_uid))?;
    }
    let hashed = config::value::words(&params.hash_queue_names);
    if hashed
        .into_iter()
        .any(|name| name.eq_ignore_ascii_case("maildrop"))
    {
        return Err("maildrop queue must not be hashed".to_owned());
    }
    let layout = Layout::relative(&params.hash_queue_names, params.hash_queue_depth);
    let form = if params.enable_long_queue_ids {
        IdForm::Long
    } else {
        IdForm::Short
    };
    let interrupted = Interrupted::watch().map_err(|error| format!("signals: {error}"))?;
    let input = io::stdin().lock();
    work(command, &layout, form, input, &interrupted)
}

/// Everything that needs no privileges.
fn work(
    command: &Command,
    layout: &Layout,
    form: IdForm,
    mut input: impl BufRead,
    interrupted: &Interrupted,
) -> Result<(), String> {
    let mut report = Report::default();
    let asked = asked(command);
    let done = repair(command, layout, form, &mut report, interrupted).and_then(|()| {
        let work = Work {
            layout,
            queues: &command.queues,
        };
        operate(command, &work, &mut input, &mut report, interrupted)
    });
    if done.is_err() {
        report.warn_if_incomplete();
        return done;
    }
    report.log(asked);
    Ok(())
}

fn repair(
    command: &Command,
    layout: &Layout,
    form: IdForm,
    report: &mut Report,
    interrupted: &Interrupted,
) -> Result<(), String> {
    if command.structure.is_none() && !command.purge {
        return Ok(());
    }
    let (structure, purge) = (command.structure, command.purge);
    Repair {
        layout,
        form,
        structure,
        purge,
    }
    .run(&command.queues, report, interrupted)?;
    let named = command.orders.iter().any(|(_, which)| *which != Which::All);
    if report.renamed > 0 && named {
        log::error("QUEUE FILE NAMES WERE CHANGED TO MATCH INODE NUMBERS");
        return Err("CHECK YOUR QUEUE IDS AND RE-ISSUE THE COMMAND".to_owned());
    }
    Ok(())
}

fn operate(
    command: &Command,
    work: &Work<'_>,
    input: &mut impl BufRead,
    report: &mut Report,
    interrupted: &Interrupted,
) -> Result<(), String> {
    for (action, which) in &command.orders {
        match which {
            Which::All => work.all(*action, report, interrupted)?,
            Which::Id(id) => one(work, *action, id, report)?,
            Which::Input => {
                while let Some(id) = read_id(input)? {
                    interrupted.check(report);
                    one(work, *action, &id, report)?;
                }
            }
        }
    }
    Ok(())
}

fn one(work: &Work<'_>, action: Action, name: &str, report: &mut Report) -> Result<(), String> {
    match QueueId::parse(name) {
        Some(id) => work.one(action, &id, report),
        None => {
            log::warning(format_args!("invalid mail queue id: {name}"));
            Ok(())
        }
    }
}

/// The next line, without the blanks around it.
fn read_id(input: &mut impl BufRead) -> Result<Option<String>, String> {
    let mut line = Vec::new();
    let read = io::Read::take(&mut *input, LINE_LIMIT)
        .read_until(b'\n', &mut line)
        .map_err(|error| format!("read standard input: {error}"))?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim().to_owned()))
}

fn asked(command: &Command) -> Asked {
    let has = |action| command.orders.iter().any(|(wanted, _)| *wanted == action);
    Asked {
        requeue: has(Action::Requeue),
        delete: has(Action::Delete),
        expire: has(Action::Expire) || has(Action::ExpireAndRelease),
        hold: has(Action::Hold),
        release: has(Action::Release),
    }
}

/// Signals that end the program, but not in the middle of a message.
pub(crate) struct Interrupted {
    signals: Option<Signals>,
}

impl Interrupted {
    fn watch() -> io::Result<Self> {
        use Signal::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
        let signals = Signals::new(&[SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
        Ok(Interrupted {
            signals: Some(signals),
        })
    }

    /// Never, for tests.
    #[cfg(test)]
    fn never() -> Self {
        Interrupted { signals: None }
    }

    /// Ends the program if a signal came, with what was done until now.
    pub(crate) fn check(&self, report: &Report) {
        let signal = self.signals.as_ref().and_then(Signals::read);
        if let Some(signal) = signal {
            report.log(Asked::default());
            report.warn_if_incomplete();
            sys::signal::end_by(signal);
        }
    }
}
