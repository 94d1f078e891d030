// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists of what this system is able to do: `-a`, `-A`, `-l`, `-m`, `-T`.
//!
//! *Postfix:* `postconf/postconf_other`.

use std::collections::BTreeSet;

use runtime::log;

use crate::Failure;
use crate::options::Listing;

/// The words of a list.
pub(crate) fn words(listing: &Listing) -> Result<Vec<&'static str>, Failure> {
    Ok(match listing {
        Listing::TableTypes => TABLE_TYPES
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        Listing::LockMethods => vec!["flock", "fcntl", "dotlock"],
        // Nothing is offered until there is something that answers.
        Listing::ServerSasl | Listing::ClientSasl => Vec::new(),
        Listing::Tls(mode) => match mode.as_str() {
            // As from an original that was built without TLS.
            "compile-version" | "run-version" | "public-key-algorithms" => Vec::new(),
            _ => {
                log::warning(format_args!("unknown 'postconf -T' mode: {mode}"));
                return Err(Failure::Silent);
            }
        },
    })
}

/// The table types there are.
const TABLE_TYPES: [&str; 10] = [
    "btree", "cdb", "environ", "fail", "hash", "inline", "lmdb", "static", "texthash", "unix",
];
