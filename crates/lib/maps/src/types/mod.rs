// SPDX-License-Identifier: MIT OR Apache-2.0
//! The table types: one file each. A new type is one line in `open` (and in `writers`, if
//! postmap can make it).

pub(crate) mod cdb;
mod cidr;
mod combined;
mod debug;
mod environ;
mod expressions;
mod fail;
pub(crate) mod hash;
#[cfg(test)]
mod hostile;
pub(crate) mod indexed;
mod inline;
pub(crate) mod lmdb;
mod memcache;
mod migration;
mod pcre;
mod proxy;
mod randmap;
mod regexp;
mod rules;
mod socketmap;
mod static_;
mod tcp;
mod template;
mod texthash;
mod unix;
mod writable;

use std::path::{Path, PathBuf};

use combined::Way;

use crate::{OpenError, Options, Table, specification};

/// A table, or why it cannot be opened.
pub type Opened = Result<Box<dyn Table>, OpenError>;

/// Opens a table of the named type.
pub(crate) fn open(kind: &str, name: &str, options: &Options) -> Opened {
    if matches!(kind, "btree" | "hash")
        && let Some(opened) = migration::open(kind, name, options)
    {
        return opened;
    }
    match kind {
        "btree" | "hash" | "lmdb" if options.writable => writable::open(kind, name, options),
        "btree" => hash::open(berkeley::Kind::Btree, name, options),
        "cdb" => cdb::open(name, options),
        "cidr" => cidr::open(name),
        "debug" => debug::open(name, options),
        "environ" => Ok(Box::new(environ::Environ::new(name))),
        "fail" => Ok(Box::new(fail::Fail::new(name))),
        "hash" => hash::open(berkeley::Kind::Hash, name, options),
        "inline" => inline::open(name, options),
        "ldap" | "mysql" | "pgsql" | "sqlite" => match options.databases {
            Some(databases) => databases(kind, name, options),
            // Programs without clients of databases ask the one that has them.
            None => proxy::remote(&format!("{kind}:{name}"), options),
        },
        "internal" => inline::internal(name),
        "lmdb" => lmdb::open(name, options),
        "memcache" => memcache::open(name, options),
        "pcre" => expressions::open::<pcre::Perl>(name, options),
        "pipemap" => combined::open(Way::Pipe, name, options),
        "proxy" => proxy::open(name, options),
        "randmap" => randmap::open(name),
        "regexp" => expressions::open::<regexp::Posix>(name, options),
        "socketmap" => socketmap::open(name, options),
        "static" => Ok(Box::new(static_::Static::new(name)?)),
        "tcp" => tcp::open(name, options),
        "texthash" => texthash::open(name, options),
        "unionmap" => combined::open(Way::Union, name, options),
        "unix" => unix::open(name),
        _ => Err(OpenError(format!("unsupported dictionary type: {kind}"))),
    }
}

/// Opens `type:name`, with nothing of what every table of a program gets.
fn open_named(specification: &str, options: &Options) -> Opened {
    match specification::split(specification) {
        Some((kind, name)) => open(kind, name, options),
        None => Err(OpenError(format!(
            "open dictionary: expecting \"type:name\" form instead of \"{specification}\""
        ))),
    }
}

/// The path of a table's file: the name with a suffix.
pub(crate) fn with_suffix(name: &Path, suffix: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(suffix);
    PathBuf::from(path)
}

/// The text of an error of the operating system, without Rust's "(os error N)".
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// "open database FILE: reason", as every type with a file says it.
pub(crate) fn cannot_open(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError(format!(
        "open database {}: {}",
        path.display(),
        reason(error)
    ))
}

/// Values end at the first terminator, however they are stored.
pub(crate) fn until_nul(mut value: Vec<u8>) -> Vec<u8> {
    if let Some(end) = value.iter().position(|byte| *byte == 0) {
        value.truncate(end);
    }
    value
}
