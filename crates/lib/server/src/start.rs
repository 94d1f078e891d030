// SPDX-License-Identifier: MIT OR Apache-2.0
//! From `main` to the jail.
//!
//! The order matters: close what was left open by accident; read the command line; log; read
//! `main.cf`; check what `master.cf` says against what the program needs; take the descriptors of
//! master; let the program prepare; open the lock file; give up rights.
//!
//! *Errors*: all fatal.

use crate::jail::{self, Confinement, Jail};
use crate::listen::{Listeners, accept_lock};
use crate::master::{Flow, Status};
use crate::options::{Options, Transport};
use crate::program::{Privileges, Program, RunAs, Startup};
use config::MainCf;
use ipc::services::master::descriptor;
use runtime::log::{self, Setup};
use runtime::watchdog;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;
use sys::sandbox::Needs;
use sys::signal::Signal;

config::select! {
    /// What the runner reads for every daemon.
    struct Params {
        daemon_timeout,
        data_directory,
        in_flow_delay,
        ipc_timeout,
        mail_owner,
        maillog_file,
        max_idle,
        max_use,
        myhostname,
        postlog_service_name,
        queue_directory,
        syslog_facility,
        syslog_name,
    }
}

/// How long a process lives, and what it listens to: all that a loop needs to know.
pub struct Life {
    /// The connection to master; nothing when the program serves standard input.
    pub status: Option<Status>,
    /// Where clients come from.
    pub listeners: Listeners,
    /// The lock that keeps several processes from waking up for one client; nothing for a
    /// process that is alone.
    pub lock: Option<File>,
    /// The mail-flow pipe, for programs that take part.
    pub flow: Option<Flow>,
    /// How long to wait when the pipe is empty.
    pub in_flow_delay: Duration,
    /// End after this many clients.
    pub max_use: Option<u32>,
    /// End after this time without clients.
    pub max_idle: Option<Duration>,
    /// The time limit of client streams in the beginning.
    pub ipc_timeout: Duration,
    /// How long one round of work may take.
    pub watchdog: Duration,
}

impl Life {
    /// A life for tests, on descriptors of the test's choice: no master, no lock, no limits.
    #[must_use]
    pub fn for_test(listeners: Listeners) -> Life {
        Life {
            status: None,
            listeners,
            lock: None,
            flow: None,
            in_flow_delay: Duration::ZERO,
            max_use: None,
            max_idle: None,
            ipc_timeout: Duration::from_secs(10),
            watchdog: Duration::from_secs(1000),
        }
    }
}

/// A program that is ready to serve.
pub struct Ready<P> {
    /// The program.
    pub program: P,
    /// The proof that it gave up its rights.
    pub jail: Jail,
    /// How to live.
    pub life: Life,
    /// Serve one client on standard input and output, then end.
    pub on_stdio: bool,
}

/// Does everything up to the jail, with the process's own command line. What goes wrong is fatal.
#[must_use]
pub fn start<P: Program>(transports: &[Transport]) -> Ready<P> {
    start_with(std::env::args_os(), transports)
}

/// As [`start`], with any command line; the first argument is the name of the program.
fn start_with<P: Program>(
    arguments: impl IntoIterator<Item = OsString>,
    transports: &[Transport],
) -> Ready<P> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = if arguments.is_empty() {
        None
    } else {
        Some(arguments.remove(0))
    };
    let process = process_name(name, P::NAME);
    sys::fd::ensure_stdio();
    // Asked for here too, so that a mistake on the command line is seen.
    let stderr = arguments.iter().any(|argument| argument == "-V");
    log::early(&process, stderr || !has_master(), true);
    log::catch_panics();
    // A client that went away is noticed by the write that fails.
    let _ = sys::signal::ignore(Signal::SIGPIPE);
    sys::files::umask(0o077);
    let options = match Options::parse(arguments) {
        Ok(options) => options,
        Err(complaint) => log::fatal(complaint),
    };
    match prepare::<P>(process, options, transports) {
        Ok(ready) => ready,
        Err(complaint) => log::fatal(complaint),
    }
}

