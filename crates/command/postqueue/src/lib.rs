// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postqueue.1.md")]
//!
//! *Privileges:* those of the invoker and of `setgid_group`, which may reach the public services.
//! It reads no queue file itself.

mod listing;
mod options;
mod params;

use config::Legacy;
use ipc::client::{ClientError, Endpoint};
use ipc::services::flush::{Request, Status};
use ipc::services::showq::Listing;
use ipc::trigger::{self, qmgr};
use listing::ListError;
use options::{Action, Command, USAGE};
use params::Params;
use runtime::options::complain;
use runtime::stream::Stream;
use runtime::{exit, log};
use server::authorized::{is_authorized, login_name};
use server::command::{self, Rights};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use sys::users;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let process = command::begin("postqueue", Rights::SetGid);
    let command = match options::parse(std::env::args_os().skip(1).collect()) {
        Ok(command) => command,
        Err(complaint) => usage(complaint),
    };
    // A set-gid program tells its secrets to the super-user only.
    if users::real_uid() == 0 {
        log::set_verbose(command.verbose);
    }
    match run(&process, &command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whatever is wrong, also with the command line, the original says "unavailable".
        Err(text) => log::fatal_status(exit::UNAVAILABLE, text),
    }
}

fn usage(complaint: Option<String>) -> ! {
    if let Some(text) = complaint {
        complain("postqueue", &text);
    }
    log::fatal_status(exit::UNAVAILABLE, USAGE)
}

fn run(process: &str, command: &Command) -> Result<(), String> {
    let started = command::configure(process, command.config_directory.as_deref())?;
    let params = Params::load(&started.main_cf).map_err(|error| error.to_string())?;
    std::env::set_current_dir(&started.queue_directory)
        .map_err(|error| format!("chdir {}: {error}", started.queue_directory.display()))?;
    match &command.action {
        Action::List | Action::ListJson => {
            authorize(&params, "authorized_mailq_users", "view")?;
            list(&params, &command.action)
        }
        Action::Flush => {
            authorize(&params, "authorized_flush_users", "flush")?;
            flush(&params)
        }
        Action::FlushMessage(id) => {
            authorize(&params, "authorized_flush_users", "flush")?;
            let id = checked_id(id)?;
            ask(
                &params,
                &Request::SendFile {
                    queue_id: id.as_bytes().to_vec(),
                },
                id,
            )
        }
        Action::FlushSite(site) => {
            authorize(&params, "authorized_flush_users", "flush")?;
            let site = checked_site(site)?;
            let notice = Legacy::FastFlushDomains.notice(&started.main_cf);
            let notice = notice.map_err(|error| error.to_string())?;
            let request = Request::SendSite {
                site: site.as_bytes().to_vec(),
            };
            ask(&params, &request, site)?;
            notice.tell(format_args!("to flush mail for domain \"{site}\""));
            Ok(())
        }
    }
}

/// The super-user and the mail owner always may; for others the list decides by login name.
fn authorize(params: &Params, parameter: &str, what: &str) -> Result<(), String> {
    let uid = users::real_uid();
    let owner = users::by_name(&params.mail_owner).ok().flatten();
    if uid == 0 || owner.is_some_and(|owner| owner.uid == uid) {
        return Ok(());
    }
    let list = if parameter == "authorized_mailq_users" {
        &params.authorized_mailq_users
    } else {
        &params.authorized_flush_users
    };
    let name = login_name()?;
    if is_authorized(parameter, list, &name)? {
        return Ok(());
    }
    let text = format!("User {name}({uid}) is not allowed to {what} the mail queue");
    Err(text)
}

fn checked_id(id: &str) -> Result<&str, String> {
    let fine = !id.is_empty()
        && id.len() <= 255
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if fine {
        return Ok(id);
    }
    Err(format!(
        "Cannot flush queue ID - invalid name: \"{}\"",
        shortened(id)
    ))
}

