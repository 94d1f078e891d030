// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lookups, deletions and listings.

use std::io::{BufRead, Write};

use bstr::ByteSlice;
use runtime::log;
use runtime::text::base64_decode;

use super::message::{self, MessageKeys};
use super::print::{Style, write_entry};
use super::{Content, Target};
use crate::build::{Build, Settings};
use crate::format::Format;
use crate::types::reason;
use crate::{LookupError, Options, Table};

/// How many bytes of standard input a key may have.
const KEY_LIMIT: u64 = 1024 * 1024;

fn io_text(error: std::io::Error) -> String {
    reason(&error)
}

/// Tables that are asked in order, and where the answers go. A table is opened when it is first
/// asked.
pub(super) struct Queries<'a> {
    targets: &'a [Target],
    options: &'a Options,
    content: Content,
    style: Style,
    out: &'a mut dyn Write,
    open: Vec<Box<dyn Table>>,
}

impl<'a> Queries<'a> {
    pub(super) fn new(
        targets: &'a [Target],
        options: &'a Options,
        content: Content,
        style: Style,
        out: &'a mut dyn Write,
    ) -> Self {
        Self {
            targets,
            options,
            content,
            style,
            out,
            open: Vec::new(),
        }
    }

    /// Prints the value of `key` in the first table that has it; tells whether one has.
    ///
    /// # Errors
    /// A table cannot be opened or fails, or the output fails.
    pub(super) fn one(&mut self, key: &[u8]) -> Result<bool, String> {
        let Some(value) = self.find(key)? else {
            return Ok(false);
        };
        match self.style {
            Style::Json => write_entry(self.out, self.style, key, &value),
            Style::Map | Style::Aliases => self.out.write_all(&[&value[..], b"\n"].concat()),
        }
        .map_err(io_text)?;
        Ok(true)
    }

    /// Reads keys, one on a line, and prints those that are found with their values; tells
    /// whether any was.
    ///
    /// # Errors
    /// As for [`Queries::one`].
    pub(super) fn lines(&mut self, input: &mut dyn BufRead) -> Result<bool, String> {
        let mut any = false;
        while let Some(key) = next_key(input)? {
            any |= self.pair(&key)?;
        }
        Ok(any)
    }

    /// Reads a message, and prints its headers or body lines that are found with their values;
    /// tells whether any was.
    ///
    /// # Errors
    /// As for [`Queries::one`].
    pub(super) fn message(
        &mut self,
        input: &mut dyn BufRead,
        keys: MessageKeys,
    ) -> Result<bool, String> {
        let mut any = false;
        message::for_each(input, keys, |key| {
            any |= self.pair(key)?;
            Ok(())
        })?;
        Ok(any)
    }

    fn pair(&mut self, key: &[u8]) -> Result<bool, String> {
        let Some(value) = self.find(key)? else {
            return Ok(false);
        };
        write_entry(self.out, self.style, key, &value).map_err(io_text)?;
        Ok(true)
    }

