// SPDX-License-Identifier: MIT OR Apache-2.0
//! One delivery request from its beginning to its end: which servers, in which order, until
//! nobody is left to deliver to or there is nowhere left to go.
//!
//! *Invariants*: at most `smtp_mx_address_limit` addresses and `smtp_mx_session_limit` sessions
//! are tried per destination. Failures that another server may mend are recorded only when
//! there is no other.
//!
//! *Postfix:* smtp_connect(3).

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use delivery::pass::{self, Transport};
use delivery::{Answer, Message, Reporter};
use dns::Resolver;
use ipc::flags::{DeliverFlags, SendOptions};
use mail::dsn::{Dsn, Status};
use maps::{Maps, StringList};
use runtime::log;

use crate::connect::{Connector, Unconnected};
use crate::demands::Demands;
use crate::destination::{Destination, Site};
use crate::generic::Generic;
use crate::hosts::{self, Candidate, Found, Lookup};
use crate::pix::Workarounds;
use crate::progress::{Progress, Scope};
use crate::protocol::envelope::{self, Ended};
use crate::protocol::greeting::{self, Greeting};
use crate::protocol::{Rules, ServerQuirks};
use crate::reuse::Idle;
use crate::session::{Endpoint, Session};
use crate::why::Why;

/// The port at which meeting ourselves means that mail loops.
const PUBLIC_PORT: u16 = 25;

/// Everything that carrying messages takes.
pub(crate) struct Courier {
    pub(crate) rules: Rules,
    pub(crate) settings: Settings,
    pub(crate) lookup: hosts::Rules,
    pub(crate) resolver: Resolver,
    pub(crate) connector: Connector,
    pub(crate) idle: Idle,
    pub(crate) generic: Generic,
    pub(crate) demands: Demands,
    pub(crate) keywords: Maps,
    pub(crate) pix_maps: Maps,
    pub(crate) always_kept: StringList,
}

/// What the courier reads from main.cf besides what its parts do.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) relayhost: String,
    pub(crate) fallback_relay: Vec<String>,
    pub(crate) best_mx_transport: String,
    pub(crate) default_port: String,
    pub(crate) session_limit: usize,
    pub(crate) keep_on_demand: bool,
    pub(crate) quirks: ServerQuirks,
    pub(crate) quirks_title: String,
    pub(crate) pix: Workarounds,
    pub(crate) ipc_timeout: Duration,
    pub(crate) helpful_warnings: bool,
}

/// What is known about the destination that is being tried.
struct Attempt<'s> {
    site: &'s Site,
    /// The text of the destination.
    text: &'s str,
    /// There is no destination after this one.
    is_last: bool,
    /// Whether an idle connection may be taken, and this one be kept.
    load: bool,
    store: bool,
}

impl Courier {
    /// Delivers one message as far as possible.
    pub(crate) fn deliver(&mut self, message: &Message, reporter: &mut Reporter) -> Answer {
        let mut progress = Progress::new(message, reporter);
        let nexthop = String::from_utf8_lossy(&message.request.nexthop).into_owned();
        match Destination::parse(&nexthop, self.rules.lmtp) {
            Destination::Unix(path) => self.try_socket(&mut progress, &path),
            Destination::Inet(sites) => self.try_sites(&mut progress, sites),
        }
        progress.finish()
    }

    /// Tries one destination after the other, then the fallback relays.
    fn try_sites(&mut self, progress: &mut Progress<'_>, mut sites: Vec<String>) {
        let own = sites.len();
        if own == 0 {
            let nexthop = String::from_utf8_lossy(&progress.message.request.nexthop).into_owned();
            let text = format!("null destination: \"{nexthop}\"");
            log::warning(&text);
            progress.why.set(Status::new(4, 3, 5), text);
            return;
        }
        sites.extend(self.settings.fallback_relay.iter().cloned());
        let mut tried = 0;
        while let Some(text) = sites.get(tried).cloned() {
            tried += 1;
            let go_on = self.try_site(progress, &text, tried == 1, tried == sites.len());
            if !progress.is_left() {
                return;
            }
            if !go_on {
                break;
            }
        }
        self.leftovers(progress, &sites, tried > own);
    }

    /// What becomes of recipients for whom no server was found at all.
    fn leftovers(&self, progress: &mut Progress<'_>, sites: &[String], in_fallback: bool) {
        let hard = progress.why.is_set() && !progress.why.is_soft();
        if !hard {
            return;
        }
        // What looks like a mistake in our own configuration must not bounce mail.
        let culprit = if in_fallback {
            Some("smtp_fallback_relay")
        } else {
            sites
                .first()
                .filter(|site| **site == self.settings.relayhost)
                .map(|_| "relayhost")
        };
        if let Some(parameter) = culprit {
            log::warning(format_args!("{parameter} configuration problem"));
            progress.why.set_status(Status::new(4, 3, 5));
        } else if progress.why.is_loop() && !self.settings.best_mx_transport.is_empty() {
            let (transport, timeout) =
                (&self.settings.best_mx_transport, self.settings.ipc_timeout);
            progress.pass_on(|reporter, message, recipient| {
                let parsed = Transport::parse(transport, &recipient.address);
                let transport = parsed.unwrap_or(Transport {
                    name: transport.clone(),
                    nexthop: message.request.nexthop.clone(),
                });
                pass::hand_over(reporter, message, recipient, &transport, timeout)
            });
        }
    }

