// SPDX-License-Identifier: MIT OR Apache-2.0
//! Commands that get the message on standard input.
//!
//! *Invariants:* the command is the administrator's or the user's text and never mail; mail
//! reaches it in the environment, where characters outside command_expansion_filter are replaced.
//!
//! *Postfix:* `local/command`.

use std::ffi::OsString;
use std::path::PathBuf;

use config::environment::imported;
use delivery::Verdict;
use delivery::command::{Command, Program};
use delivery::copy::Style;
use runtime::log;

use crate::expansion::{expand, filtered};
use crate::file;
use crate::run::Run;
use crate::step::Step;
use crate::users::least;

/// The system's default search path.
const DEFAULT_PATH: &str = "/usr/bin:/bin";

impl Run<'_> {
    /// Runs a command with the message.
    pub(crate) fn command(&mut self, step: &Step, line: &str) -> Verdict {
        let step = step.deeper();
        let uid = step.rights.as_ref().map_or(0, |rights| rights.uid);
        let address = String::from_utf8_lossy(&step.recipient.address).into_owned();
        if self.done_before(format!("command {address}:{uid} {line}")) {
            return Verdict::Done;
        }
        if self.message.is_probe() {
            return self.say(&step, (2, 0, 0), format!("delivers to command: {line}"));
        }
        let Ok(directory) = self.working_directory(&step) else {
            return self.say(&step, (4, 3, 5), "mail system configuration error");
        };
        let params = &self.agent.params;
        let program = if params.local_command_shell.is_empty() {
            Program::Line(line.into())
        } else {
            let shell = params.local_command_shell.split_ascii_whitespace();
            Program::Shell(shell.map(OsString::from).collect(), line.into())
        };
        let command = Command {
            program,
            shown: line.to_owned(),
            agent: "local",
            identity: least(step.rights.as_ref(), self.agent.default_identity),
            environment: self.environment(&step),
            directory,
            time_limit: params.command_time_limit,
        };
        let date = file::asctime();
        let style = Style {
            from_line: Some(&date),
            ..file::style(&step, self.agent.delivered_header.command)
        };
        match command.run(&mut self.message.content(), &style) {
            Ok(_) => self.say(&step, (2, 0, 0), format!("delivered to command: {line}")),
            Err(trouble) => self.failed_in_list(&step, trouble),
        }
    }

    /// command_execution_directory; `None` is the queue directory.
    fn working_directory(&self, step: &Step) -> Result<Option<PathBuf>, ()> {
        let params = &self.agent.params;
        if params.command_execution_directory.is_empty() {
            return Ok(None);
        }
        let filter = Some(params.execution_directory_expansion_filter.as_str());
        let client = &self.message.request.client;
        let text = &params.command_execution_directory;
        match expand(text, step, client, self.agent.delimiters(), filter) {
            Ok(expanded) => Ok(Some(expanded.text.into())),
            Err(error) => {
                log::warning(format_args!(
                    "bad parameter value syntax for command_execution_directory: {text}: {error}"
                ));
                Err(())
            }
        }
    }

    /// What the command is told about the message.
    fn environment(&self, step: &Step) -> Vec<(OsString, OsString)> {
        let params = &self.agent.params;
        let client = &self.message.request.client;
        let mut environment = imported(&params.export_environment);
        environment.insert("PATH".into(), DEFAULT_PATH.into());
        let filter = Some(params.command_expansion_filter.as_str());
        let mut set = |name: &str, value: &[u8]| {
            environment.insert(name.into(), filtered(value, filter).into());
        };
        for (name, value) in [
            ("LOGNAME", &step.name.user),
            ("USER", &step.name.user),
            ("SENDER", &step.sender),
            ("RECIPIENT", &step.recipient.address),
            ("LOCAL", &step.name.local),
        ] {
            set(name, value);
        }
        if let Some(rights) = &step.rights {
            use std::os::unix::ffi::OsStrExt;
            set("HOME", rights.home.as_os_str().as_bytes());
            set("SHELL", rights.shell.as_bytes());
        }
        let empty = Vec::new();
        for (name, value) in [
            ("DOMAIN", step.name.domain.as_ref().unwrap_or(&empty)),
            ("EXTENSION", step.name.extension.as_ref().unwrap_or(&empty)),
            ("ORIGINAL_RECIPIENT", &step.recipient.original),
            ("ENVID", &step.envelope_id),
            ("CLIENT_HOSTNAME", &client.name),
            ("CLIENT_ADDRESS", &client.address),
            ("CLIENT_HELO", &client.helo),
            ("CLIENT_PROTOCOL", &client.protocol),
            ("SASL_METHOD", &client.sasl_method),
            ("SASL_SENDER", &client.sasl_sender),
            ("SASL_USERNAME", &client.sasl_username),
        ] {
            if !value.is_empty() {
                set(name, value);
            }
        }
        environment.into_iter().collect()
    }
}
