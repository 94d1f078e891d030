// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which server of a table is asked.
//!
//! All servers of a table hold the same data. One connection is kept; when it fails, another
//! server is taken, at random, those on local sockets first. A server that failed is left alone for
//! `retry_interval`; the only server of a table is tried again with the next key. A connection that
//! was not used for `idle_interval` is not used any more.
//!
//! *Invariants*: one lookup tries each server at most once, and once more over a new connection
//! when a kept one turns out to be broken: servers close idle connections without a word.
//!
//! *Postfix:* the host lists of dict_mysql(3) and dict_pgsql(3).

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use maps::LookupError;
use maps::remote::{Address, Settings};
use runtime::log;

/// How long it may take to reach a server and to log in.
pub(crate) const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a query may take.
pub(crate) const QUERY_LIMIT: Duration = Duration::from_secs(30);

/// Why a request to a server failed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The connection is of no use any more.
    Connection(String),
    /// The server refused the request; the connection is fine.
    Refused(String),
}

impl Trouble {
    /// What happened, where it makes no difference who is to blame.
    pub(crate) fn into_reason(self) -> String {
        let (Trouble::Connection(reason) | Trouble::Refused(reason)) = self;
        reason
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Trouble {
        Trouble::Connection(runtime::text::reason(&error))
    }
}

/// A kind of server.
pub(crate) trait Client {
    /// An open connection, logged in.
    type Connection;
    /// What is known of a server before.
    type Server;

    /// The kind of server, for messages: `pgsql`.
    const KIND: &'static str;

    /// Connects and logs in, within [`CONNECT_LIMIT`].
    fn connect(&self, server: &Self::Server) -> Result<Self::Connection, String>;
}

/// A server of a table.
pub(crate) struct Host<S> {
    /// As the administrator wrote it.
    pub(crate) name: String,
    /// Whether it is asked before others.
    pub(crate) local: bool,
    pub(crate) server: S,
}

impl<S> Host<S> {
    pub(crate) fn new(name: &str, address: &Address, server: S) -> Host<S> {
        Host {
            name: name.to_owned(),
            local: address.is_local(),
            server,
        }
    }
}

/// Which of several servers is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// One on a local socket, otherwise any.
    Random,
    /// The first of the list.
    Given,
}

/// The servers of one table.
pub(crate) struct Pool<C: Client> {
    client: C,
    hosts: Vec<Host<C::Server>>,
    order: Order,
    /// Until when each host is left alone.
    avoided: Vec<Option<Instant>>,
    open: Option<Open<C::Connection>>,
    retry: Duration,
    idle: Duration,
}

struct Open<T> {
    connection: T,
    host: usize,
    used: Instant,
}

impl<C: Client> Pool<C> {
    /// Reads `retry_interval` and `idle_interval`.
    pub(crate) fn new(
        client: C,
        hosts: Vec<Host<C::Server>>,
        order: Order,
        settings: &Settings,
    ) -> Result<Pool<C>, maps::OpenError> {
        let seconds = |key: &str| {
            let number = settings.number(key, 60, 1)?;
            Ok(Duration::from_secs(u64::from(number)))
        };
        Ok(Pool {
            client,
            avoided: vec![None; hosts.len()],
            hosts,
            order,
            open: None,
            retry: seconds("retry_interval")?,
            idle: seconds("idle_interval")?,
        })
    }

    /// Does something with a connection; every failure is logged once.
    ///
    /// # Errors
    /// The server refused, or no server could be asked: try again later.
    pub(crate) fn with<T>(
        &mut self,
        mut act: impl FnMut(&mut C::Connection) -> Result<T, Trouble>,
    ) -> Result<T, LookupError> {
        let mut tried = vec![false; self.hosts.len()];
        loop {
            let kept = self.usable();
            let fresh = kept.is_none();
            let mut open = match kept {
                Some(open) => open,
                None => self.connect(&mut tried)?,
            };
            let host = self.hosts.get(open.host).map_or("", |host| &host.name);
            match act(&mut open.connection) {
                Ok(done) => {
                    open.used = Instant::now();
                    self.open = Some(open);
                    return Ok(done);
                }
                Err(Trouble::Refused(why)) => {
                    let message = format!(
                        "{} query failed: fatal error from host {host}: {why}",
                        C::KIND
                    );
                    log::warning(&message);
                    open.used = Instant::now();
                    self.open = Some(open);
                    return Err(LookupError::Retry(message));
                }
                Err(Trouble::Connection(why)) if fresh => {
                    log::warning(format_args!("{} query failed: host {host}: {why}", C::KIND));
                    self.avoid(open.host);
                }
                // The server closed a connection that it found idle.
                Err(Trouble::Connection(_)) => {}
            }
        }
    }

    /// The kept connection, if it is not too old.
    fn usable(&mut self) -> Option<Open<C::Connection>> {
        let open = self.open.take()?;
        (open.used.elapsed() < self.idle).then_some(open)
    }

