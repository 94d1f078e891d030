// SPDX-License-Identifier: MIT OR Apache-2.0
//! Modes that other programs carry out.
//!
//! *Invariants*: the other program takes this one's place, so that its exit status is the
//! answer; only `postfix start` runs in the background of it.
//!
//! *Postfix:* sendmail(1), global/mail_run(3).

use std::ffi::OsString;
use std::path::Path;

use runtime::exit;
use server::authorized;
use sys::spawn::Spawn;

use crate::options::{Mode, Request};
use crate::{Failure, Site};

/// Carries out any mode but [`Mode::Submit`]. Comes back when there was nothing to do, or when
/// the other program could not be started.
pub(crate) fn run(site: &Site, request: &Request) -> Result<(), Failure> {
    let commands = &site.params.command_directory;
    let mut words: Vec<OsString> = vec!["-v".into(); request.verbose()];
    let program = match &request.mode {
        Mode::Submit | Mode::Nothing => return Ok(()),
        Mode::ListQueue => {
            words.push("-p".into());
            commands.join("postqueue")
        }
        Mode::FlushAll => {
            words.push("-f".into());
            commands.join("postqueue")
        }
        Mode::FlushSite(name) => {
            words.extend(["-s".into(), name.clone()]);
            commands.join("postqueue")
        }
        Mode::FlushMessage(id) => {
            words.extend(["-i".into(), id.clone()]);
            commands.join("postqueue")
        }
        Mode::NewAliases => {
            let tables = alias_tables(site, request);
            if tables.is_empty() {
                return Ok(());
            }
            words.push("--".into());
            words.extend(tables);
            commands.join("postalias")
        }
        Mode::StandAlone => {
            check_permission(&site.params.authorized_submit_users)?;
            words.insert(0, "-S".into());
            site.params.daemon_directory.join("smtpd")
        }
        Mode::Daemon => {
            words.push("start".into());
            return start_system(site, &commands.join("postfix"), &words);
        }
    };
    let error = prepare(site, &program, &words).exec();
    Err((
        exit::UNAVAILABLE,
        format!("execv {}: {error}", program.display()),
    ))
}

fn prepare(site: &Site, program: &Path, words: &[OsString]) -> Spawn {
    let name = program.file_name().unwrap_or_default();
    let spawn = Spawn::new(program).arg0(name).args(words);
    match &site.directory {
        Some(directory) => spawn.env("MAIL_CONFIG", directory),
        None => spawn,
    }
}

/// Starts the mail system in the background; it says itself what goes wrong.
fn start_system(site: &Site, program: &Path, words: &[OsString]) -> Result<(), Failure> {
    let started = prepare(site, program, words).spawn();
    started
        .map(drop)
        .map_err(|error| (exit::FATAL, format!("execv {}: {error}", program.display())))
}

/// The tables of `-oA`, or those of main.cf.
fn alias_tables(site: &Site, request: &Request) -> Vec<OsString> {
    if !request.alias_tables.is_empty() {
        return request.alias_tables.clone();
    }
    config::value::words(&site.params.alias_database)
        .map(OsString::from)
        .collect()
}

/// Whether the user may submit mail; postdrop looks again, this is for a better message.
pub(crate) fn check_permission(list: &str) -> Result<(), Failure> {
    let name = authorized::login_name().map_err(|why| (exit::TEMPFAIL, why))?;
    match authorized::is_authorized("authorized_submit_users", list, &name) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let uid = sys::users::real_uid();
            Err((
                exit::NOPERM,
                format!("User {name}({uid}) is not allowed to submit mail"),
            ))
        }
        Err(why) => Err((exit::TEMPFAIL, why)),
    }
}
