// SPDX-License-Identifier: MIT OR Apache-2.0
//! `proxy:type:name`: a table that proxymap(8) holds open.
//!
//! A process inside a jail so reaches tables outside, and many processes share one connection to
//! a database. All proxied tables of a process share one connection to proxymap.
//!
//! *Errors:* a table that the administrator has not approved cannot be opened. While proxymap
//! cannot be asked, lookups fail and may be tried again.
//!
//! *Postfix:* dict_proxy(3).

use std::cell::RefCell;
use std::os::unix::fs::MetadataExt;
use std::rc::Rc;

use bstr::ByteSlice;
use ipc::flags::TableFlags;
use ipc::services::proxymap::{Action, Client, Reply, Status};
use runtime::log;

use crate::{Found, Listed, LookupError, OpenError, Options, Table, specification};

struct Proxy {
    name: String,
    /// `type:name`, as proxymap knows the table.
    table: Vec<u8>,
    client: Rc<RefCell<Client>>,
    flags: TableFlags,
    /// Whether partial keys make sense; unknown while proxymap could not be asked.
    fixed: Option<bool>,
}

/// Opens `proxy:NAME`.
pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let table = name.trim_start_matches("proxy:");
    let Some((kind, inner)) = specification::split(table) else {
        return Err(OpenError(format!(
            "open dictionary: expecting \"type:name\" form instead of \"{table}\""
        )));
    };
    if options.sensitive || options.direct {
        return super::open(kind, inner, options);
    }
    if kind == "unix" {
        return nearby(table, super::open(kind, inner, options)?, options);
    }
    remote(table, options)
}

/// The system's users, which are the same here and at proxymap as long as this process is in no
/// jail: then nobody has to be asked.
struct Nearby {
    name: String,
    inner: Box<dyn Table>,
    /// The root directory at the time of opening, which is before any jail.
    root: Option<Identity>,
    table: String,
    options: Options,
    /// Opened when the first key is looked up in a jail.
    remote: Option<Box<dyn Table>>,
}

/// Device and inode.
type Identity = (u64, u64);

fn root_directory() -> Option<Identity> {
    let root = std::fs::metadata("/").ok()?;
    Some((root.dev(), root.ino()))
}

fn nearby(table: &str, inner: Box<dyn Table>, options: &Options) -> super::Opened {
    Ok(Box::new(Nearby {
        name: format!("proxy:{table}"),
        inner,
        root: root_directory(),
        table: table.to_owned(),
        options: options.clone(),
        remote: None,
    }))
}

impl Table for Nearby {
    fn get(&mut self, key: &[u8]) -> Found {
        if self.root.is_some() && self.root == root_directory() {
            return self.inner.get(key);
        }
        let remote = match &mut self.remote {
            Some(remote) => remote,
            closed => {
                let opened = remote(&self.table, &self.options);
                closed.insert(opened.map_err(|error| LookupError::Configuration(error.0))?)
            }
        };
        remote.get(key)
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// Opens `type:name` at proxymap.
pub(super) fn remote(table: &str, options: &Options) -> super::Opened {
    let mut flags = TableFlags::LOCK;
    if options.fold {
        flags |= TableFlags::FOLD_FIXED;
    }
    if options.utf8 {
        flags |= TableFlags::UTF8_REQUEST;
    }
    let mut proxy = Proxy {
        name: format!("proxy:{table}"),
        table: table.as_bytes().to_vec(),
        client: options.proxymap(),
        flags,
        fixed: None,
    };
    match proxy.ask(Action::Open) {
        Ok(reply) => proxy.check_opened(&reply).map_err(OpenError)?,
        // Perhaps there is somebody to ask when the first key is looked up.
        Err(error) => log::warning(error),
    }
    Ok(Box::new(proxy))
}

impl Proxy {
    fn ask(&mut self, action: Action) -> Result<Reply, LookupError> {
        let mut client = self.client.borrow_mut();
        client
            .ask(&self.table, self.flags, action)
            .map_err(|error| LookupError::Retry(format!("table {}: {error}", self.name)))
    }

    fn service(&self) -> String {
        let client = self.client.borrow();
        let name = client.name();
        name.rsplit('/').next().unwrap_or(name).to_owned()
    }

    fn check_opened(&mut self, reply: &Reply) -> Result<(), String> {
        let table = self.table.as_bstr();
        match reply.status {
            Status::Ok => {
                self.fixed = Some(!reply.flags.contains(TableFlags::PATTERN));
                Ok(())
            }
            Status::Denied => Err(format!(
                "{} service is not configured for table \"{table}\"",
                self.service()
            )),
            _ => Err(format!(
                "{} open failed for table \"{table}\": invalid request",
                self.service()
            )),
        }
    }

    /// Asks about an opened table; `None` for "not there".
    fn request(&mut self, action: Action) -> Result<Option<Reply>, LookupError> {
        let what = match action {
            Action::Open => "open",
            Action::Lookup { .. } => "lookup",
            Action::Update { .. } => "update",
            Action::Delete { .. } => "delete",
            Action::Sequence { .. } => "sequence",
        };
        let asked = self.ask(action);
        if let Err(error) = &asked {
            log::warning(error);
        }
        let reply = asked?;
        let problem = |why: &str| {
            let table = self.table.as_bstr();
            format!(
                "{} {what} failed for table \"{table}\": {why}",
                self.service()
            )
        };
        match reply.status {
            Status::Ok => Ok(Some(reply)),
            Status::NotFound => Ok(None),
            Status::Retry => Err(LookupError::Retry(problem("temporary error"))),
            Status::Configuration => Err(LookupError::Configuration(problem("table error"))),
            Status::Bad => Err(LookupError::Configuration(problem("invalid request"))),
            Status::Denied => Err(LookupError::Configuration(format!(
                "{} service is not configured for table \"{}\"",
                self.service(),
                self.table.as_bstr()
            ))),
        }
    }
}

impl Table for Proxy {
    fn get(&mut self, key: &[u8]) -> Found {
        if self.fixed.is_none() {
            let reply = self.ask(Action::Open)?;
            self.check_opened(&reply)
                .map_err(LookupError::Configuration)?;
        }
        let key = key.to_vec();
        let found = self.request(Action::Lookup { key })?;
        Ok(found.map(|reply| reply.value))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        self.fixed.unwrap_or(true)
    }

    fn entries(&mut self) -> Listed {
        let mut entries = Vec::new();
        let mut first = true;
        while let Some(reply) = self.request(Action::Sequence { first })? {
            entries.push((reply.key, reply.value));
            first = false;
        }
        Ok(Some(entries))
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), LookupError> {
        let (key, value) = (key.to_vec(), value.to_vec());
        self.request(Action::Update { key, value }).map(drop)
    }

    fn remove(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        let key = key.to_vec();
        self.request(Action::Delete { key })
            .map(|done| done.is_some())
    }
}
