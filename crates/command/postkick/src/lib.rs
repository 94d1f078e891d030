// SPDX-License-Identifier: MIT OR Apache-2.0
//! postkick(1): sends a few bytes to a service of the mail system, for scripts.
//!
//! **Privileges.** Those of whoever runs it; the permissions of the socket directories decide what
//! it can reach.
//!
//! *Errors*: status 1 with a line on standard error.
//!
//! *Postfix:* postkick(1).

use config::params::application_event_drain_time;
use ipc::client::{Class, Endpoint};
use ipc::trigger;
use lexopt::Arg;
use runtime::log;
use server::command::{self, Rights};
use std::ffi::OsString;
use std::path::PathBuf;

/// The whole program.
pub fn main() -> ! {
    let process = command::begin("postkick", Rights::Invoker);
    match run(&process) {
        Ok(()) => std::process::exit(runtime::exit::OK),
        Err(Trouble::Fatal(text)) => log::fatal_status(runtime::exit::FATAL, text),
        Err(Trouble::Unreachable(text)) => {
            log::warning(text);
            std::process::exit(runtime::exit::FATAL)
        }
    }
}

enum Trouble {
    /// The program cannot do its work.
    Fatal(String),
    /// The service cannot be reached.
    Unreachable(String),
}

fn run(process: &str) -> Result<(), Trouble> {
    let options = Options::parse(std::env::args_os().skip(1)).map_err(Trouble::Fatal)?;
    let command = command::configure(process, options.config.as_deref()).map_err(Trouble::Fatal)?;
    let patience = command
        .main_cf
        .load::<application_event_drain_time>()
        .map_err(|error| Trouble::Fatal(error.to_string()))?;
    let directory = options.class.directory();
    let service = &options.service;
    let endpoint = Endpoint::new(options.class, service).under(&command.queue_directory);
    trigger::send(&endpoint, &options.request, patience).map_err(|error| {
        log::warning(format_args!(
            "unable to look up {}: {error}",
            endpoint.name()
        ));
        Trouble::Unreachable(format!(
            "Cannot contact class {directory} service {service} - perhaps the mail system is down"
        ))
    })
}

/// What the command line says.
#[derive(Debug)]
struct Options {
    config: Option<PathBuf>,
    class: Class,
    service: String,
    request: Vec<u8>,
}

impl Options {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut config = None;
        let mut words = Vec::new();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|_| usage())? {
            match argument {
                Arg::Short('c') => config = Some(parser.value().map_err(|_| usage())?.into()),
                Arg::Short('v') => log::set_verbose(log::verbose_level().saturating_add(1)),
                Arg::Value(word) => words.push(word.into_string().map_err(|_| usage())?),
                Arg::Short(_) | Arg::Long(_) => return Err(usage()),
            }
        }
        let Ok([class, service, request]) = <[String; 3]>::try_from(words) else {
            return Err(usage());
        };
        let class = match class.as_str() {
            "public" => Class::Public,
            "private" => Class::Private,
            other => return Err(format!("unknown class: {other}")),
        };
        if service.contains('/') {
            return Err(format!("bad service name: {service}"));
        }
        Ok(Options {
            config,
            class,
            service,
            request: request.into_bytes(),
        })
    }
}

fn usage() -> String {
    "usage: postkick [-c config_dir] [-v] class service request".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Options, String> {
        Options::parse(line.iter().map(OsString::from))
    }

    #[test]
    fn class_service_and_request_are_needed() {
        let options = parse(&["-v", "-c", "/x", "public", "qmgr", "FD"]).unwrap();
        assert_eq!(options.class, Class::Public);
        assert_eq!(
            (options.service.as_str(), &options.request[..]),
            ("qmgr", &b"FD"[..])
        );
        assert_eq!(parse(&["qmgr", "FD"]).unwrap_err(), usage());
        assert_eq!(
            parse(&["secret", "qmgr", "FD"]).unwrap_err(),
            "unknown class: secret"
        );
        assert!(parse(&["public", "../x", "FD"]).is_err());
    }
}
