// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../local.8.md")]
//!
//! The branches of a delivery are methods of `Run`, one file each: first the inner nodes
//! (recipient, aliases, forward_file, include, targets, resolve), then the leaves (mailbox, file,
//! command, resubmit, unknown). Each works on its own copy of a `Step`.

mod agent;
mod aliases;
mod command;
mod comsat;
mod expansion;
mod file;
mod forward_file;
mod include;
mod mailbox;
mod params;
mod recipient;
mod resolve;
mod resubmit;
mod run;
mod step;
mod targets;
#[cfg(test)]
mod tests;
mod unknown;
mod users;

use agent::Agent;
use params::Params;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup, run_single_client};

/// Runs the program.
pub fn main() -> ! {
    run_single_client::<Local>()
}

/// The agent behind the runner's face.
struct Local(Agent);

impl Program for Local {
    const NAME: &'static str = "local";
    /// Root, since it writes to the files of all users and runs their commands; but with the
    /// effective rights of `mail_owner` except for the time of one such act, which has the
    /// rights of its user. No jail: mailboxes and commands are everywhere.
    const PRIVILEGES: Privileges = Privileges::ROOT;

    fn prepare(start: &Startup) -> Result<Self, String> {
        if let Some(argument) = start.arguments.first() {
            return Err(format!("unexpected command-line argument: {argument}"));
        }
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        Agent::new(params, &start.main_cf.file()).map(Self)
    }

    fn in_jail(&mut self, _jail: &Jail) -> Result<(), String> {
        let params = &self.0.params;
        become_mail_owner(&params.mail_owner)?;
        if params.mailbox_size_limit > 0 {
            sys::limits::set_file_size(Some(params.mailbox_size_limit))
                .map_err(|error| format!("cannot limit the size of files: {error}"))?;
        }
        Ok(())
    }

    fn changed_table(&mut self) -> Option<String> {
        self.0.changed().map(str::to_owned)
    }
}

/// From here on root's rights are taken only for a moment at a time.
fn become_mail_owner(mail_owner: &str) -> Result<(), String> {
    if sys::users::real_uid() != 0 {
        return Ok(());
    }
    let user = sys::users::by_name(mail_owner)
        .map_err(|error| format!("cannot look up user {mail_owner}: {error}"))?
        .ok_or_else(|| format!("unknown user: {mail_owner}"))?;
    sys::identity::set_effective(user.uid, user.gid)
        .map_err(|error| format!("cannot become {mail_owner}: {error}"))
}

impl SingleClient for Local {
    fn serve(&mut self, client: Client, jail: &Jail) {
        let mut stream = client.stream;
        let agent = &mut self.0;
        let layout = agent.layout.clone();
        delivery::serve(&mut stream, &layout, |message| {
            run::deliver(agent, message, jail.service()).into()
        });
        self.0.rewriter.close_if_old();
    }
}
