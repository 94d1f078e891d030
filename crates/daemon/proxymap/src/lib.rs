// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../proxymap.8.md")]
//!
//! **Privileges.** Runs as `mail_owner`; a chroot is possible and hides tables. Tables of
//! databases that other programs name are opened before, with the rights to read their settings;
//! all others when the first client asks, with no more rights than any client has. Connects to the
//! servers of tables. Starts nothing.
//!
//! *Invariants*: only approved tables are opened (`approved`); a table is opened once for each
//! way of comparing keys, so what clients can make the process hold is bounded.
//!
//! *Errors*: a request that makes no sense is answered as such; one that cannot be read ends the
//! connection.
//!
//! *Postfix:* proxymap(8).

mod approved;
mod params;
mod tables;

use bstr::ByteSlice as _;
use ipc::attr::AttrError;
use ipc::client::announce_protocol;
use ipc::flags::TableFlags;
use ipc::services::proxymap::{Action, PROTOCOL, Reply, Request, Status, TEXT_LIMIT};
use maps::{LookupError, Options};
use runtime::log;
use runtime::stream::Stream;
use server::{Jail, Keep, MultiClient, Privileges, Program, Startup};
use std::io;

use approved::Approved;
use params::Params;
use tables::{Opened, Tables};

/// The program.
pub struct Proxymap {
    approved: Approved,
    tables: Tables,
    /// It is proxywrite: clients may change tables.
    writer: bool,
    /// The name of the service that may change tables.
    write_service: String,
}

impl Program for Proxymap {
    const NAME: &'static str = "proxymap";

    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(start: &Startup) -> Result<Proxymap, String> {
        if let Some(argument) = start.arguments.first() {
            return Err(format!("unexpected command-line argument: {argument}"));
        }
        let params = Params::load(&start.main_cf).map_err(|error| error.to_string())?;
        let readers = &params.tables.proxymap_service_name;
        let writers = &params.tables.proxywrite_service_name;
        let writer = start.service == *writers;
        if !writer && start.service != *readers {
            return Err(format!(
                "service name must be one of {writers} or {readers}"
            ));
        }
        let mut options = Options::of(&params.tables).with_main_cf(&start.main_cf);
        options.open_error_is_fatal = false;
        options.databases = Some(databases::open);
        options.direct = true;
        options.writable = writer;
        let approved = if writer {
            Approved::for_changing(&params)
        } else {
            Approved::for_reading(&params, &start.main_cf)
        };
        let mut tables = Tables::new(options);
        for table in approved.direct() {
            tables.open_usual(table);
        }
        Ok(Proxymap {
            approved,
            tables,
            writer,
            write_service: writers.clone(),
        })
    }

    fn changed_table(&mut self) -> Option<String> {
        if self.writer {
            return None;
        }
        self.tables.changed()
    }
}

impl MultiClient for Proxymap {
    type Session = ();

    fn connected(&mut self, stream: &mut Stream, _jail: &Jail) -> io::Result<()> {
        announce_protocol(stream, PROTOCOL)
    }

    fn request(&mut self, _session: &mut (), stream: &mut Stream, _jail: &Jail) -> Keep {
        let request = match Request::read(stream) {
            Ok(request) => request,
            Err(error) => {
                // That a client goes away is no news.
                if !matches!(error, AttrError::Gone) {
                    log::warning(format_args!("bad request from a client: {error}"));
                }
                return Keep::Close;
            }
        };
        let reply = match &request {
            Some(request) => self.answer(request).unwrap_or_else(Reply::of),
            None => {
                log::warning("unrecognized request, ignored");
                Reply::of(Status::Bad)
            }
        };
        match reply.write(stream, request.as_ref()) {
            Ok(()) => Keep::Open,
            Err(_) => Keep::Close,
        }
    }

    fn requests_may_wait(&self) -> bool {
        true
    }
}

impl Proxymap {
    fn answer(&mut self, request: &Request) -> Result<Reply, Status> {
        let changes = match request.action {
            Action::Update { .. } => Some("update"),
            Action::Delete { .. } => Some("delete"),
            Action::Open | Action::Lookup { .. } | Action::Sequence { .. } => None,
        };
        if let Some(what) = changes
            && !self.writer
        {
            log::warning(format_args!(
                "refusing {} {what} request on non-{} service",
                request.table.as_bstr(),
                self.write_service
            ));
            return Err(Status::Denied);
        }
        let opened = self.find(&request.table, request.flags)?;
        let mut reply = Reply::of(Status::Ok);
        reply.flags = request.flags | opened.kind();
        match &request.action {
            Action::Open => {}
            Action::Lookup { key } => {
                let found = opened.table.get(key).map_err(status)?;
                reply.value = found.ok_or(Status::NotFound)?;
            }
            Action::Update { key, value } => opened.table.put(key, value).map_err(status)?,
            Action::Delete { key } => {
                let removed = opened.table.remove(key).map_err(status)?;
                reply.status = if removed {
                    Status::Ok
                } else {
                    Status::NotFound
                };
            }
            Action::Sequence { first } => {
                let entry = opened.next_entry(*first).map_err(status)?;
                (reply.key, reply.value) = entry.ok_or(Status::NotFound)?;
            }
        }
        if reply.key.len() >= TEXT_LIMIT || reply.value.len() >= TEXT_LIMIT {
            log::warning(format_args!(
                "table \"{}\": result is too long",
                request.table.as_bstr()
            ));
            return Err(Status::Retry);
        }
        Ok(reply)
    }

    /// The table, opened if need be.
    fn find(&mut self, table: &[u8], flags: TableFlags) -> Result<&mut Opened, Status> {
        let table = std::str::from_utf8(table).map_err(|_| Status::Bad)?;
        let table = table.trim_start_matches("proxy:");
        if !table.contains(':') {
            return Err(Status::Bad);
        }
        if !self.approved.contains(table) {
            let (access, parameter) = if self.writer {
                ("read-write", "proxy_write_maps")
            } else {
                ("read-only", "proxy_read_maps")
            };
            log::warning(format_args!("request for unapproved table: \"{table}\""));
            log::warning(format_args!(
                "to approve this table for {access} access, list proxy:{table} in \
                 main.cf:{parameter}"
            ));
            return Err(Status::Denied);
        }
        Ok(self.tables.find(table, flags))
    }
}

/// What is wrong was logged by the table; the client learns whether trying again can help.
fn status(error: LookupError) -> Status {
    match error {
        LookupError::Retry(_) => Status::Retry,
        LookupError::Configuration(_) => Status::Configuration,
    }
}

#[cfg(test)]
mod tests;
