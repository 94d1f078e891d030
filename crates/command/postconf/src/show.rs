// SPDX-License-Identifier: MIT OR Apache-2.0
//! Parameters of main.cf, or their defaults.
//!
//! *Postfix:* `postconf/postconf_main`.

use config::MainCf;
use runtime::log;

use crate::known::{Class, Known, Name};
use crate::options::Request;
use crate::scope::Scope;
use crate::{Failure, output};

/// Prints the parameters that the request asks for.
pub(crate) fn parameters(
    main_cf: &MainCf,
    known: &Known,
    request: &Request,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    let scope = Scope {
        defaults: request.defaults,
        ..known.scope(main_cf, None)
    };
    if request.names.is_empty() {
        for (text, name) in &known.names {
            let classes = request.classes;
            let wanted = match name.class {
                Class::Builtin => classes.builtin,
                Class::Service => classes.service,
                Class::User => classes.user,
                Class::Unlisted => false,
            };
            if wanted {
                one(scope, request, text, *name, out)?;
            }
        }
        return Ok(());
    }
    for text in &request.names {
        match known.names.get(text) {
            Some(name) => one(scope, request, text, *name, out)?,
            None => log::warning(format_args!("{text}: unknown parameter")),
        }
    }
    Ok(())
}

fn one(
    scope: Scope,
    request: &Request,
    text: &str,
    name: Name,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    if request.explicit && !scope.main_cf.is_set(text) {
        return Ok(());
    }
    let Some(value) = scope.text(text)? else {
        return Ok(());
    };
    if request.expand && !name.is_raw() {
        output::pair(out, request.style, text, &scope.expand(&value)?);
    } else {
        output::pair(out, request.style, text, &value);
    }
    Ok(())
}