    /// Connects to one of the servers that this lookup has not tried.
    fn connect(&mut self, tried: &mut [bool]) -> Result<Open<C::Connection>, LookupError> {
        while let Some(index) = self.candidate(tried) {
            if let Some(tried) = tried.get_mut(index) {
                *tried = true;
            }
            let Some(host) = self.hosts.get(index) else {
                break;
            };
            match self.client.connect(&host.server) {
                Ok(connection) => {
                    return Ok(Open {
                        connection,
                        host: index,
                        used: Instant::now(),
                    });
                }
                Err(why) => {
                    log::warning(format_args!(
                        "connect to {} server {}: {why}",
                        C::KIND,
                        host.name
                    ));
                    self.avoid(index);
                }
            }
        }
        Err(LookupError::Retry(format!(
            "no {} server can be asked",
            C::KIND
        )))
    }

    fn avoid(&mut self, index: usize) {
        let until = Instant::now() + self.retry;
        if self.hosts.len() > 1
            && let Some(avoided) = self.avoided.get_mut(index)
        {
            *avoided = Some(until);
        }
    }

    /// One of the servers that may be tried, if any.
    fn candidate(&self, tried: &[bool]) -> Option<usize> {
        let now = Instant::now();
        let free = |index: &usize| {
            let avoided = self.avoided.get(*index).copied().flatten();
            tried.get(*index) == Some(&false) && avoided.is_none_or(|until| until <= now)
        };
        let local = |index: &usize| self.hosts.get(*index).is_some_and(|host| host.local);
        let free: Vec<usize> = (0..self.hosts.len()).filter(free).collect();
        if self.order == Order::Given {
            return free.first().copied();
        }
        let near: Vec<usize> = free.iter().copied().filter(local).collect();
        let choice = if near.is_empty() { free } else { near };
        let count = u64::try_from(choice.len())
            .ok()
            .filter(|count| *count > 0)?;
        let number = RandomState::new().hash_one(0_u8) % count;
        choice.get(usize::try_from(number).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::HashSet;
    use std::rc::Rc;

    /// Servers by name: those in `down` refuse connections.
    #[derive(Default)]
    struct Servers {
        down: HashSet<&'static str>,
        connected: Vec<&'static str>,
    }

    struct Fake(Rc<RefCell<Servers>>);

    impl Client for Fake {
        type Connection = &'static str;
        type Server = &'static str;
        const KIND: &'static str = "fake";

        fn connect(&self, server: &&'static str) -> Result<&'static str, String> {
            let mut servers = self.0.borrow_mut();
            servers.connected.push(server);
            if servers.down.contains(server) {
                return Err("refused".to_owned());
            }
            Ok(server)
        }
    }

    fn pool(names: &[&'static str], settings: &str) -> (Pool<Fake>, Rc<RefCell<Servers>>) {
        let servers = Rc::new(RefCell::new(Servers::default()));
        let hosts = names.iter().map(|&name| Host {
            name: name.to_owned(),
            local: name.starts_with('/'),
            server: name,
        });
        let settings = Settings::from_text("fake:x", settings).unwrap();
        let pool = Pool::new(
            Fake(servers.clone()),
            hosts.collect(),
            Order::Random,
            &settings,
        );
        (pool.unwrap(), servers)
    }

    #[test]
    fn a_local_server_is_asked_first_and_its_connection_is_kept() {
        let (mut pool, servers) = pool(&["a", "b", "/c"], "");
        for _ in 0..3 {
            assert_eq!(pool.with(|server| Ok(*server)).unwrap(), "/c");
        }
        assert_eq!(servers.borrow().connected, ["/c"]);
    }

    #[test]
    fn another_server_is_asked_when_one_is_down_and_the_failed_one_is_left_alone() {
        let (mut pool, servers) = pool(&["/a", "b"], "");
        servers.borrow_mut().down.insert("/a");
        assert_eq!(pool.with(|server| Ok(*server)).unwrap(), "b");
        servers.borrow_mut().down.insert("b");
        let broken = |_: &mut &str| Err::<(), _>(Trouble::Connection("gone".into()));
        assert!(pool.with(broken).is_err());
        assert!(pool.with(|_| Ok(())).is_err());
        assert_eq!(servers.borrow().connected, ["/a", "b", "b"]);
    }

    #[test]
    fn the_only_server_is_tried_again_with_each_lookup() {
        let (mut pool, servers) = pool(&["a"], "");
        servers.borrow_mut().down.insert("a");
        assert!(pool.with(|_| Ok(())).is_err());
        servers.borrow_mut().down.clear();
        assert!(pool.with(|_| Ok(())).is_ok());
    }

    #[test]
    fn a_kept_connection_that_is_broken_is_replaced_silently_once() {
        let (mut pool, servers) = pool(&["a"], "");
        pool.with(|_| Ok(())).unwrap();
        let mut first = true;
        let done = pool.with(|_| {
            if std::mem::take(&mut first) {
                return Err(Trouble::Connection("closed".into()));
            }
            Ok(())
        });
        assert!(done.is_ok());
        assert_eq!(servers.borrow().connected, ["a", "a"]);
        let broken = |_: &mut &str| Err::<(), _>(Trouble::Connection("closed".into()));
        assert!(pool.with(broken).is_err());
        assert_eq!(servers.borrow().connected.len(), 3);
    }

    #[test]
    fn a_refused_request_keeps_the_connection() {
        let (mut pool, servers) = pool(&["a"], "");
        let refused = |_: &mut &str| Err::<(), _>(Trouble::Refused("syntax error".into()));
        assert!(pool.with(refused).is_err());
        assert!(pool.with(|_| Ok(())).is_ok());
        assert_eq!(servers.borrow().connected, ["a"]);
    }
}
