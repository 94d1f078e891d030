// SPDX-License-Identifier: MIT OR Apache-2.0
//! Adding services that newer releases need to an older master.cf.
//!
//! *Invariants:* lines are only added, at the end, and only for programs that are installed.
//!
//! *Postfix:* post-install upgrade-configuration.

use std::fs::OpenOptions;
use std::io::Write;

use config::master_cf::{Defaults, MasterCf};
use runtime::log;
use runtime::text::reason;

use crate::instance::Instance;
use crate::layout;

/// Services that a mail system cannot do without, with their programs.
const SERVICES: [(&str, &str, &str); 13] = [
    (
        "relay",
        "smtp",
        "relay     unix  -       -       n       -       -       smtp",
    ),
    (
        "flush",
        "flush",
        "flush     unix  n       -       n       1000?   0       flush",
    ),
    (
        "trace",
        "bounce",
        "trace     unix  -       -       n       -       0       bounce",
    ),
    (
        "verify",
        "verify",
        "verify    unix  -       -       n       -       1       verify",
    ),
    (
        "proxymap",
        "proxymap",
        "proxymap  unix  -       -       n       -       -       proxymap",
    ),
    (
        "proxywrite",
        "proxymap",
        "proxywrite unix -       -       n       -       1       proxymap",
    ),
    (
        "anvil",
        "anvil",
        "anvil     unix  -       -       n       -       1       anvil",
    ),
    (
        "scache",
        "scache",
        "scache    unix  -       -       n       -       1       scache",
    ),
    (
        "discard",
        "discard",
        "discard   unix  -       -       n       -       -       discard",
    ),
    (
        "retry",
        "error",
        "retry     unix  -       -       n       -       -       error",
    ),
    (
        "tlsmgr",
        "tlsmgr",
        "tlsmgr    unix  -       -       n       1000?   1       tlsmgr",
    ),
    (
        "showq",
        "showq",
        "showq     unix  n       -       n       -       -       showq",
    ),
    (
        "postlog",
        "postlogd",
        "postlog   unix-dgram n  -       n       -       1       postlogd",
    ),
];

/// Brings directories and master.cf up to date.
pub(crate) fn configuration(instance: &Instance) -> Result<(), String> {
    layout::create_missing(instance)?;
    let path = instance.config_directory.join("master.cf");
    let defaults = Defaults {
        process_limit: 1,
        chroot: false,
    };
    let master_cf = MasterCf::open(&path, defaults).map_err(|error| error.to_string())?;
    for (name, program, line) in SERVICES {
        let is_known = master_cf
            .services
            .iter()
            .any(|service| service.name == name);
        if is_known || !instance.params.daemon_directory.join(program).is_file() {
            continue;
        }
        let shown = path.display();
        log::info(format_args!(
            "Editing {shown}, adding missing entry for {name} service"
        ));
        OpenOptions::new()
            .append(true)
            .open(&path)
            .and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()))
            .map_err(|error| format!("cannot edit {shown}: {}", reason(&error)))?;
    }
    Ok(())
}
