// SPDX-License-Identifier: MIT OR Apache-2.0
//! trivial-rewrite(8): the standard form of addresses, and where they go.
//!
//! Answers two questions, for any number of clients: what is this address in standard form
//! (`rewrite`), and which transport and next hop does this recipient have (`resolve`). The
//! first depends on parameters alone; the second on address classes and tables.
//!
//! **Privileges.** Runs as `mail_owner`, may be chrooted; tables are opened before. Talks to local
//! programs only, through its own socket; opens no connection, writes no file, starts nothing.
//! Any number of processes may serve at a time.
//!
//! *Invariants*: a question that breaks the protocol ends the connection; a table that cannot be
//! asked is reported to the client, which tries again later. When a table changed, the process
//! ends, and clients find the next one.
//!
//! *Postfix:* trivial-rewrite(8).

mod local;
mod params;
mod resolve;
mod rewrite;
mod routes;
mod strip;
mod transport;

use crate::params::Params;
use crate::resolve::Resolver;
use crate::rewrite::{Context, Note, Rules};
use bstr::ByteSlice as _;
use config::{Legacy, Notice};
use ipc::attr::AttrError;
use ipc::client::announce_protocol;
use ipc::flags::ServerFlags;
use ipc::services::rewrite::{PROTOCOL, Request, Rewritten, Rule};
use runtime::log;
use runtime::stream::Stream;
use server::{Jail, Keep, MultiClient, Privileges, Program, Startup};
use std::io;

/// The program.
pub struct TrivialRewrite {
    rules: Rules,
    local: Context,
    remote: Context,
    resolver: Resolver,
    /// About completing domains by an old default.
    notice: Notice,
}

impl Program for TrivialRewrite {
    const NAME: &'static str = "trivial-rewrite";

    const PRIVILEGES: Privileges = Privileges {
        internet: false,
        ..Privileges::MAIL_OWNER
    };

    fn prepare(start: &Startup) -> Result<TrivialRewrite, String> {
        if let Some(argument) = start.arguments.first() {
            return Err(format!("unexpected command-line argument: {argument}"));
        }
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let notice = Legacy::AppendDotMydomain
            .notice(&start.main_cf)
            .map_err(|error| error.to_string())?;
        let rules = Rules {
            swap_bangpath: params.swap_bangpath,
            allow_percent_hack: params.allow_percent_hack,
            append_at_myorigin: params.append_at_myorigin,
            append_dot_mydomain: params.append_dot_mydomain,
        };
        let context = |origin: &str, domain: &str| Context {
            origin: origin.as_bytes().to_vec(),
            domain: domain.as_bytes().to_vec(),
        };
        let local = context(&params.myorigin, &params.mydomain);
        let foreign = &params.remote_header_rewrite_domain;
        let directory = start.main_cf.dir().display().to_string();
        let resolver = Resolver::open(&params, rules, local.clone(), &directory)?;
        let remote = context(foreign, foreign);
        Ok(TrivialRewrite {
            rules,
            local,
            remote,
            resolver,
            notice,
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        self.resolver.changed()
    }
}

impl MultiClient for TrivialRewrite {
    type Session = ();

    fn connected(&mut self, stream: &mut Stream, _jail: &Jail) -> io::Result<()> {
        announce_protocol(stream, PROTOCOL)
    }

    fn request(&mut self, _session: &mut (), stream: &mut Stream, _jail: &Jail) -> Keep {
        let answered = match Request::read(stream) {
            Ok(Request::Rewrite { rule, address }) => match self.rewrite(&rule, &address) {
                Some(address) => Rewritten {
                    server: ServerFlags::empty(),
                    address,
                }
                .write(stream),
                None => return Keep::Close,
            },
            Ok(Request::Resolve {
                purpose,
                sender,
                address,
            }) => self
                .resolver
                .resolve(purpose, &sender, &address)
                .write(stream),
            Err(error) => {
                // That a client goes away is no news.
                if !matches!(error, AttrError::Gone) {
                    log::warning(format_args!("bad request from a client: {error}"));
                }
                return Keep::Close;
            }
        };
        if answered.is_ok() {
            Keep::Open
        } else {
            Keep::Close
        }
    }
}

impl TrivialRewrite {
    /// The standard form of an address, or nothing for a rule that nobody knows.
    fn rewrite(&self, rule: &Rule, address: &[u8]) -> Option<Vec<u8>> {
        let context = match rule {
            Rule::Local => &self.local,
            Rule::Remote => &self.remote,
            Rule::Other(name) => {
                log::warning(format_args!("unknown context: {}", name.as_bstr()));
                return None;
            }
        };
        let (rewritten, note) = rewrite::rewrite(address, self.rules, context);
        if note == Note::AppendedDomain {
            let (_, after) = mail::address::split_at_last_at(&rewritten);
            let after = after.unwrap_or_default();
            let added = context.domain.len() + 1;
            let before = after.get(..after.len().saturating_sub(added));
            let before = before.unwrap_or_default();
            let advice = if before == b"localhost" {
                "; please add \"localhost\" to mydestination or other address class"
            } else {
                ""
            };
            self.notice.tell(format_args!(
                "to rewrite \"{}\" to \"{}\"{advice}",
                before.as_bstr(),
                after.as_bstr()
            ));
        }
        Some(rewritten)
    }
}

#[cfg(test)]
mod tests;