fn prepare<P: Program>(
    process: String,
    options: Options,
    transports: &[Transport],
) -> Result<Ready<P>, String> {
    refuse_terminal(&process, &options);
    let sockets = i32::from(options.sockets.unwrap_or(1));
    if options.stdio {
        sys::fd::close_from(3);
    } else {
        sys::fd::close_from(descriptor::LISTEN + sockets);
    }
    log::set_verbose(options.verbose);
    let service = options.service.clone().unwrap_or_else(|| process.clone());
    let main_cf = read_main_cf(&process, &service, &options)?;
    let params = with_warnings(&main_cf, Params::load(&main_cf))?;
    start_log(&process, &options, &main_cf, &params)?;
    with_warnings(&main_cf, config::common::check(&main_cf))?;
    std::env::set_current_dir(&params.queue_directory)
        .map_err(|error| format!("chdir {}: {error}", params.queue_directory.display()))?;
    let owner = mail_owner(&params.mail_owner)?;
    // What master left open is taken before anything else is opened. That something is missing
    // is said only after the configuration was found good, so that a daemon that is started by
    // hand tells of a bad value.
    let life = demands(&P::PRIVILEGES, &options, &service, transports)
        .and_then(|()| life(&P::PRIVILEGES, &options, &params, &service));
    detach_stdio(&P::PRIVILEGES, &options, &params)?;
    let startup = Startup {
        main_cf,
        service,
        process,
        transport: options.transport,
        arguments: options.arguments.clone(),
        verbose: options.verbose,
    };
    let mut program = P::prepare(&startup)?;
    let mut life = life?;
    for warning in startup.main_cf.warnings() {
        log::warning(warning);
    }
    let jail = jail::enter(&confinement(
        &P::PRIVILEGES,
        &options,
        &params,
        &startup.service,
        owner,
    ))?;
    program.in_jail(&jail)?;
    life.watchdog = program.watchdog().unwrap_or(params.daemon_timeout);
    watchdog::start(life.watchdog);
    Ok(Ready {
        program,
        jail,
        life,
        on_stdio: options.stdio,
    })
}

/// Whether master started this process, and reads the log; a person reads standard error.
fn has_master() -> bool {
    sys::fd::is_open(descriptor::STATUS)
}

/// A daemon that a person starts at a terminal has no master to serve. The complaint goes to the
/// person, not to the log.
fn refuse_terminal(process: &str, options: &Options) {
    let by_hand = !options.stdio
        && !options.debug
        && !has_master()
        && sys::terminal::is_terminal(io::stdin());
    if by_hand {
        log::start(process, vec![log::Sink::Stderr]);
        log::fatal_status(runtime::exit::FATAL, "do not run this command by hand");
    }
}

fn read_main_cf(process: &str, service: &str, options: &Options) -> Result<MainCf, String> {
    let directory = config::locate(None).map_err(|error| error.to_string())?;
    let mut main_cf = MainCf::read(&directory).map_err(|error| error.to_string())?;
    main_cf.define("process_name", process);
    main_cf.define("service_name", service);
    for assignment in &options.overrides {
        main_cf
            .override_with(assignment)
            .map_err(|error| error.to_string())?;
    }
    Ok(main_cf)
}

fn start_log(
    process: &str,
    options: &Options,
    main_cf: &MainCf,
    params: &Params,
) -> Result<(), String> {
    Setup {
        name: process,
        syslog_name: &params.syslog_name,
        syslog_facility: facility(main_cf, &params.syslog_facility)?,
        maillog_file: &params.maillog_file,
        queue_directory: &params.queue_directory,
        postlog_service_name: &params.postlog_service_name,
        myhostname: &params.myhostname,
        stderr: options.stderr || !options.stdio && !has_master(),
        may_write_file: false,
    }
    .apply();
    Ok(())
}

/// Logs what there was to warn of while a value was read, and gives the value.
pub(crate) fn with_warnings<T>(
    main_cf: &MainCf,
    value: Result<T, config::ConfigError>,
) -> Result<T, String> {
    for warning in main_cf.warnings() {
        log::warning(warning);
    }
    value.map_err(|error| error.to_string())
}

/// The facility with this name.
pub(crate) fn facility(main_cf: &MainCf, name: &str) -> Result<log::Facility, String> {
    name.parse().map_err(|()| {
        let file = main_cf.file();
        format!("file {file}: parameter syslog_facility: unrecognized value: {name}")
    })
}

