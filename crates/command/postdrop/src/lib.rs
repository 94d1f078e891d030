// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../postdrop.1.md")]
//!
//! *Privileges*: those of the invoker, and the group that may create files in maildrop.
//!
//! In reading order: `input` (standard input and signals), `permission` (who may submit, as
//! whom), `receive` (which records pass).

mod input;
mod params;
mod permission;
mod receive;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use ipc::client::Endpoint;
use ipc::flags::CleanupStatus;
use ipc::services::cleanup::Reply;
use ipc::services::postdrop;
use ipc::trigger;
use queue::file::{FileError, Maker, Stamp, Writer};
use queue::id::IdForm;
use queue::{Layout, Queue};
use runtime::options::{Opt, Options, complain};
use runtime::{exit, log};
use server::command::{self, Rights};

use input::Input;
use params::Params;
use permission::{Refusal, Senders};
use receive::{Received, Trouble};

/// An end with a message: exit code and text.
type Failure = (i32, String);

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let process = command::begin("postdrop", Rights::SetGid);
    sys::files::umask(0o022);
    let directory = match options() {
        Ok(directory) => directory,
        Err(text) => {
            complain("postdrop", &text);
            log::fatal_status(exit::FATAL, "usage: postdrop [-c config_dir] [-v]")
        }
    };
    match run(&process, directory) {
        Ok(status) => ExitCode::from(u8::try_from(status.bits()).unwrap_or(1)),
        Err((status, text)) => log::fatal_status(status, text),
    }
}

/// Reads the command line; gives the configuration directory.
fn options() -> Result<Option<PathBuf>, String> {
    let mut directory = None;
    let mut options = Options::new("c:rv", std::env::args_os().skip(1));
    for option in options.by_ref() {
        match option {
            Opt::With(_, value) => directory = Some(PathBuf::from(value)),
            // A set-gid program tells its secrets to the super-user only.
            Opt::Letter('v') if sys::users::real_uid() == 0 => {
                log::set_verbose(log::verbose_level().saturating_add(1));
            }
            Opt::Letter(_) => {}
            Opt::Bad(why) => return Err(why),
        }
    }
    match options.rest().first() {
        Some(word) => Err(format!("unexpected argument: {}", word.to_string_lossy())),
        None => Ok(directory),
    }
}

fn run(process: &str, directory: Option<PathBuf>) -> Result<CleanupStatus, Failure> {
    let general = |text: String| (exit::FATAL, text);
    let started = command::configure(process, directory.as_deref()).map_err(general)?;
    let params = Params::load(&started.main_cf).map_err(|error| general(error.to_string()))?;
    let uid = sys::users::real_uid();
    let user = sys::users::by_uid(uid)
        .map_err(|error| (exit::TEMPFAIL, format!("look up uid {uid}: {error}")))?
        .map(|user| user.name);
    permission::to_submit(&params, user.as_deref(), uid)?;
    let senders = Senders::of(&params, user, uid);
    let queue_directory = &started.queue_directory;
    std::env::set_current_dir(queue_directory)
        .map_err(|error| general(format!("chdir {}: {error}", queue_directory.display())))?;
    // From here on a signal removes the file first.
    let input = Input::open().map_err(|error| general(format!("standard input: {error}")))?;
    let output = &mut io::stdout().lock();
    let reply = submit(&params, &senders, input, output, uid)?;
    // Whoever does not read the answer does not know that the message is safe; it is.
    let _ = postdrop::write_reply(output, &reply).and_then(|()| output.flush());
    Ok(reply.status)
}

/// Makes a file of what comes in; gives the verdict.
fn submit(
    params: &Params,
    senders: &Senders,
    mut input: Input,
    output: &mut dyn io::Write,
    uid: u32,
) -> Result<Reply, Failure> {
    let mut writer = maildrop_file(params)?;
    postdrop::announce(output, writer.id().as_str())
        .and_then(|()| output.flush())
        .map_err(|error| (exit::FATAL, format!("write to standard output: {error}")))?;
    let limit = usize::try_from(params.line_length_limit).unwrap_or(2048);
    let received = receive::message(&mut input, &mut writer, limit, &mut |sender| {
        senders.check(sender)
    });
    if let Some(signal) = input.caught() {
        // The file goes first.
        drop(writer);
        sys::signal::end_by(signal)
    }
    let status = match received {
        Ok(Received::Message) => finish(params, writer, uid),
        // The client changed its mind; dropping the writer removes the file.
        Ok(Received::Nothing) => {
            drop(writer);
            std::process::exit(exit::OK)
        }
        Ok(Received::Incomplete) => CleanupStatus::BAD,
        Err(Trouble::Input(why)) => return Err((exit::FATAL, format!("uid={uid}: {why}"))),
        Err(Trouble::Sender(Refusal::NotAllowed(why))) => {
            log::warning(format_args!("uid={uid}: {why}"));
            CleanupStatus::NOPERM
        }
        Err(Trouble::Sender(Refusal::Unsure(why))) => {
            log::warning(format_args!("uid={uid}: {why}"));
            CleanupStatus::WRITE
        }
        Err(Trouble::File(error)) => {
            log::warning(format_args!("uid={uid}: {error}"));
            write_status(&error)
        }
    };
    Ok(Reply {
        status,
        reason: Vec::new(),
    })
}

fn maildrop_file(params: &Params) -> Result<Writer, Failure> {
    let form = if params.enable_long_queue_ids {
        IdForm::Long
    } else {
        IdForm::Short
    };
    let maker = Maker {
        layout: Layout::relative("", 0),
        form,
    };
    let mut writer = maker
        .create_with_mode(Queue::Maildrop, 0o444)
        .map_err(|error| (exit::TEMPFAIL, error.to_string()))?;
    if params.message_size_limit > 0 {
        writer.set_limit(params.message_size_limit);
    }
    Ok(writer)
}

/// Makes the message durable, and tells pickup.
fn finish(params: &Params, writer: Writer, uid: u32) -> CleanupStatus {
    if let Err(error) = writer.commit(Stamp::Now) {
        log::warning(format_args!("uid={uid}: {error}"));
        return write_status(&error);
    }
    wake_pickup(&params.pickup_service_name, params.trigger_timeout);
    CleanupStatus::empty()
}

/// The message is safe, so that trouble here is no trouble of the message.
fn wake_pickup(service: &str, timeout: Duration) {
    let pickup = Endpoint::public(service);
    match trigger::send(&pickup, &[trigger::WAKEUP], timeout) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = pickup.name();
            log::warning(format_args!(
                "unable to look up {name}: No such file or directory"
            ));
        }
        Err(error) => log::verbose(format_args!("trigger {}: {error}", pickup.name())),
        Ok(()) => {}
    }
}

fn write_status(error: &FileError) -> CleanupStatus {
    match error {
        FileError::TooLarge => CleanupStatus::SIZE,
        _ => CleanupStatus::WRITE,
    }
}

#[cfg(test)]
mod tests;
