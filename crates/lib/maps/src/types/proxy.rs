// SPDX-License-Identifier: MIT OR Apache-2.0
//! `proxy:type:name`: the table itself, opened in this process.
//!
//! *Bugs:* there is no proxymap(8) yet, so that a process inside a jail sees what it can open
//! before it enters; `proxy:unix:passwd.byname` needs the system's files in the jail.
//!
//! *Postfix:* dict_proxy(3).

use crate::{Found, Listed, OpenError, Options, Owner, Table, specification};

struct Proxy {
    name: String,
    inner: Box<dyn Table>,
}

pub(super) fn open(name: &str, options: &Options) -> super::Opened {
    let Some((kind, inner)) = specification::split(name) else {
        return Err(OpenError(format!(
            "open dictionary: expecting \"type:name\" form instead of \"{name}\""
        )));
    };
    if kind == "proxy" {
        return Err(OpenError(format!(
            "proxy:{name}: a proxy of a proxy is not supported"
        )));
    }
    let inner = super::open(kind, inner, options)?;
    Ok(Box::new(Proxy {
        name: format!("proxy:{name}"),
        inner,
    }))
}

impl Table for Proxy {
    fn get(&mut self, key: &[u8]) -> Found {
        self.inner.get(key)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        self.inner.is_fixed()
    }

    fn owner(&self) -> Owner {
        self.inner.owner()
    }

    fn changed(&self) -> bool {
        self.inner.changed()
    }

    fn entries(&mut self) -> Listed {
        self.inner.entries()
    }
}