/// Whether `master.cf` gives the program what it needs.
fn demands(
    privileges: &Privileges,
    options: &Options,
    service: &str,
    transports: &[Transport],
) -> Result<(), String> {
    if privileges.user == RunAs::Root && options.unprivileged {
        return Err(format!("service {service} requires privileged operation"));
    }
    if options.stdio {
        return Ok(());
    }
    if privileges.solitary && !options.alone {
        return Err(format!("service {service} requires a process limit of 1"));
    }
    if privileges.unlimited_processes && !options.no_process_limit {
        return Err(format!("service {service} requires a process limit of 0"));
    }
    match options.transport {
        None => Err("no transport type specified".to_owned()),
        Some(transport) if !transports.contains(&transport) => {
            Err(format!("unsupported transport type: {}", transport.name()))
        }
        Some(_) => Ok(()),
    }
}

fn mail_owner(name: &str) -> Result<(u32, u32), String> {
    match sys::users::by_name(name) {
        Ok(Some(user)) => Ok((user.uid, user.gid)),
        Ok(None) => Err(format!(
            "parameter mail_owner: unknown user name value: {name}"
        )),
        Err(error) => Err(format!("parameter mail_owner: user {name}: {error}")),
    }
}

fn life(
    privileges: &Privileges,
    options: &Options,
    params: &Params,
    service: &str,
) -> Result<Life, String> {
    let mut life = Life::for_test(Listeners::none());
    life.ipc_timeout = params.ipc_timeout;
    life.in_flow_delay = params.in_flow_delay;
    if !privileges.endless {
        let max_use = options
            .max_use
            .or_else(|| u32::try_from(params.max_use).ok());
        life.max_use = max_use.filter(|limit| *limit > 0);
        life.max_idle =
            Some(options.max_idle.unwrap_or(params.max_idle)).filter(|limit| !limit.is_zero());
    }
    let Some(transport) = options.transport.filter(|_| !options.stdio) else {
        return Ok(life);
    };
    let by_hand = |_| "do not run this command by hand".to_owned();
    life.flow = Some(Flow::inherited().map_err(by_hand)?);
    life.status = Some(Status::inherited().map_err(by_hand)?);
    let sockets = options.sockets.unwrap_or(1);
    life.listeners = Listeners::inherited(transport, sockets).map_err(by_hand)?;
    if !options.alone {
        life.lock = Some(accept_lock(transport, service)?);
    }
    Ok(life)
}

fn confinement<'a>(
    privileges: &Privileges,
    options: &Options,
    params: &'a Params,
    service: &'a str,
    owner: (u32, u32),
) -> Confinement<'a> {
    // One that serves standard input has the rights of whoever runs it, and may have to use a
    // set-gid program as that person would.
    let confined = privileges.user == RunAs::MailOwner && !options.stdio;
    let needs = Needs {
        programs: privileges.starts_programs,
        internet: privileges.internet,
    };
    let root = if options.chroot {
        Path::new("/")
    } else {
        params.queue_directory.as_path()
    };
    Confinement {
        service,
        ipc_timeout: params.ipc_timeout,
        root: options.chroot.then_some(params.queue_directory.as_path()),
        user: options.unprivileged.then_some(owner),
        needs: confined.then_some(needs),
        writes: (confined && !privileges.writes_elsewhere)
            .then_some((root, params.data_directory.as_path())),
    }
}

/// Standard input, output and error lead nowhere from now on.
fn detach_stdio(privileges: &Privileges, options: &Options, params: &Params) -> Result<(), String> {
    if options.stdio {
        return Ok(());
    }
    let failed = |error| format!("open /dev/null: {error}");
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")
        .map_err(failed)?;
    let keep_stdout = privileges.keep_stdout && params.maillog_file == "/dev/stdout";
    for number in 0..3 {
        if (number == 1 && keep_stdout) || (number == 2 && (options.stderr || !has_master())) {
            continue;
        }
        sys::fd::replace_standard(number, &null).map_err(failed)?;
    }
    Ok(())
}

/// The base name of the program as it was started.
pub(crate) fn process_name(argument: Option<OsString>, default: &str) -> String {
    let name = argument
        .as_ref()
        .and_then(|path| Path::new(path).file_name());
    name.map_or_else(
        || default.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests;