    /// The value of a key in the first table that has it.
    fn find(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        for (place, target) in self.targets.iter().enumerate() {
            if self.open.len() <= place {
                self.open.push(target.open(self.options)?);
            }
            let Some(table) = self.open.get_mut(place) else {
                continue;
            };
            if let Some(value) = look_up(&mut **table, key, self.content)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Prints all entries of the first table; there may be none.
    ///
    /// # Errors
    /// The table cannot be opened, read or listed, or the output fails.
    pub(super) fn list(&mut self) -> Result<bool, String> {
        let Some(target) = self.targets.first() else {
            return Ok(false);
        };
        if target.kind == "proxy" {
            return Err("can't sequence maps via the proxy service".to_owned());
        }
        let mut table = target.open(self.options)?;
        let name = table.name().to_owned();
        let entries = table
            .entries()
            .map_err(|error| format!("table {name}: sequence error: {error}"))?
            .ok_or_else(|| format!("table {name}: sequence operation is not supported"))?;
        for (key, value) in entries {
            let Some(value) = decode(&name, &key, value, self.content) else {
                continue;
            };
            if key.is_empty() {
                let table = target.specification();
                log::warning(format_args!(
                    "table {table}: empty lookup key value is not allowed"
                ));
            } else if value.is_empty() {
                warn_about_empty_value(&target.specification(), &key);
            }
            write_entry(self.out, self.style, &key, &value).map_err(io_text)?;
        }
        Ok(true)
    }
}

/// The value of one key in one table.
fn look_up(table: &mut dyn Table, key: &[u8], content: Content) -> Result<Option<Vec<u8>>, String> {
    let query_error = |table: &dyn Table| format!("table {}: query error", table.name());
    let found = table.get(key).map_err(|error| match error {
        LookupError::Retry(why) => format!("{}: {why}", query_error(table)),
        LookupError::Configuration(_) => query_error(table),
    })?;
    let Some(value) = found else { return Ok(None) };
    if value.is_empty() {
        warn_about_empty_value(table.name(), key);
    }
    decode(table.name(), key, value, content)
        .map(Some)
        .ok_or_else(|| query_error(table))
}

fn warn_about_empty_value(table: &str, key: &[u8]) {
    log::warning(format_args!(
        "table {table}: key {}: empty string result is not allowed",
        key.as_bstr()
    ));
    log::warning(format_args!(
        "table {table} should return NO RESULT in case of NOT FOUND"
    ));
}

/// The value itself, or what its base64 stands for; a warning says why it is neither.
fn decode(table: &str, key: &[u8], value: Vec<u8>, content: Content) -> Option<Vec<u8>> {
    match content {
        Content::Text => Some(value),
        Content::Files => {
            let decoded = base64_decode(&value);
            if decoded.is_none() {
                log::warning(format_args!(
                    "table {table}: key {}: malformed BASE64 value: {}",
                    key.as_bstr(),
                    value.as_bstr()
                ));
            }
            decoded
        }
    }
}

fn next_key(input: &mut dyn BufRead) -> Result<Option<Vec<u8>>, String> {
    let mut key = Vec::new();
    let mut limited = std::io::Read::take(input, KEY_LIMIT);
    if limited.read_until(b'\n', &mut key).map_err(io_text)? == 0 {
        return Ok(None);
    }
    if key.last() == Some(&b'\n') {
        key.pop();
    }
    Ok(Some(key))
}

/// Deletes keys from all tables; tells whether any was there.
///
/// # Errors
/// A table cannot be opened, does not support it, or cannot be written.
pub(super) fn delete(
    targets: &[Target],
    keys: &[Vec<u8>],
    settings: &Settings,
) -> Result<bool, String> {
    let mut any = false;
    for target in targets {
        let table = target.specification();
        if target.kind == "fail" {
            return Err(format!("table {table}: delete error: Application error"));
        }
        if Format::of(&target.kind).is_err() {
            any |= delete_online(target, keys, settings)?;
            continue;
        }
        let mut build = Build::update(&target.kind, &target.name, settings)
            .map_err(|error| error.to_string())?;
        if !build.existed() {
            return Err(build.missing());
        }
        let mut removed = false;
        for key in keys {
            removed |= build.remove(key);
        }
        if removed {
            build.commit().map_err(|error| error.to_string())?;
        }
        any |= removed;
    }
    Ok(any)
}

/// Deletes keys of a table that is not made by writing a file.
fn delete_online(target: &Target, keys: &[Vec<u8>], settings: &Settings) -> Result<bool, String> {
    if Format::is_read_only(&target.kind) {
        let table = target.specification();
        return Err(format!("{table} map requires O_RDONLY access mode"));
    }
    let mut options = settings.stored.clone();
    options.writable = true;
    let mut table = target.open(&options)?;
    let mut any = false;
    for key in keys {
        any |= table.remove(key).map_err(|error| error.to_string())?;
    }
    Ok(any)
}

/// Reads keys, one on a line.
///
/// # Errors
/// The input fails.
pub(super) fn keys(input: &mut dyn BufRead) -> Result<Vec<Vec<u8>>, String> {
    let mut keys = Vec::new();
    while let Some(key) = next_key(input)? {
        keys.push(key);
    }
    Ok(keys)
}
