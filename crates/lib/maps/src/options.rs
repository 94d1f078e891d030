// SPDX-License-Identifier: MIT OR Apache-2.0
//! How tables are opened, and what their types read from `main.cf`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use bstr::ByteSlice;
use config::MainCf;
use ipc::client::Endpoint;
use ipc::services::proxymap::Client;
use mail::text::{casefold, is_utf8};
use runtime::log;

use crate::Opened;
use crate::types::indexed::Terminator;

config::select! {
    /// What table types need to know; programs that open tables embed it in what they read.
    #[derive(Debug, Clone)]
    pub struct Params {
        daemon_table_open_error_is_fatal,
        default_cache_db_type,
        default_database_type,
        ipc_idle,
        ipc_timeout,
        ipc_ttl,
        non_bdb_custom_mapping,
        non_bdb_migration_level,
        non_bdb_migration_log_redirect,
        proxymap_service_name,
        proxywrite_service_name,
        queue_directory,
        smtputf8_enable,
        socketmap_max_query_size,
        socketmap_max_reply_size,
    }
}

/// Opens a table of a type whose client is a library of its own (`ldap`, `mysql`, `pgsql`,
/// `sqlite`), given type, name and options.
pub type Databases = fn(&str, &str, &Options) -> Opened;

/// How tables are opened.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Compare keys of fixed-string tables without regard to case (default: yes).
    pub fold: bool,
    /// Keys and values must be UTF-8 (`smtputf8_enable`; default: yes).
    pub utf8: bool,
    /// Report a table that cannot be opened (`daemon_table_open_error_is_fatal`; default: no).
    pub open_error_is_fatal: bool,
    /// What the table says is done with somebody's rights: a command, a file, a user id. Tables
    /// that anybody could have written are refused, and `proxy:` opens the table itself.
    pub sensitive: bool,
    /// `proxy:` opens the table itself: this is the program that does it for others.
    pub direct: bool,
    /// The table shall be changed; types that can be are created when they are not there.
    pub writable: bool,
    /// How keys and values are stored in files (default: either way).
    pub terminator: Terminator,
    /// The clients of databases that this program carries. Without them such tables are asked
    /// for through proxymap(8).
    pub databases: Option<Databases>,
    surroundings: Rc<Surroundings>,
}

/// What all tables of a program share.
struct Surroundings {
    params: Params,
    main_cf: Option<MainCf>,
    readers: Shared,
    writers: Shared,
}

/// A connection that is made when the first table needs it.
type Shared = RefCell<Option<Rc<RefCell<Client>>>>;

impl Options {
    /// The defaults of the original.
    ///
    /// # Panics
    /// Never: defaults can be read.
    pub fn new() -> Self {
        let nothing = MainCf::from_text(Path::new("/"), "").and_then(|main| Params::load(&main));
        #[expect(clippy::expect_used, reason = "declared defaults are of their types")]
        let mut options = Self::of(&nothing.expect("defaults"));
        options.utf8 = true;
        options
    }

    /// As the configuration says.
    pub fn of(params: &Params) -> Self {
        Self {
            fold: true,
            utf8: params.smtputf8_enable,
            open_error_is_fatal: params.daemon_table_open_error_is_fatal,
            sensitive: false,
            direct: false,
            writable: false,
            terminator: Terminator::Usual,
            databases: None,
            surroundings: Rc::new(Surroundings {
                params: params.clone(),
                main_cf: None,
                readers: RefCell::default(),
                writers: RefCell::default(),
            }),
        }
    }

    /// Lets tables read their settings from `main.cf`: `pgsql:name` means `name_hosts` and so on.
    #[must_use]
    pub fn with_main_cf(mut self, main_cf: &MainCf) -> Self {
        self.surroundings = Rc::new(Surroundings {
            params: self.surroundings.params.clone(),
            main_cf: Some(main_cf.clone()),
            readers: RefCell::default(),
            writers: RefCell::default(),
        });
        self
    }

    /// The key as fixed-string tables have it.
    pub(crate) fn folded<'k>(&self, key: &'k [u8]) -> Cow<'k, [u8]> {
        match (self.fold, self.utf8) {
            (false, _) => Cow::Borrowed(key),
            (true, true) => Cow::Owned(casefold(key)),
            (true, false) => Cow::Owned(key.to_ascii_lowercase()),
        }
    }

    /// Whether a key can be in the table of that name; if not, a warning says why.
    pub(crate) fn accepts(&self, table: &str, key: &[u8]) -> bool {
        let accepted = !self.utf8 || is_utf8(key);
        if !accepted {
            log::warning(format_args!(
                "{table}: non-UTF-8 key \"{}\": malformed UTF-8 or invalid codepoint",
                key.as_bstr()
            ));
        }
        accepted
    }

    /// What the configuration says about table types.
    pub fn params(&self) -> &Params {
        &self.surroundings.params
    }

    /// `main.cf`, if this program lets tables read it.
    pub fn main_cf(&self) -> Option<&MainCf> {
        self.surroundings.main_cf.as_ref()
    }

    /// The connection to proxymap, or to proxywrite for tables that shall be changed.
    pub(crate) fn proxymap(&self) -> Rc<RefCell<Client>> {
        let params = self.params();
        let (shared, service) = if self.writable {
            (&self.surroundings.writers, &params.proxywrite_service_name)
        } else {
            (&self.surroundings.readers, &params.proxymap_service_name)
        };
        let mut shared = shared.borrow_mut();
        let client = shared.get_or_insert_with(|| {
            let mut endpoint = Endpoint::private(service);
            // Commands do not work in the queue directory.
            if !endpoint.path().exists() {
                endpoint = endpoint.under(Path::new(&params.queue_directory));
            }
            let client = Client::new(
                endpoint,
                params.ipc_timeout,
                params.ipc_idle,
                params.ipc_ttl,
            );
            Rc::new(RefCell::new(client))
        });
        Rc::clone(client)
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("fold", &self.fold)
            .field("utf8", &self.utf8)
            .field("open_error_is_fatal", &self.open_error_is_fatal)
            .field("sensitive", &self.sensitive)
            .field("direct", &self.direct)
            .field("writable", &self.writable)
            .finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
