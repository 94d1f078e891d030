// SPDX-License-Identifier: MIT OR Apache-2.0
//! The commands: start, stop and what lies between.
//!
//! *Postfix:* postfix-script.

use std::path::{Path, PathBuf};
use std::time::Duration;

use runtime::log;
use runtime::text::reason;
use sys::signal::{Signal, Signals};
use sys::spawn::Ended;

use crate::instance::Instance;
use crate::programs::Program;
use crate::{Outcome, check, layout, rotate, running, upgrade};

/// How often "stop" looks whether master is gone, once a second.
const PATIENCE: u32 = 5;

const NOT_RUNNING: &str = "the Postfix mail system is not running";

/// Executes a command.
pub(crate) fn run(instance: &Instance, command: &[String]) -> Outcome {
    let (name, arguments) = command.split_first().ok_or_else(String::new)?;
    match name.as_str() {
        "start" => start(instance),
        "start-fg" => start_in_foreground(instance),
        "stop" => stop(instance),
        "quick-stop" => quick_stop(instance),
        "abort" => end(instance, "aborting", Signal::SIGTERM),
        "drain" => end(instance, "stopping", Signal::SIGKILL),
        "reload" => reload(instance),
        "flush" => Program::command(instance, "postqueue")
            .args(&["-f"])
            .run(instance),
        "status" => Ok(status(instance)),
        "check" => check::all(instance).map(|()| 0),
        "set-permissions" => layout::set_permissions(instance).map(|()| 0),
        "upgrade-configuration" => upgrade::configuration(instance).map(|()| 0),
        "logrotate" => rotate::log_file(instance, arguments).map(|()| 0),
        path if path.starts_with('/') => Program::new(Path::new(path))
            .args(arguments)
            .become_it(instance),
        _ => Err(format!(
            "unknown command: '{name}'. Usage: postfix start (or stop, reload, abort, flush, \
             check, status, set-permissions, upgrade-configuration, logrotate)"
        )),
    }
}

fn start(instance: &Instance) -> Outcome {
    prepare_start(instance)?;
    match Program::master(instance).args(&["-w"]).run(instance)? {
        0 => Ok(0),
        _ => Err("mail system startup failed".to_owned()),
    }
}

/// Runs master as a child, or instead of this process where that is the container's first.
fn start_in_foreground(instance: &Instance) -> Outcome {
    prepare_start(instance)?;
    if !instance.params.multi_instance_directories.trim().is_empty() {
        return Err("start-fg does not support multi_instance_directories".to_owned());
    }
    if std::process::id() == 1 {
        return Program::master(instance)
            .args(&["-i"])
            .become_it(instance)
            .map_err(|error| {
                log::error(error);
                "cannot start-fg the master daemon".to_owned()
            });
    }
    // Master leads a session of its own, so that "stop" ends its processes and no others. What
    // is meant for it and reaches this process is passed on.
    let signals = Signals::new(&[
        Signal::SIGHUP,
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGCHLD,
    ])
    .map_err(|error| reason(&error))?;
    let master = Program::master(instance).args(&["-s"]).start(instance)?;
    loop {
        sys::fd::wait_readable(&signals, None).map_err(|error| reason(&error))?;
        while let Some(signal) = signals.read() {
            if signal != Signal::SIGCHLD {
                let _ = sys::spawn::kill(master.pid, signal);
            }
        }
        while let Some((pid, ended)) = sys::spawn::reap() {
            if pid == master.pid {
                return Ok(match ended {
                    Ended::Exited(status) => status,
                    Ended::Signaled(15) => 0,
                    Ended::Signaled(signal) => 128 + signal,
                });
            }
        }
    }
}

fn prepare_start(instance: &Instance) -> Result<(), String> {
    if running::master(instance).is_some() {
        return Err("the Postfix mail system is already running".to_owned());
    }
    // "quick-stop" left a note that nothing has changed since.
    if std::fs::remove_file(quick_start(instance)).is_err() {
        if let Err(error) = check::fatal(instance) {
            log::at(log::Severity::Fatal, error);
            return Err("Postfix integrity check failed!".to_owned());
        }
        check::warn(instance);
    }
    log::info("starting the Postfix mail system");
    Ok(())
}

fn quick_start(instance: &Instance) -> PathBuf {
    instance.params.queue_directory.join("quick-start")
}

fn master(instance: &Instance) -> Result<u32, String> {
    running::master(instance).ok_or_else(|| NOT_RUNNING.to_owned())
}

fn send(pid: u32, signal: Signal) -> Result<(), String> {
    sys::spawn::kill(pid, signal)
        .map_err(|error| format!("cannot send a signal to process {pid}: {}", reason(&error)))
}

fn stop(instance: &Instance) -> Outcome {
    let pid = master(instance)?;
    log::info("stopping the Postfix mail system");
    send(pid, Signal::SIGTERM)?;
    for _ in 0..PATIENCE {
        let is_gone = sys::spawn::wait_for_end(pid, Duration::from_secs(1));
        if is_gone.unwrap_or(false) || running::master(instance) != Some(pid) {
            return Ok(0);
        }
        log::info("waiting for the Postfix mail system to terminate");
    }
    log::warning("stopping the Postfix mail system with force");
    let killed = sys::spawn::kill_group(pid, Signal::SIGKILL);
    killed.map_err(|error| format!("cannot end process group {pid}: {}", reason(&error)))?;
    Ok(0)
}

fn quick_stop(instance: &Instance) -> Outcome {
    let status = stop(instance)?;
    std::fs::write(quick_start(instance), "").map_err(|error| {
        format!(
            "cannot create {}: {}",
            quick_start(instance).display(),
            reason(&error)
        )
    })?;
    Ok(status)
}

fn end(instance: &Instance, word: &str, signal: Signal) -> Outcome {
    let pid = master(instance)?;
    log::info(format_args!("{word} the Postfix mail system"));
    send(pid, signal)?;
    Ok(0)
}

fn reload(instance: &Instance) -> Outcome {
    let pid = master(instance)?;
    log::info("refreshing the Postfix mail system");
    check::configuration(instance);
    let status = Program::command(instance, "postsuper")
        .args(&["active"])
        .run(instance)?;
    if status != 0 {
        return Ok(runtime::exit::FATAL);
    }
    send(pid, Signal::SIGHUP)?;
    // All queues: that may take long, and nobody has to wait for it.
    Program::command(instance, "postsuper").start(instance)?;
    Ok(0)
}

fn status(instance: &Instance) -> i32 {
    match running::master(instance) {
        Some(pid) => {
            log::info(format_args!(
                "the Postfix mail system is running: PID: {pid}"
            ));
            0
        }
        None => {
            log::info(NOT_RUNNING);
            1
        }
    }
}
