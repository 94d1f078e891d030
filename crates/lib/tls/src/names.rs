// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates of their own for the names that clients ask for: `tls_server_sni_maps`.
//!
//! *Invariants:* the name is a host name, made so by the library, before a table sees it.
//!
//! *Bugs:* a table that names files, and not their contents (`postmap -F`), needs files that can
//! be read from inside the jail.
//!
//! *Postfix:* server_sni_callback of tls_server(3).

use std::cell::RefCell;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use maps::Maps;
use runtime::log;
use runtime::text::base64_decode;
use rustls::sign::CertifiedKey;

use crate::keys::{Source, from_pem};
use crate::watch::Watch;

/// The tables.
pub(crate) struct Names(RefCell<Maps>);

impl Names {
    pub(crate) fn new(maps: Maps) -> Option<Names> {
        (!maps.is_empty()).then(|| Names(RefCell::new(maps)))
    }

    /// The name of a table that changed.
    pub(crate) fn changed(&self) -> Option<String> {
        self.0.borrow().changed().map(str::to_owned)
    }

    /// The keys for a name; none for a name that is not in the tables.
    ///
    /// # Errors
    /// A table cannot be asked, or what it says is of no use. It is logged.
    pub(crate) fn find(
        &self,
        name: &str,
        client: &dyn Display,
    ) -> Result<Option<Vec<Arc<CertifiedKey>>>, String> {
        let mut maps = self.0.borrow_mut();
        let name = name.to_ascii_lowercase();
        // The name, then `.parent`, up to the last label.
        let parents = name.match_indices('.').filter_map(|(at, _)| name.get(at..));
        for key in std::iter::once(name.as_str()).chain(parents) {
            match maps.get(key.as_bytes()) {
                Ok(Some(value)) => return load(&name, &value).map(Some),
                Ok(None) => {}
                Err(error) => {
                    let title = maps.title();
                    log::warning(format_args!("{title}: {name} map lookup problem: {error}"));
                    return Err("unrecognized name".to_owned());
                }
            }
        }
        log::info(format_args!(
            "TLS SNI {name} from {client} not matched, using default chain"
        ));
        Ok(None)
    }
}

/// What a table says: the content of files, or their names.
fn load(name: &str, value: &[u8]) -> Result<Vec<Arc<CertifiedKey>>, String> {
    let title = format!("SNI data for {name}");
    let keys = match base64_decode(value.trim_ascii()) {
        Some(pem) => from_pem(&pem, &title),
        None => {
            let files = String::from_utf8_lossy(value);
            let files = config::value::words(&files).map(PathBuf::from).collect();
            Source::Chains(files).load(&mut Watch::default())
        }
    };
    keys.map_err(|error| {
        log::warning(format_args!(
            "error loading private keys and certificates from: {title}: {error}: aborting TLS \
             handshake"
        ));
        "unrecognized name".to_owned()
    })
}
