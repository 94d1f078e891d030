// SPDX-License-Identifier: MIT OR Apache-2.0
//! Parameters of main.cf, and warnings about names that mean nothing.
//!
//! *Postfix:* `postconf/postconf_main`, `postconf_print`, `postconf_unused`.

use config::table::{Kind, Spec, Standing};
use config::{MainCf, inspect, params};
use runtime::log;

use crate::known::{Origin, find, is_raw};
use crate::options::{Action, Request};
use crate::services::{Entry, print};
use crate::{Failure, file};

/// Prints the parameters that the request asks for.
pub(crate) fn parameters(
    main_cf: &MainCf,
    entries: &[Entry],
    request: &Request,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let known = find(main_cf, entries);
    let shown = Shown { main_cf, request };
    if request.names.is_empty() {
        for (name, origin) in &known.names {
            let classes = request.classes;
            let wanted = match origin {
                Origin::Builtin(_) => classes.builtin,
                Origin::Service(_) => classes.service,
                Origin::User => classes.user,
            };
            if wanted {
                shown.one(name, *origin, out)?;
            }
        }
        return Ok(());
    }
    for name in &request.names {
        let origin = match known.names.get(name) {
            Some(origin) if !(request.defaults && matches!(origin, Origin::User)) => *origin,
            _ => {
                log::warning(format_args!("{name}: unknown parameter"));
                continue;
            }
        };
        shown.one(name, origin, out)?;
    }
    Ok(())
}

/// What decides how a parameter is shown.
struct Shown<'s> {
    main_cf: &'s MainCf,
    request: &'s Request,
}

impl Shown<'_> {
    fn one(&self, name: &str, origin: Origin, out: &mut Vec<u8>) -> Result<(), Failure> {
        let setting = inspect::setting(self.main_cf, name);
        let text = match (self.request.defaults, setting, origin) {
            (false, Some(text), _) => text.to_string(),
            (_, _, Origin::Builtin(spec) | Origin::Service(spec)) if !self.request.explicit => {
                inspect::default_text(self.main_cf, spec)?.into_owned()
            }
            _ => return Ok(()),
        };
        let text = if self.request.expand && !is_raw(origin) {
            self.main_cf.expand(name, &text)?
        } else {
            text
        };
        print(self.request, out, name, &text);
        Ok(())
    }
}

/// Warns about settings that mean nothing, names without meaning, and what is going away.
pub(crate) fn warnings(main_cf: &MainCf, entries: &[Entry], request: &Request) {
    let known = find(main_cf, entries);
    for (name, undefined) in &known.undefined {
        log::warning(format_args!(
            "{}: undefined parameter: {undefined}",
            file(main_cf, name)
        ));
    }
    if request.defaults {
        return;
    }
    let main_file = file(main_cf, "main.cf");
    if request.action == Action::Parameters {
        for entry in inspect::settings(main_cf) {
            let spec = params::find(entry.name);
            if !request.quiet && warn_of_removal(&main_file, entry.name, spec) {
                continue;
            }
            let meant = known.names.contains_key(entry.name);
            if !meant {
                let (name, value) = (entry.name, entry.value);
                log::warning(format_args!(
                    "{main_file}: unused parameter: {name}={value}"
                ));
            }
            if meant && entry.line.is_some() {
                warn_of_comment(&main_file, spec, entry.value);
            }
        }
    }
    let master_file = file(main_cf, "master.cf");
    for (name, value) in &known.unused_options {
        log::warning(format_args!(
            "{master_file}: unused parameter: {name}={value}"
        ));
    }
}

/// Says what will go, or is gone; gives whether that was all there is to say.
fn warn_of_removal(file: &str, name: &str, spec: Option<&Spec>) -> bool {
    match spec.map(|spec| spec.standing) {
        Some(Standing::Deprecated(instead)) => {
            log::warning(format_args!(
                "{file}: support for parameter \"{name}\" will be removed; instead, {instead}"
            ));
            false
        }
        Some(Standing::Removed(_)) => {
            log::warning(format_args!(
                "{file}: support for parameter \"{name}\" has been removed"
            ));
            true
        }
        Some(Standing::Current | Standing::Legacy(_)) | None => false,
    }
}

/// A comment sign after a value is part of the value, which is hardly ever meant.
fn warn_of_comment(file: &str, spec: Option<&Spec>, value: &str) {
    if spec.is_some_and(|spec| spec.kind == Kind::Raw) {
        return;
    }
    let comment = value.match_indices('#').find(|(at, _)| {
        let before = value.get(..*at).unwrap_or_default();
        before.ends_with(char::is_whitespace)
    });
    if let Some((at, _)) = comment {
        let start: String = value
            .get(at..)
            .unwrap_or_default()
            .chars()
            .take(20)
            .collect();
        log::warning(format_args!(
            "{file}: #comment after other text is not allowed: {start}..."
        ));
    }
}
