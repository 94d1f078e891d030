// SPDX-License-Identifier: MIT OR Apache-2.0
//! Programs that are woken by a few bytes without a reply, and otherwise follow their own events:
//! the queue manager and pickup.
//!
//! *Invariants*: at most [`PENDING_LIMIT`] connections wait for their bytes at a time, each for at
//! most [`PENDING_TIME`]; a connection without bytes does not hold the program up.
//!
//! *Postfix:* master/trigger_server(3).

use crate::event_loop::{Loop, Wake};
use crate::jail::Jail;
use crate::options::Transport;
use crate::program::Program;
use crate::start::{Life, Ready, start};
use ipc::trigger;
use runtime::events::{Timer, Watch};
use runtime::log;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// How many connections may wait for their bytes.
pub const PENDING_LIMIT: usize = 100;

/// How long a connection may wait for its bytes.
pub const PENDING_TIME: Duration = Duration::from_secs(10);

/// A daemon that is triggered.
pub trait Triggered: Program {
    /// What it waits for besides triggers.
    type Event: Clone;

    /// Called once in the jail, before the first event.
    fn started(&mut self, ctx: &mut Loop<Self::Event>) {
        let _ = ctx;
    }

    /// Bytes came in: each of them once, in the order of their first occurrence.
    fn triggered(&mut self, requests: &[u8], ctx: &mut Loop<Self::Event>);

    /// One of its own events happened.
    fn event(&mut self, event: Self::Event, ctx: &mut Loop<Self::Event>) {
        let _ = (event, ctx);
    }

    /// Called before each wait: a chance to do a piece of work. Gives the longest time to wait;
    /// zero when there is more work.
    fn before_wait(&mut self, ctx: &mut Loop<Self::Event>) -> Option<Duration> {
        let _ = ctx;
        None
    }
}

/// The whole life of such a daemon.
pub fn run_triggered<P: Triggered>() -> ! {
    let Ready {
        mut program,
        jail,
        mut life,
        on_stdio: _,
    } = start::<P>(&[Transport::Unix, Transport::Fifo]);
    run(&mut program, jail, &mut life);
    std::process::exit(0)
}

/// A connection that has not said anything yet.
struct Pending {
    connection: OwnedFd,
    watch: Watch,
    timer: Timer,
}

/// Serves until it is time to end; the part of the life that tests run.
pub fn run<P: Triggered>(program: &mut P, jail: Jail, life: &mut Life) {
    let mut ctx = match Loop::new(jail, life) {
        Ok(ctx) => ctx,
        Err(error) => log::fatal(format_args!("event loop: {error}")),
    };
    let mut pending: HashMap<u64, Pending> = HashMap::new();
    let mut next = 0u64;
    let mut uses = 0u32;
    program.started(&mut ctx);
    while !ctx.ending && life.max_use.is_none_or(|limit| uses < limit) {
        let limit = program.before_wait(&mut ctx);
        if ctx.ending {
            break;
        }
        let woken = ctx.wait(limit, pending.is_empty());
        let mut bytes = Vec::new();
        for wake in woken {
            match wake {
                Wake::Program(event) => program.event(event, &mut ctx),
                Wake::Master => {
                    log::verbose("master disconnect -- exiting");
                    ctx.ending = true;
                }
                Wake::Listener if life.listeners.transport() == Transport::Fifo => {
                    read_fifos(life, &mut bytes);
                }
                Wake::Listener => {
                    accept(life, &mut ctx, &mut pending, &mut next, &mut bytes);
                }
                Wake::Connection(number) => {
                    if let Some(connection) = pending.get_mut(&number)
                        && receive_some(&connection.connection, &mut bytes)
                    {
                        forget(&mut ctx, &mut pending, number);
                    }
                }
                Wake::Expired(number) => forget(&mut ctx, &mut pending, number),
            }
        }
        if !bytes.is_empty() {
            ctx.greet();
            uses = uses.saturating_add(1);
            program.triggered(&distinct(&bytes), &mut ctx);
            ctx.idle_since = Instant::now();
        } else if pending.is_empty() && ctx.idle_too_long() {
            log::verbose("idle timeout -- exiting");
            break;
        }
    }
    program.ending(ctx.jail());
}

fn forget<E: Clone>(ctx: &mut Loop<E>, pending: &mut HashMap<u64, Pending>, number: u64) {
    if let Some(gone) = pending.remove(&number) {
        ctx.events.unwatch(gone.watch);
        ctx.events.cancel(gone.timer);
    }
}

/// Accepts all waiting connections; most have said what they have to say.
fn accept<E: Clone>(
    life: &Life,
    ctx: &mut Loop<E>,
    pending: &mut HashMap<u64, Pending>,
    next: &mut u64,
    bytes: &mut Vec<u8>,
) {
    loop {
        let connection = match life.listeners.accept() {
            Ok(Some(connection)) => connection,
            Ok(None) => return,
            Err(error) => log::fatal(format_args!("accept connection: {error}")),
        };
        if receive_some(&connection, bytes) || pending.len() >= PENDING_LIMIT {
            continue;
        }
        *next += 1;
        let number = *next;
        match ctx.events.watch_read(&connection, Wake::Connection(number)) {
            Ok(watch) => {
                let timer = ctx.events.set_timer(PENDING_TIME, Wake::Expired(number));
                pending.insert(
                    number,
                    Pending {
                        connection,
                        watch,
                        timer,
                    },
                );
            }
            Err(error) => log::warning(format_args!("trigger connection: {error}")),
        }
    }
}

/// Reads what a connection has to say, without waiting: whether it is done.
fn receive_some(connection: &OwnedFd, bytes: &mut Vec<u8>) -> bool {
    let mut buffer = [0; trigger::BUFFER_SIZE];
    let received = sys::socket::receive_now(connection, &mut buffer);
    take(received, &buffer, bytes)
}

/// Reads what a FIFO has to say: whether it is empty.
fn read_some(fifo: &mut File, bytes: &mut Vec<u8>) -> bool {
    let mut buffer = [0; trigger::BUFFER_SIZE];
    let read = fifo.read(&mut buffer);
    take(read, &buffer, bytes)
}

fn take(read: io::Result<usize>, buffer: &[u8], bytes: &mut Vec<u8>) -> bool {
    match read {
        Ok(count) => {
            bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
            true
        }
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    }
}

/// Reads FIFOs until they are empty, or a bounded number of times: a writer may be fast.
fn read_fifos(life: &Life, bytes: &mut Vec<u8>) {
    for socket in life.listeners.sockets() {
        let Ok(fifo) = socket.try_clone() else {
            continue;
        };
        let mut fifo = File::from(fifo);
        for _ in 0..PENDING_LIMIT {
            let before = bytes.len();
            if !read_some(&mut fifo, bytes) || bytes.len() == before {
                break;
            }
        }
    }
}

fn distinct(bytes: &[u8]) -> Vec<u8> {
    let mut once: Vec<u8> = Vec::new();
    for byte in bytes {
        if !once.contains(byte) {
            once.push(*byte);
        }
    }
    once
}

#[cfg(test)]
mod tests;
