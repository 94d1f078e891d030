// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables made from source files.

use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use runtime::log;
use runtime::text::base64_encode;
use sys::{identity, users};

use super::Target;
use super::run::Input;
use crate::build::{Build, BuildError, Settings};
use crate::source::{Entries, LogicalLines, SourceEntry, Syntax};
use crate::specification;
use crate::types::reason;

/// The longest file that a value may name.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// What the values of a source are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// The values themselves.
    Text,
    /// Names of files whose contents are stored, in base64.
    Files,
}

/// Whose rights and which permissions a new table gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permissions {
    /// With root's rights: become the owner of the source before writing.
    pub(super) as_owner: bool,
    /// Take group and other permissions away that the source does not give.
    pub(super) from_source: bool,
}

/// How a source is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The syntax, and with aliases what else is stored.
    pub(super) aliases: Option<Aliases<'a>>,
    /// What the values are.
    pub(super) content: Content,
    /// Rights and permissions.
    pub(super) permissions: Permissions,
}

/// What every alias database holds besides the aliases.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aliases<'a> {
    /// `myhostname`.
    pub(super) master_name: &'a str,
    /// Now, in seconds since 1970.
    pub(super) now: u64,
}

/// Makes the table of a source file anew.
///
/// # Errors
/// The source cannot be read or the table cannot be written; the old table is untouched.
pub(super) fn rebuild(
    target: &Target,
    source: &Source<'_>,
    settings: &Settings,
) -> Result<(), String> {
    let path = Path::new(&target.name);
    if target.kind == "proxy" {
        return Err("can't create maps via the proxy service".to_owned());
    }
    let file = File::open(path).map_err(|error| open_failed(path, &error))?;
    let metadata = file.metadata().map_err(|error| open_failed(path, &error))?;
    let settings = with_mode(settings, source, &metadata);
    as_owner(source, &metadata, || {
        warn_about_directory(path);
        let build = begin(target, &settings, Build::create)?;
        fill(build, BufReader::new(file), &target.name, source)
    })
}

/// Adds the entries of the standard input to a table that may exist already. The rights and
/// permissions are those of the standard input, if it is a file.
///
/// # Errors
/// As for [`rebuild`].
pub(super) fn update_from(
    target: &Target,
    input: &mut Input<'_>,
    source: &Source<'_>,
    settings: &Settings,
) -> Result<(), String> {
    let text = &mut *input.text;
    let Some(metadata) = &input.metadata else {
        return fill(
            begin(target, settings, Build::update)?,
            text,
            "stdin",
            source,
        );
    };
    let settings = with_mode(settings, source, metadata);
    as_owner(source, metadata, || {
        fill(
            begin(target, &settings, Build::update)?,
            text,
            "stdin",
            source,
        )
    })
}

fn begin(
    target: &Target,
    settings: &Settings,
    how: impl FnOnce(&str, &str, &Settings) -> Result<Build, BuildError>,
) -> Result<Build, String> {
    log::verbose(format_args!("open {} {}", target.kind, target.name));
    if target.kind == "fail" {
        let table = target.specification();
        return Err(format!("table {table}: write error: Application error"));
    }
    how(&target.kind, &target.name, settings).map_err(text)
}

fn text(error: BuildError) -> String {
    error.to_string()
}

fn open_failed(path: &Path, error: &std::io::Error) -> String {
    format!("open {}: {}", path.display(), reason(error))
}

/// New tables give nobody what the source does not give.
fn with_mode(settings: &Settings, source: &Source<'_>, metadata: &Metadata) -> Settings {
    let mut settings = settings.clone();
    if source.permissions.from_source && metadata.is_file() {
        settings.mode &= !(!metadata.mode() & 0o077);
    }
    settings
}

/// With root's rights, acts as the owner of the source: the table then has the same owner, and a
/// source that its owner filled with surprises cannot use root's rights.
fn as_owner<T>(
    source: &Source<'_>,
    metadata: &Metadata,
    act: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    if !source.permissions.as_owner || users::real_uid() != 0 {
        return act();
    }
    identity::with_effective(metadata.uid(), metadata.gid(), act)
        .map_err(|error| format!("seteuid {}: {}", metadata.uid(), reason(&error)))?
}

/// Whoever owns the directory can replace root's table in it.
fn warn_about_directory(path: &Path) {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    if users::effective_uid() == 0
        && let Ok(directory) = parent.metadata()
        && directory.uid() != 0
    {
        log::warning(format_args!(
            "root-owned file {} is in directory {}, which is owned by uid {}",
            path.display(),
            parent.display(),
            directory.uid()
        ));
    }
}

fn fill(
    mut build: Build,
    input: impl BufRead,
    name: &str,
    source: &Source<'_>,
) -> Result<(), String> {
    let syntax = if source.aliases.is_some() {
        Syntax::Aliases
    } else {
        Syntax::Map
    };
    let mut entries = Entries::new(LogicalLines::new(input, name), syntax, build.takes_utf8());
    while let Some(SourceEntry { key, value, line }) = entries
        .next_entry()
        .map_err(|error| format!("read {name}: {}", reason(&error)))?
    {
        match source.content {
            Content::Text => build.add(&key, &value),
            Content::Files => match contents(&value) {
                Ok(value) => build.add(&key, value.as_bytes()),
                Err(problem) => log::warning(format_args!(
                    "{name}, line {line}: {problem}: skipping this entry"
                )),
            },
        }
    }
    if let Some(aliases) = source.aliases {
        // Sendmail looks for the first of them to see that a database is complete; the two others
        // are for NIS, which wants them as they are.
        build.replace(b"@", b"@");
        build.add_exactly(
            b"YP_LAST_MODIFIED",
            format!("{:010}", aliases.now).as_bytes(),
        );
        build.add_exactly(b"YP_MASTER_NAME", aliases.master_name.as_bytes());
    }
    build.commit().map_err(text)
}

/// The contents of the named files, with a line end between them, in base64.
fn contents(names: &[u8]) -> Result<String, String> {
    let names = std::str::from_utf8(names).map_err(|_not_text| "bad file name".to_owned())?;
    let mut parts = Vec::new();
    for name in specification::words(names) {
        let path = PathBuf::from(name);
        let mut part = Vec::new();
        let read = File::open(&path)
            .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut part))
            .map_err(|error| open_failed(&path, &error))?;
        if read as u64 > FILE_LIMIT {
            return Err(format!("{name}: file is too long"));
        }
        parts.push(part);
    }
    Ok(base64_encode(&parts.join(&b'\n')))
}
