// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many connected clients, one request at a time: servers whose requests are short.
//!
//! *Invariants*: requests are served in the order in which their clients became ready; a client
//! that sends many does not keep others waiting. The process ends between requests: all clients
//! of such services connect again without a word, so that nothing is lost. When master is gone,
//! or the process served its number of clients, it ends when no request waits; when a table
//! changed, at once, so that nobody gets an answer from the old table.
//!
//! *Bugs*: a request that arrives in the very moment of the end is answered by the end of the
//! connection, and its client has to ask again.
//!
//! *Postfix:* master/multi_server(3).

use crate::event_loop::{Loop, Wake};
use crate::jail::Jail;
use crate::options::Transport;
use crate::program::Program;
use crate::start::{Life, Ready, start};
use ipc::services::master::Availability;
use runtime::events::Watch;
use runtime::log;
use runtime::stream::Stream;
use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

/// Whether a conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// More requests may come.
    Open,
    /// Close the connection.
    Close,
}

/// A daemon that serves many clients.
pub trait MultiClient: Program {
    /// What it remembers about a client.
    type Session;

    /// A client connected: announce the protocol.
    ///
    /// # Errors
    /// Those of the stream; the connection is closed.
    fn connected(&mut self, stream: &mut Stream, jail: &Jail) -> io::Result<Self::Session>;

    /// Input came: read one request and answer it.
    fn request(&mut self, session: &mut Self::Session, stream: &mut Stream, jail: &Jail) -> Keep;

    /// The client is gone.
    fn disconnected(&mut self, session: Self::Session) {
        let _ = session;
    }

    /// Whether requests may take long, for instance because they wait for a remote table: then
    /// master is told during each, so that it can start another process.
    fn requests_may_wait(&self) -> bool {
        false
    }
}

/// The whole life of such a daemon.
pub fn run_multi_client<P: MultiClient>() -> ! {
    let Ready {
        mut program,
        jail,
        mut life,
        on_stdio: _,
    } = start::<P>(&[Transport::Inet, Transport::Unix]);
    run(&mut program, jail, &mut life);
    std::process::exit(0)
}

struct Connection<S> {
    stream: Stream,
    watch: Watch,
    session: S,
}

/// How long the rest of a request, or the room for a reply, may be waited for: all other clients
/// wait meanwhile.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// How many requests of one client are served before others have their turn.
const BURST: usize = 16;

/// The clients, by number.
type Connections<S> = HashMap<u64, Connection<S>>;

/// Serves until it is time to end; the part of the life that tests run.
pub fn run<P: MultiClient>(program: &mut P, jail: Jail, life: &mut Life) {
    let mut ctx: Loop<()> = match Loop::new(jail, life) {
        Ok(ctx) => ctx,
        Err(error) => log::fatal(format_args!("event loop: {error}")),
    };
    let mut connections = Connections::new();
    let mut served = 0u64;
    // Why it ends: at once, or as soon as no client is connected.
    let mut farewell = false;
    let mut retired = false;
    let mut unfinished: Vec<u64> = Vec::new();
    loop {
        let farewell_now = farewell || retired && connections.is_empty();
        let limit = (farewell_now || !unfinished.is_empty()).then_some(Duration::ZERO);
        let mut woken = ctx.wait(limit, connections.is_empty());
        woken.extend(unfinished.drain(..).map(Wake::Connection));
        if farewell_now && woken.is_empty() {
            break;
        }
        // Before any request: nobody gets an answer from an old table.
        if let Some(table) = program.changed_table() {
            log::info(format_args!("table {table} has changed -- restarting"));
            break;
        }
        for wake in woken {
            match wake {
                Wake::Listener => accept(program, life, &mut ctx, &mut connections, &mut served),
                Wake::Connection(number) => {
                    if serve(program, &mut ctx, &mut connections, number) {
                        unfinished.push(number);
                    }
                }
                Wake::Master => {
                    log::verbose("master disconnect -- exiting");
                    farewell = true;
                }
                Wake::Program(()) | Wake::Expired(_) => {}
            }
        }
        if !connections.is_empty() {
            ctx.idle_since = Instant::now();
        } else if ctx.idle_too_long() {
            log::verbose("idle timeout -- exiting");
            retired = true;
        }
        farewell |= ctx.ending;
        retired |= life.max_use.is_some_and(|limit| served >= u64::from(limit));
    }
    for (_, connection) in connections.drain() {
        program.disconnected(connection.session);
    }
    program.ending(ctx.jail());
}

fn accept<P: MultiClient>(
    program: &mut P,
    life: &Life,
    ctx: &mut Loop<()>,
    connections: &mut Connections<P::Session>,
    served: &mut u64,
) {
    loop {
        let connection = match life.listeners.accept() {
            Ok(Some(connection)) => connection,
            Ok(None) => return,
            Err(error) => log::fatal(format_args!("accept connection: {error}")),
        };
        *served += 1;
        let number = *served;
        ctx.greet();
        let Some(client) = life.listeners.client(connection, life.ipc_timeout) else {
            continue;
        };
        let mut stream = client.stream;
        stream.set_timeout(REQUEST_TIME.min(life.ipc_timeout));
        let Ok(session) = program.connected(&mut stream, ctx.jail()) else {
            continue;
        };
        match ctx.events.watch_read(&stream, Wake::Connection(number)) {
            Ok(watch) => {
                connections.insert(
                    number,
                    Connection {
                        stream,
                        watch,
                        session,
                    },
                );
            }
            Err(error) => {
                log::warning(format_args!("cannot wait for a client: {error}"));
                program.disconnected(session);
            }
        }
    }
}

/// Serves a request of a client, and up to [`BURST`] that it has sent together with it; whether
/// there are more.
fn serve<P: MultiClient>(
    program: &mut P,
    ctx: &mut Loop<()>,
    connections: &mut Connections<P::Session>,
    number: u64,
) -> bool {
    let Some(connection) = connections.get_mut(&number) else {
        return false;
    };
    let reports = program.requests_may_wait();
    let mut keep = Keep::Open;
    let mut more = false;
    for _ in 0..BURST {
        more = false;
        match connection.stream.fill() {
            Ok(input) if !input.is_empty() => {}
            Ok(_) | Err(_) => keep = Keep::Close,
        }
        if keep == Keep::Close {
            break;
        }
        tell(ctx, reports, Availability::Taken);
        keep = program.request(&mut connection.session, &mut connection.stream, ctx.jail());
        tell(ctx, reports, Availability::Available);
        // The event came once for all that was there: another request, or the end.
        if keep == Keep::Close || !connection.stream.has_input() {
            break;
        }
        more = true;
    }
    if keep == Keep::Close
        && let Some(gone) = connections.remove(&number)
    {
        ctx.events.unwatch(gone.watch);
        program.disconnected(gone.session);
        return false;
    }
    more
}

fn tell(ctx: &mut Loop<()>, wanted: bool, availability: Availability) {
    if wanted
        && let Some(status) = &mut ctx.status
        && status.tell(availability).is_err()
    {
        ctx.ending = true;
    }
}

#[cfg(test)]
mod tests;
