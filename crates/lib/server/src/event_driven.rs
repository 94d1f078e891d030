// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs that look after many clients themselves, each step being an event.
//!
//! *Postfix:* master/event_server(3).

use crate::event_loop::{Loop, Wake};
use crate::jail::Jail;
use crate::options::Transport;
use crate::program::{Client, Program};
use crate::start::{Life, Ready, start};
use runtime::log;
use std::time::{Duration, Instant};

/// A daemon that follows events.
pub trait EventDriven: Program {
    /// What it waits for.
    type Event: Clone;

    /// Called once in the jail, before the first event.
    fn started(&mut self, ctx: &mut Loop<Self::Event>) {
        let _ = ctx;
    }

    /// A client connected. The program keeps it and watches it.
    fn connected(&mut self, client: Client, ctx: &mut Loop<Self::Event>);

    /// One of its events happened.
    fn event(&mut self, event: Self::Event, ctx: &mut Loop<Self::Event>);

    /// How many clients it looks after: with none, it may end.
    fn clients(&self) -> usize;

    /// Master is gone: no new clients will come. The program ends when it has none left.
    fn draining(&mut self, ctx: &mut Loop<Self::Event>) {
        let _ = ctx;
    }

    /// Called before each wait; gives the longest time to wait.
    fn before_wait(&mut self, ctx: &mut Loop<Self::Event>) -> Option<Duration> {
        let _ = ctx;
        None
    }
}

/// The whole life of such a daemon.
pub fn run_event_driven<P: EventDriven>() -> ! {
    let Ready {
        mut program,
        jail,
        mut life,
        on_stdio: _,
    } = start::<P>(&[Transport::Inet, Transport::Unix, Transport::Pass]);
    run(&mut program, jail, &mut life);
    std::process::exit(0)
}

/// Serves until it is time to end; the part of the life that tests run.
pub fn run<P: EventDriven>(program: &mut P, jail: Jail, life: &mut Life) {
    let mut ctx = match Loop::new(jail, life) {
        Ok(ctx) => ctx,
        Err(error) => log::fatal(format_args!("event loop: {error}")),
    };
    let mut served = 0u32;
    let mut draining = false;
    program.started(&mut ctx);
    loop {
        if program.clients() == 0 {
            if let Some(table) = program.changed_table() {
                log::info(format_args!("table {table} has changed -- restarting"));
                break;
            }
            if draining || life.max_use.is_some_and(|limit| served >= limit) {
                break;
            }
        }
        let limit = program.before_wait(&mut ctx);
        if ctx.ending {
            break;
        }
        let idle = program.clients() == 0;
        for wake in ctx.wait(limit, idle) {
            match wake {
                Wake::Program(event) => program.event(event, &mut ctx),
                Wake::Master => {
                    log::verbose("master disconnect -- draining");
                    draining = true;
                    program.draining(&mut ctx);
                }
                Wake::Listener if draining => {}
                Wake::Listener => {
                    served = served.saturating_add(accept(program, life, &mut ctx));
                }
                Wake::Connection(_) | Wake::Expired(_) => {}
            }
        }
        if program.clients() > 0 {
            ctx.idle_since = Instant::now();
        } else if ctx.idle_too_long() {
            log::verbose("idle timeout -- exiting");
            break;
        }
    }
    program.ending(ctx.jail());
}

fn accept<P: EventDriven>(program: &mut P, life: &Life, ctx: &mut Loop<P::Event>) -> u32 {
    let mut accepted = 0;
    loop {
        match life.listeners.accept() {
            Ok(Some(connection)) => {
                accepted += 1;
                ctx.greet();
                ctx.idle_since = Instant::now();
                if let Some(client) = life.listeners.client(connection, life.ipc_timeout) {
                    program.connected(client, ctx);
                }
            }
            Ok(None) => return accepted,
            Err(error) => log::fatal(format_args!("accept connection: {error}")),
        }
    }
}

#[cfg(test)]
mod tests;