    /// One destination; whether the next one may be tried.
    fn try_site(
        &mut self,
        progress: &mut Progress<'_>,
        text: &str,
        is_first: bool,
        is_last: bool,
    ) -> bool {
        let site = match Site::parse(text, &self.settings.default_port) {
            Ok(site) => site,
            Err(complaint) => {
                log::warning(&complaint);
                progress.why.set(Status::new(4, 3, 5), complaint);
                return true;
            }
        };
        if site.port == 465 && self.settings.helpful_warnings {
            log::info(
                "SMTPS wrappermode (TCP port 465) requires setting \
                 \"smtp_tls_wrappermode = yes\", and \"smtp_tls_security_level = encrypt\" \
                 (or stronger)",
            );
        }
        let found = self.find(progress, &site);
        // A backup must not be asked about mail that we should have, or that comes back to us.
        let is_last = is_last || found.we_are_mx || progress.why.is_loop();
        let (load, store) = self.cache_policy(progress, &site, text, is_first);
        let attempt = Attempt {
            site: &site,
            text,
            is_last,
            load,
            store,
        };
        self.try_candidates(progress, found, &attempt);
        !is_last
    }

    fn find(&mut self, progress: &mut Progress<'_>, site: &Site) -> Found {
        let detect = !self.rules.lmtp && site.port == PUBLIC_PORT;
        // What was wrong with another destination says nothing about this one.
        progress.why = Why::default();
        let mut lookup = Lookup {
            resolver: &mut self.resolver,
            rules: &self.lookup,
            own: detect.then_some(&self.connector.own),
            why: &mut progress.why,
        };
        if self.rules.lmtp || site.exact || !self.lookup.dns {
            lookup.host(&site.host)
        } else {
            lookup.domain(&site.host)
        }
    }

    /// Whether an idle connection may be used, and whether this one may be kept.
    fn cache_policy(
        &mut self,
        progress: &Progress<'_>,
        site: &Site,
        text: &str,
        is_first: bool,
    ) -> (bool, bool) {
        let mut listed = |key: &str| matches!(self.always_kept.matches(key.as_bytes()), Ok(true));
        if listed(text) || listed(&site.host) {
            return (is_first, is_first);
        }
        let flags = progress.message.flags();
        let wanted = |hint| is_first && self.settings.keep_on_demand && flags.contains(hint);
        (
            wanted(DeliverFlags::CONNECTION_LOAD),
            wanted(DeliverFlags::CONNECTION_STORE),
        )
    }

    /// The addresses of one destination, beginning with a connection that is open already.
    fn try_candidates(&mut self, progress: &mut Progress<'_>, found: Found, attempt: &Attempt<'_>) {
        let best = found.best;
        let limit = match self.lookup.address_limit {
            0 => usize::MAX,
            limit => limit,
        };
        let mut candidates: VecDeque<Candidate> =
            found.candidates.into_iter().take(limit).collect();
        let mut sessions_left = match self.settings.session_limit {
            0 => usize::MAX,
            limit => limit,
        };
        if attempt.load
            && let Some((session, index)) = self.idle_session(attempt, &candidates)
        {
            let candidate = candidates.remove(index);
            progress.final_server =
                attempt.is_last && (candidates.is_empty() || sessions_left == 1);
            progress.next_server();
            match self.send(progress, session, attempt) {
                // Dead connections do not count; the server may well be there.
                Ended::Stale => candidate
                    .into_iter()
                    .for_each(|same| candidates.insert(index, same)),
                Ended::Properly | Ended::Badly => sessions_left -= 1,
            }
        }
        while progress.is_left() && sessions_left > 0 {
            let Some(candidate) = candidates.pop_front() else {
                break;
            };
            progress.next_server();
            progress.connecting();
            progress.final_server = attempt.is_last && candidates.is_empty();
            let session = match self.connect(progress, &candidate, attempt) {
                Ok(session) => session,
                Err(Unconnected { status, text }) => {
                    log::info(&text);
                    progress.why.set(status, text);
                    continue;
                }
            };
            let Some(session) =
                self.greet(progress, session, attempt, candidate.preference == best)
            else {
                continue;
            };
            // Only from here on does the attempt count: a server that does not talk is none.
            sessions_left -= 1;
            progress.final_server =
                attempt.is_last && (candidates.is_empty() || sessions_left == 0);
            let _ = self.send(progress, session, attempt);
        }
    }

