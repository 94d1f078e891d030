// SPDX-License-Identifier: MIT OR Apache-2.0
//! One local datagram is one request without a reply.
//!
//! *Invariants*: all waiting datagrams, up to [`BATCH`], are taken before the program is asked to
//! act on them, so that it can write once for many.
//!
//! *Postfix:* master/dgram_server(3).

use crate::event_loop::{Loop, Wake};
use crate::jail::Jail;
use crate::options::Transport;
use crate::program::Program;
use crate::start::{Life, Ready, start};
use runtime::gather::Gather;
use runtime::log;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

/// How many datagrams are taken before the program acts.
pub const BATCH: usize = 256;

/// How long datagrams of a busy system may gather. The kernel keeps ten for a socket at least
/// (net.unix.max_dgram_qlen), and makes senders wait when there are more.
const GATHERING: Duration = Duration::from_micros(500);

/// A daemon that receives datagrams.
pub trait Datagram: Program {
    /// The most bytes that one datagram can have; the rest is lost.
    const DATAGRAM_LIMIT: usize;

    /// A datagram came.
    fn datagram(&mut self, bytes: &[u8], jail: &Jail);

    /// For now, that was all.
    fn drained(&mut self, jail: &Jail);
}

/// The whole life of such a daemon.
pub fn run_datagram<P: Datagram>() -> ! {
    let Ready {
        mut program,
        jail,
        mut life,
        on_stdio: _,
    } = start::<P>(&[Transport::UnixDatagram]);
    run(&mut program, jail, &mut life);
    std::process::exit(0)
}

/// Serves until it is time to end; the part of the life that tests run.
pub fn run<P: Datagram>(program: &mut P, jail: Jail, life: &mut Life) {
    let mut ctx: Loop<()> = match Loop::new(jail, life) {
        Ok(ctx) => ctx,
        Err(error) => log::fatal(format_args!("event loop: {error}")),
    };
    let sockets = std::mem::replace(&mut life.listeners, crate::listen::Listeners::none());
    let sockets: Vec<UnixDatagram> = sockets.into_sockets().map(UnixDatagram::from).collect();
    let mut buffer = vec![0; P::DATAGRAM_LIMIT];
    let mut uses = 0u32;
    let mut more = false;
    let mut farewell = false;
    let mut batches = Gather::new(GATHERING);
    // What was sent before the end is still taken.
    while more || !farewell {
        let limit = more.then_some(Duration::ZERO);
        for wake in ctx.wait(limit, true) {
            match wake {
                Wake::Listener => more = true,
                Wake::Master => {
                    log::verbose("master disconnect -- exiting");
                    more = true;
                    farewell = true;
                }
                Wake::Program(()) | Wake::Connection(_) | Wake::Expired(_) => {}
            }
        }
        if more {
            more = false;
            for socket in &sockets {
                let taken = take(program, socket, &mut buffer, ctx.jail());
                more |= taken == BATCH;
                uses = uses.saturating_add(u32::from(taken > 0));
            }
            program.drained(ctx.jail());
            ctx.greet();
            ctx.idle_since = Instant::now();
            if !more && !farewell {
                batches.rest();
            }
        } else if ctx.idle_too_long() {
            log::verbose("idle timeout -- exiting");
            break;
        }
        farewell |= ctx.ending || life.max_use.is_some_and(|limit| uses >= limit);
    }
    program.ending(ctx.jail());
}

fn take<P: Datagram>(
    program: &mut P,
    socket: &UnixDatagram,
    buffer: &mut [u8],
    jail: &Jail,
) -> usize {
    let mut taken = 0;
    while taken < BATCH {
        match socket.recv(buffer) {
            Ok(length) => program.datagram(buffer.get(..length).unwrap_or_default(), jail),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => {
                log::warning(format_args!("receive datagram: {error}"));
                break;
            }
        }
        taken += 1;
    }
    taken
}

#[cfg(test)]
mod tests;
