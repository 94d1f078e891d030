// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the text of a parameter becomes: the value types of the table.
//!
//! *Errors*: a text that does not fit its type or its bounds is a [`ConfigError::Value`] in
//! the words of the original.
//!
//! *Postfix:* `global/mail_conf_{bool,int,long,time,str,raw}`.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::ConfigError;
use crate::table::Spec;

/// A type of parameter value: a marker that says how the text is read.
pub trait ValueType {
    /// What a program gets.
    type Value;
    /// Whether `$name` stays as it is, to be expanded later with other names.
    const RAW: bool = false;
    /// Reads the (expanded) `text` of the parameter called `name`.
    fn parse(name: &str, text: &str, spec: &Spec) -> Result<Self::Value, ConfigError>;
}

macro_rules! texts {
    ($($(#[$doc:meta])* $kind:ident raw $raw:literal;)*) => {$(
        $(#[$doc])*
        pub struct $kind;
        impl ValueType for $kind {
            type Value = String;
            const RAW: bool = $raw;
            fn parse(_name: &str, text: &str, _spec: &Spec) -> Result<String, ConfigError> {
                Ok(text.to_string())
            }
        }
    )*};
}

texts! {
    /// Free text.
    Text raw false;
    /// Free text that is expanded later, with names of the place where it is used.
    Raw raw true;
    /// Words separated by comma or white space, often a match list.
    List raw false;
    /// Lookup tables, `type:name`, separated by comma or white space.
    Tables raw false;
    /// A transport, nexthop or service end point.
    Service raw false;
}

/// A file or directory name.
pub struct Path;
impl ValueType for Path {
    type Value = PathBuf;
    fn parse(_name: &str, text: &str, _spec: &Spec) -> Result<PathBuf, ConfigError> {
        Ok(PathBuf::from(text))
    }
}

/// `yes` or `no`.
pub struct Flag;
impl ValueType for Flag {
    type Value = bool;
    fn parse(name: &str, text: &str, _spec: &Spec) -> Result<bool, ConfigError> {
        if text.eq_ignore_ascii_case("yes") {
            Ok(true)
        } else if text.eq_ignore_ascii_case("no") {
            Ok(false)
        } else {
            Err(ConfigError::Value(format!(
                "bad boolean configuration: {name} = {text}"
            )))
        }
    }
}

/// A decimal number.
pub struct Int;
impl ValueType for Int {
    type Value = i32;
    fn parse(name: &str, text: &str, _spec: &Spec) -> Result<i32, ConfigError> {
        text.parse().map_err(|_| {
            ConfigError::Value(format!("bad numerical configuration: {name} = {text}"))
        })
    }
}

/// A number of bytes.
pub struct Size;
impl ValueType for Size {
    type Value = u64;
    fn parse(name: &str, text: &str, _spec: &Spec) -> Result<u64, ConfigError> {
        text.parse().map_err(|_| {
            ConfigError::Value(format!("bad numerical configuration: {name} = {text}"))
        })
    }
}

/// A length of time: a number with an optional unit (s, m, h, d, w).
pub struct Time;
impl ValueType for Time {
    type Value = Duration;
    fn parse(name: &str, text: &str, _spec: &Spec) -> Result<Duration, ConfigError> {
        let bad = || ConfigError::Value(format!("bad time value: {name} = {text}"));
        text.trim_end_matches('s')
            .parse()
            .map(Duration::from_secs)
            .map_err(|_| bad())
    }
}
