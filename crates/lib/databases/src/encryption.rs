// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encrypted connections to servers, where their protocols have agreed on one.
//!
//! Files with certificates are read for each connection, so that renewed ones are used without a
//! restart; a file that cannot be used is trouble with the server, and a temporary error.

use maps::remote::{Address, Settings};
use runtime::stream::Stream;
use tls::{Client, ClientSettings};

use crate::pool::CONNECT_LIMIT;

/// A stream to a server, encrypted from here on.
pub(crate) fn encrypt(
    stream: Stream,
    address: &Address,
    settings: &ClientSettings,
) -> Result<Stream, String> {
    let name = match address {
        Address::Inet(host, _) => host,
        Address::Unix(_) => "localhost",
    };
    Client::open(settings)?.connect(stream, name, CONNECT_LIMIT)
}

/// The files that a table's settings name: authorities, a directory of them where there is no
/// file, and the certificate to show with its key. Without authorities those of the system count.
pub(crate) fn files(
    settings: &Settings,
    [authorities, directory, certificate, key]: [&str; 4],
) -> Result<ClientSettings, maps::OpenError> {
    let path = |name: &str| {
        let text = settings.given(name)?.filter(|text| !text.is_empty());
        Ok(text.map(Into::into))
    };
    let file = path(authorities)?;
    let directory = path(directory)?.filter(|_| file.is_none());
    let own = match (path(certificate)?, path(key)?) {
        (None, None) => None,
        (Some(certificate), Some(key)) => Some((certificate, key)),
        _ => {
            let table = settings.table();
            let why = format!("{table}: {certificate} and {key} need each other");
            return Err(maps::OpenError(why));
        }
    };
    Ok(ClientSettings {
        system: file.is_none() && directory.is_none(),
        authorities: file,
        directory,
        own,
        ..ClientSettings::default()
    })
}
