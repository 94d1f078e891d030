// SPDX-License-Identifier: MIT OR Apache-2.0
//! The token that exists only in the jail, and the way into it.
//!
//! *Invariants*: [`Jail`] has no public constructor but the one for tests; [`enter`] makes one
//! after the root directory and the user were changed for good. Becoming the user one already is
//! is checked, and then nothing: that is how an ordinary user runs the whole system.
//!
//! *Postfix:* util/chroot_uid(3).

use ipc::client::{Class, Endpoint};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

/// Proof that the process has given up what it does not need.
pub struct Jail {
    service: String,
    ipc_timeout: Duration,
    fakes: HashMap<String, Endpoint>,
}

impl Jail {
    /// A jail for tests.
    #[must_use]
    pub fn for_test(service: &str) -> Jail {
        let (service, ipc_timeout) = (service.to_owned(), Duration::from_secs(10));
        Jail {
            service,
            ipc_timeout,
            fakes: HashMap::new(),
        }
    }

    /// Puts a stand-in in the place of a service (`private/bounce`), for tests.
    #[must_use]
    pub fn with_fake(mut self, endpoint: Endpoint) -> Jail {
        self.fakes.insert(endpoint.name().to_owned(), endpoint);
        self
    }

    /// The service's name in `master.cf`.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// `ipc_timeout`: how long internal conversations may wait.
    #[must_use]
    pub fn ipc_timeout(&self) -> Duration {
        self.ipc_timeout
    }

    /// A private service of this mail system.
    #[must_use]
    pub fn private(&self, service: &str) -> Endpoint {
        self.endpoint(Class::Private, service)
    }

    /// A public service of this mail system.
    #[must_use]
    pub fn public(&self, service: &str) -> Endpoint {
        self.endpoint(Class::Public, service)
    }

    fn endpoint(&self, class: Class, service: &str) -> Endpoint {
        let endpoint = Endpoint::new(class, service);
        self.fakes.get(endpoint.name()).cloned().unwrap_or(endpoint)
    }
}

/// What is to be given up.
pub(crate) struct Confinement<'a> {
    pub(crate) service: &'a str,
    pub(crate) ipc_timeout: Duration,
    /// Change the root directory to this one.
    pub(crate) root: Option<&'a Path>,
    /// Become this user: uid and gid.
    pub(crate) user: Option<(u32, u32)>,
    pub(crate) no_new_privileges: bool,
}

/// Gives up what is to be given up.
pub(crate) fn enter(confinement: &Confinement<'_>) -> Result<Jail, String> {
    if let Some(root) = confinement.root {
        sys::identity::chroot(root)
            .map_err(|error| format!("chroot({}): {error}", root.display()))?;
    }
    if let Some((uid, gid)) = confinement.user {
        sys::identity::become_user(uid, gid).map_err(|error| format!("setuid({uid}): {error}"))?;
    }
    if confinement.no_new_privileges {
        // An old kernel without this is no reason to refuse service.
        let _ = sys::identity::no_new_privileges();
    }
    Ok(Jail {
        service: confinement.service.to_owned(),
        ipc_timeout: confinement.ipc_timeout,
        fakes: HashMap::new(),
    })
}
