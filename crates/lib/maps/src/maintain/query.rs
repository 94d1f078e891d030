// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lookups, deletions and listings.

use std::io::{BufRead, Write};

use bstr::ByteSlice;
use runtime::log;
use runtime::text::base64_decode;

use super::print::{Style, write_entry};
use super::{Content, Target};
use crate::build::{Build, Settings};
use crate::types::reason;
use crate::{LookupError, Options, Table};

/// How many bytes of standard input a key may have.
const KEY_LIMIT: u64 = 1024 * 1024;

fn io_text(error: std::io::Error) -> String {
    reason(&error)
}

/// The value of one key in one table.
fn look_up(table: &mut dyn Table, key: &[u8], content: Content) -> Result<Option<Vec<u8>>, String> {
    let found = table.get(key).map_err(|error| match error {
        LookupError::Retry(why) => format!("table {}: query error: {why}", table.name()),
        LookupError::Configuration(_) => format!("table {}: query error", table.name()),
    })?;
    let Some(value) = found else { return Ok(None) };
    if value.is_empty() {
        log::warning(format_args!(
            "table {}: key {}: empty string result is not allowed",
            table.name(),
            key.as_bstr()
        ));
        log::warning(format_args!(
            "table {} should return NO RESULT in case of NOT FOUND",
            table.name()
        ));
    }
    decode(table.name(), key, value, content).map(Some)
}

fn decode(table: &str, key: &[u8], value: Vec<u8>, content: Content) -> Result<Vec<u8>, String> {
    match content {
        Content::Text => Ok(value),
        Content::Files => base64_decode(&value).ok_or_else(|| {
            log::warning(format_args!(
                "table {table}: key {}: malformed BASE64 value: {}",
                key.as_bstr(),
                value.as_bstr()
            ));
            format!("table {table}: query error")
        }),
    }
}

/// Prints the value of `key` in the first table that has it; tells whether one has.
///
/// # Errors
/// A table cannot be opened or fails, or the output fails.
pub fn query(
    targets: &[Target],
    key: &[u8],
    options: &Options,
    content: Content,
    style: Style,
    out: &mut dyn Write,
) -> Result<bool, String> {
    for target in targets {
        let mut table = target.open(options)?;
        if let Some(value) = look_up(&mut *table, key, content)? {
            match style {
                Style::Json => write_entry(out, style, key, &value),
                Style::Map | Style::Aliases => out.write_all(&[&value[..], b"\n"].concat()),
            }
            .map_err(io_text)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads keys, one on a line, and prints those that are found with their values; tells whether
/// any was.
///
/// # Errors
/// As for [`query`].
pub fn query_lines(
    targets: &[Target],
    input: &mut dyn BufRead,
    options: &Options,
    content: Content,
    style: Style,
    out: &mut dyn Write,
) -> Result<bool, String> {
    let mut tables = Vec::new();
    for target in targets {
        tables.push(target.open(options)?);
    }
    let mut any = false;
    while let Some(key) = next_key(input)? {
        for table in &mut tables {
            if let Some(value) = look_up(&mut **table, &key, content)? {
                write_entry(out, style, &key, &value).map_err(io_text)?;
                any = true;
                break;
            }
        }
    }
    Ok(any)
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
pub fn delete(
    targets: &[Target],
    keys: &[Vec<u8>],
    options: &Options,
    settings: &Settings,
) -> Result<bool, String> {
    let mut any = false;
    for target in targets {
        if !matches!(target.kind.as_str(), "hash" | "btree" | "lmdb" | "cdb") {
            let table = target.open(options)?;
            return Err(format!(
                "table {}: delete operation is not supported",
                table.name()
            ));
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

/// Reads keys, one on a line.
///
/// # Errors
/// The input fails.
pub fn keys(input: &mut dyn BufRead) -> Result<Vec<Vec<u8>>, String> {
    let mut keys = Vec::new();
    while let Some(key) = next_key(input)? {
        keys.push(key);
    }
    Ok(keys)
}

/// Prints all entries of a table.
///
/// # Errors
/// The table cannot be opened, read or listed, or the output fails.
pub fn list(
    target: &Target,
    options: &Options,
    content: Content,
    style: Style,
    out: &mut dyn Write,
) -> Result<(), String> {
    let mut table = target.open(options)?;
    let entries = table
        .entries()
        .map_err(|error| format!("table {}: sequence error: {error}", table.name()))?
        .ok_or_else(|| {
            format!(
                "table {}: sequence operation is not supported",
                table.name()
            )
        })?;
    for (key, value) in entries {
        let value = decode(table.name(), &key, value, content)?;
        write_entry(out, style, &key, &value).map_err(io_text)?;
    }
    Ok(())
}
