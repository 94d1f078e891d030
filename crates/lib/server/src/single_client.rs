// SPDX-License-Identifier: MIT OR Apache-2.0
//! One client at a time, served to its end with blocking calls.
//!
//! *Invariants*: a client that was accepted is served, whatever master does meanwhile. No client
//! is accepted with a table, or a certificate, that has changed since it was opened. Between
//! two clients the process looks once at its sockets; only when nobody waits does it tell master
//! that it is free.
//!
//! *Postfix:* master/single_server(3).

use crate::jail::Jail;
use crate::options::Transport;
use crate::program::{Client, Program};
use crate::start::{Life, Ready, start};
use crate::stdio;
use ipc::services::master::Availability;
use runtime::{log, watchdog};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// A daemon that serves one client at a time.
pub trait SingleClient: Program {
    /// Serves a client to its end. The connection is closed afterwards.
    fn serve(&mut self, client: Client, jail: &Jail);

    /// Called before the process waits for a client: does what is due (closing what was kept for
    /// too long), and says after how long it wants to be called again if nobody comes.
    fn idle(&mut self) -> Option<Duration> {
        None
    }

    /// Called before the process waits for an unknown time, because another process of the
    /// service will get the next client: gives up what must not be kept for long.
    fn rest(&mut self) {}
}

/// The whole life of such a daemon.
pub fn run_single_client<P: SingleClient>() -> ! {
    let Ready {
        mut program,
        jail,
        mut life,
        on_stdio,
    } = start::<P>(&[Transport::Inet, Transport::Unix, Transport::Pass]);
    if on_stdio {
        match stdio::client(life.ipc_timeout) {
            Ok(client) => program.serve(client, &jail),
            Err(error) => log::fatal(format_args!("standard input: {error}")),
        }
    } else {
        run(&mut program, &jail, &mut life);
    }
    program.ending(&jail);
    std::process::exit(0)
}

/// What waiting for a client came to.
enum Next {
    Client(OwnedFd),
    /// There is a client, and a table that has changed since it was opened.
    Changed(String),
    Idle,
    MasterGone,
}

/// Serves clients until it is time to end; the part of the life that tests run.
pub fn run<P: SingleClient>(program: &mut P, jail: &Jail, life: &mut Life) {
    let mut served = 0u32;
    let mut taken = false;
    let mut idle_since = Instant::now();
    while life.max_use.is_none_or(|limit| served < limit) {
        watchdog::pat();
        let next = match without_waiting(program, life, taken) {
            Some(next) => next,
            None => {
                if taken && tell(life, Availability::Available).is_err() {
                    return;
                }
                taken = false;
                wait(program, life, idle_since)
            }
        };
        let connection = match next {
            Next::Client(connection) => connection,
            // The client is still in the socket's queue: a new process opens the new table for it.
            Next::Changed(table) => {
                log::info(format_args!("table {table} has changed -- restarting"));
                return;
            }
            Next::Idle => {
                log::verbose("idle timeout -- exiting");
                return;
            }
            Next::MasterGone => {
                log::verbose("master disconnect -- exiting");
                return;
            }
        };
        // Once accepted, a client is served even when master does not listen any more.
        let master_gone = !taken && tell(life, Availability::Taken).is_err();
        taken = true;
        if let Some(flow) = &mut life.flow
            && P::PRIVILEGES.in_flow_delay
        {
            flow.take_or_wait(life.in_flow_delay);
        }
        if let Some(client) = life.listeners.client(connection, life.ipc_timeout) {
            program.serve(client, jail);
        }
        if master_gone {
            return;
        }
        served = served.saturating_add(1);
        idle_since = Instant::now();
    }
}

fn tell(life: &mut Life, availability: Availability) -> Result<(), crate::master::MasterGone> {
    life.status
        .as_mut()
        .map_or(Ok(()), |status| status.tell(availability))
}

/// A busy process looks whether its next client is there already.
fn without_waiting<P: SingleClient>(program: &mut P, life: &Life, taken: bool) -> Option<Next> {
    if !taken {
        return None;
    }
    match look(program, life, Some(Duration::ZERO)) {
        Next::Idle => None,
        next => Some(next),
    }
}

/// Waits for a client, one process of the service at a time.
fn wait<P: SingleClient>(program: &mut P, life: &Life, idle_since: Instant) -> Next {
    if let Some(lock) = &life.lock
        && let Err(error) = take_lock(program, lock, life.watchdog)
    {
        log::fatal(format_args!("select lock: {error}"));
    }
    let next = loop {
        let due = program.idle();
        let left = life
            .max_idle
            .map(|limit| limit.saturating_sub(idle_since.elapsed()));
        let first = due.into_iter().chain(left).min();
        match look(program, life, first) {
            // The program's own time is over, not ours.
            Next::Idle if first != left => {}
            next => break next,
        }
    };
    if let Some(lock) = &life.lock
        && let Err(error) = sys::lock::unlock(lock)
    {
        log::fatal(format_args!("select unlock: {error}"));
    }
    next
}

/// Others may hold the lock for ever, and rightly: no watchdog meanwhile.
fn take_lock<P: SingleClient>(
    program: &mut P,
    lock: &std::fs::File,
    limit: Duration,
) -> std::io::Result<()> {
    if sys::lock::try_lock(lock, sys::lock::Kind::Exclusive)? {
        return Ok(());
    }
    program.rest();
    watchdog::stop();
    let locked = sys::lock::lock(lock, sys::lock::Kind::Exclusive);
    watchdog::start(limit);
    locked
}

/// Waits until a client was accepted, the time is over, or master is gone.
fn look<P: SingleClient>(program: &mut P, life: &Life, limit: Option<Duration>) -> Next {
    let until = limit.map(|limit| Instant::now() + limit);
    loop {
        let mut fds = Vec::with_capacity(4);
        fds.extend(life.listeners.as_fds());
        fds.extend(life.status.as_ref().map(AsFd::as_fd));
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let slice = life.watchdog / 4;
        let wait = left.map_or(slice, |left| left.min(slice));
        let ready = match sys::fd::wait_any_readable(&fds, Some(wait)) {
            Ok(ready) => ready,
            Err(error) => log::fatal(format_args!("poll: {error}")),
        };
        watchdog::pat();
        let clients = life.listeners.sockets().len();
        if ready.get(clients) == Some(&true) {
            return Next::MasterGone;
        }
        if !ready.contains(&true) {
            if until.is_some_and(|until| until <= Instant::now()) {
                return Next::Idle;
            }
            continue;
        }
        if let Some(table) = program.changed_table() {
            return Next::Changed(table);
        }
        match life.listeners.accept() {
            Ok(Some(connection)) => return Next::Client(connection),
            Ok(None) => {}
            Err(error) => log::fatal(format_args!("accept connection: {error}")),
        }
    }
}

#[cfg(test)]
mod tests;
