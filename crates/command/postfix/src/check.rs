// SPDX-License-Identifier: MIT OR Apache-2.0
//! What "postfix check" looks at, before every start as well.
//!
//! *Postfix:* postfix-script check-fatal and check-warn.

mod findings;
mod tree;

use config::master_cf::{Defaults, Kind, MasterCf};
use runtime::log;

use crate::instance::Instance;
use crate::layout;
use crate::programs::Program;

/// All checks; the first that fails is the error, findings are warnings.
pub(crate) fn all(instance: &Instance) -> Result<(), String> {
    fatal(instance)?;
    warn(instance);
    Ok(())
}

/// What the mail system does not work without. Directories that are missing are made.
pub(crate) fn fatal(instance: &Instance) -> Result<(), String> {
    if let Err(error) = layout::create_missing(instance) {
        log::error(error);
        return Err("unable to create missing queue directories".to_owned());
    }
    let path = instance.config_directory.join("master.cf");
    if !path.is_file() {
        return Err(format!("no {} file found", path.display()));
    }
    let limit = u32::try_from(instance.params.default_process_limit).unwrap_or(1);
    let defaults = Defaults {
        process_limit: limit,
        chroot: false,
    };
    let master_cf = MasterCf::open(&path, defaults).map_err(|error| error.to_string())?;
    let mut services = master_cf.services.iter();
    if !instance.params.maillog_file.is_empty()
        && !services.any(|service| {
            service.name == instance.params.postlog_service_name && service.kind == Kind::UnixDgram
        })
    {
        return Err("missing 'postlog' service in master.cf - run 'postfix \
                    upgrade-configuration'"
            .to_owned());
    }
    // Queue files in the wrong place would be lost from sight.
    match Program::command(instance, "postsuper").run(instance)? {
        0 => Ok(()),
        status => Err(format!("postsuper: exit status {status}")),
    }
}

/// What should be otherwise.
pub(crate) fn warn(instance: &Instance) {
    configuration(instance);
    findings::all(instance).into_iter().for_each(log::warning);
}

/// Lets postconf(1) say what it thinks of main.cf and master.cf.
pub(crate) fn configuration(instance: &Instance) {
    if let Err(error) = Program::command(instance, "postconf").quiet().run(instance) {
        log::warning(error);
    }
}