    fn idle_session(
        &mut self,
        attempt: &Attempt<'_>,
        candidates: &VecDeque<Candidate>,
    ) -> Option<(Session, usize)> {
        let port = attempt.site.port;
        let leads_to = |endpoint: &Endpoint| {
            candidates.iter().position(|candidate| {
                matches!(endpoint, Endpoint::Inet(address)
                    if address.ip() == candidate.address && address.port() == port)
            })
        };
        let session = self
            .idle
            .take(attempt.text, |endpoint| leads_to(endpoint).is_some())?;
        let index = leads_to(&session.endpoint)?;
        Some((session, index))
    }

    fn connect(
        &mut self,
        progress: &Progress<'_>,
        candidate: &Candidate,
        attempt: &Attempt<'_>,
    ) -> Result<Session, Unconnected> {
        let options = progress.message.request.sendopts;
        let nexthop = String::from_utf8_lossy(&progress.message.request.nexthop).into_owned();
        let nexthop = if attempt.text == nexthop {
            &nexthop
        } else {
            attempt.text
        };
        if let Some(dsn) = self
            .demands
            .unmet(options, nexthop, &attempt.site.host, &candidate.host)
        {
            let text = String::from_utf8_lossy(&dsn.reason).into_owned();
            return Err(Unconnected {
                status: dsn.status,
                text,
            });
        }
        self.connector.inet(candidate, attempt.site.port)
    }

    /// Exchanges names with the server; `None` when it cannot be used.
    fn greet(
        &mut self,
        progress: &mut Progress<'_>,
        mut session: Session,
        attempt: &Attempt<'_>,
        is_best: bool,
    ) -> Option<Session> {
        session.is_best = is_best;
        let address = session.endpoint.address();
        let greeting = Greeting {
            rules: &self.rules,
            quirks: match lookup(&mut self.keywords, &address) {
                Some(list) => greeting::quirks(&list, &self.settings.quirks_title),
                None => self.settings.quirks,
            },
            pix: match lookup(&mut self.pix_maps, &address) {
                Some(list) => Workarounds::parse(&list, self.settings.pix.threshold),
                None => self.settings.pix,
            },
            detect_loop: !self.rules.lmtp && attempt.site.port == PUBLIC_PORT,
        };
        match greeting.exchange(progress, &mut session) {
            Ok(()) => {
                progress.connected(0);
                Some(session)
            }
            Err(_) => {
                session.quit(self.rules.limits.quit);
                None
            }
        }
    }

    /// Sends the message, and keeps or closes the connection.
    fn send(
        &mut self,
        progress: &mut Progress<'_>,
        mut session: Session,
        attempt: &Attempt<'_>,
    ) -> Ended {
        if session.uses > 0 {
            progress.connected(session.uses);
        }
        let ended = envelope::transfer(
            &self.rules,
            progress,
            &mut session,
            &mut self.generic,
            attempt.store,
        );
        if ended == Ended::Properly && session.reusable && attempt.store {
            self.idle.put(attempt.text.to_owned(), session);
        } else if ended != Ended::Stale {
            session.quit(self.rules.limits.quit);
        }
        ended
    }

    /// LMTP to a socket in the file system: one server, whose word is final.
    fn try_socket(&mut self, progress: &mut Progress<'_>, path: &Path) {
        progress.final_server = true;
        let text = format!("unix:{}", path.display());
        let site = Site {
            host: self.rules.myhostname.clone(),
            port: 0,
            exact: true,
        };
        let (load, store) = self.cache_policy(progress, &site, &path.to_string_lossy(), true);
        let attempt = Attempt {
            site: &site,
            text: &text,
            is_last: true,
            load,
            store,
        };
        if load && let Some(session) = self.idle.take(&text, |_| true) {
            if self.send(progress, session, &attempt) != Ended::Stale {
                return;
            }
            progress.next_server();
        }
        progress.connecting();
        if let Some(dsn) = self
            .demands
            .unmet(SendOptions::empty(), &text, &site.host, &site.host)
        {
            progress.fail(None, dsn, Scope::Site);
            return;
        }
        match self.connector.unix(path, &self.rules.myhostname) {
            Err(Unconnected { status, text }) => {
                log::info(&text);
                progress.fail(None, Dsn::simple(status, text), Scope::Site);
            }
            Ok(session) => {
                if let Some(session) = self.greet(progress, session, &attempt, true) {
                    let _ = self.send(progress, session, &attempt);
                }
            }
        }
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed_table(&self) -> Option<&str> {
        let tables = [
            self.keywords.changed(),
            self.pix_maps.changed(),
            self.generic.changed(),
        ];
        let found = tables.into_iter().flatten().next();
        found
            .or_else(|| self.demands.changed())
            .or_else(|| self.always_kept.changed())
    }
}

fn lookup(maps: &mut Maps, key: &str) -> Option<String> {
    match maps.get(key.as_bytes()) {
        Ok(found) => found.map(|value| String::from_utf8_lossy(&value).into_owned()),
        Err(error) => {
            log::warning(format_args!("{}: {error}", maps.title()));
            None
        }
    }
}