/// A destination is a host name, or an address in brackets.
fn checked_site(site: &str) -> Result<&str, String> {
    let bytes = site.as_bytes();
    if mail::text::is_valid_hostname(bytes) || mail::text::parse_literal(bytes).is_some() {
        return Ok(site);
    }
    Err(format!(
        "Cannot flush mail queue - invalid destination: \"{}\"",
        shortened(site)
    ))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn list(params: &Params, action: &Action) -> Result<(), String> {
    let name = &params.showq_service_name;
    let mut stream = connect(params, name)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut listing = Listing::begin(&mut stream, name).map_err(|error| error.to_string())?;
    let listed = if *action == Action::ListJson {
        listing::for_programs(&mut listing, &mut out)
    } else {
        listing::for_people(&mut listing, params.enable_long_queue_ids, &mut out)
    };
    match listed.and_then(|()| out.flush().map_err(ListError::Output)) {
        Ok(()) => Ok(()),
        // Whoever reads through a pipe may have seen enough.
        Err(ListError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(ListError::Output(error)) => Err(format!("output write error: {error}")),
        Err(ListError::Service(error)) => Err(error.to_string()),
    }
}

/// Connects to showq; for the super-user a showq of its own serves while the system is down.
fn connect(params: &Params, service: &str) -> Result<Stream, String> {
    let endpoint = Endpoint::public(service);
    let error = match endpoint.connect(PATIENCE) {
        Ok(stream) => return Ok(stream),
        Err(ClientError::Unreachable { source, .. }) => source,
        Err(other) => return Err(other.to_string()),
    };
    let why = format!("(Connect to the Postfix {service} service: {error})");
    if users::real_uid() != 0 {
        let text = format!("Queue report unavailable - mail system is down {why}");
        return Err(text);
    }
    log::warning(format_args!(
        "Mail system is down -- accessing queue directly {why}"
    ));
    stand_alone(&params.daemon_directory.join(service))
        .map_err(|error| format!("run {service}: {error}"))
}

/// Runs a showq that serves its standard input and output.
fn stand_alone(program: &Path) -> io::Result<Stream> {
    let (ours, theirs) = sys::socket::pair()?;
    let input = theirs.try_clone()?;
    sys::spawn::Spawn::new(program)
        .args(["-u", "-S"])
        .fd(0, input)
        .fd(1, theirs)
        .spawn()?;
    let mut stream = Stream::new(ours);
    stream.set_timeout(PATIENCE);
    Ok(stream)
}

/// Wakes up the queue manager and the pickup service.
fn flush(params: &Params) -> Result<(), String> {
    let timeout = params.trigger_timeout;
    let queue_manager = Endpoint::public(&params.queue_service_name);
    trigger::send(&queue_manager, qmgr::FLUSH, timeout).map_err(|error| {
        let doing = match error.kind() {
            io::ErrorKind::NotFound => "unable to look up",
            _ => "connect to",
        };
        log::warning(format_args!("{doing} {}: {error}", queue_manager.name()));
        down()
    })?;
    // Mail in the maildrop is part of the queue people mean; no harm if it must wait.
    trigger::send(&Endpoint::public("pickup"), &[trigger::WAKEUP], timeout).ok();
    Ok(())
}

fn down() -> String {
    "Cannot flush mail queue - mail system is down".to_owned()
}

/// Asks the flush service.
fn ask(params: &Params, request: &Request, subject: &str) -> Result<(), String> {
    let endpoint = Endpoint::public(&params.flush_service_name);
    match request.ask(&endpoint, PATIENCE) {
        Ok(Status::Ok) => Ok(()),
        Ok(Status::Bad) => Err(format!("Invalid request: \"{subject}\"")),
        Ok(Status::Deny) => {
            let text = format!("Flush service is not configured for destination \"{subject}\"");
            Err(text)
        }
        Ok(Status::Fail) => Err(down()),
        Err(error) => {
            log::warning(error);
            Err(down())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queue_ids_and_sites_are_checked_before_they_are_sent() {
        assert!(checked_id("3C91B2").is_ok());
        assert_eq!(
            checked_id("../etc").unwrap_err(),
            "Cannot flush queue ID - invalid name: \"../etc\""
        );
        assert!(checked_id("").is_err());
        assert!(checked_site("example.org").is_ok());
        assert!(checked_site("[127.0.0.1]").is_ok());
        let text = checked_site("127.0.0.1").unwrap_err();
        assert_eq!(
            text,
            "Cannot flush mail queue - invalid destination: \"127.0.0.1\""
        );
    }
}
