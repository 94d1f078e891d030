// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the programs under test are: ours in the build's folder, or Debian's Postfix unpacked by
//! `scripts/reference`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whose programs a mail system is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// The programs of this repository.
    Ours,
    /// The original, as Debian packages it.
    Theirs,
}

/// The commands that live in `command_directory`.
pub const COMMANDS: &[&str] = &[
    "postfix",
    "sendmail",
    "postdrop",
    "postqueue",
    "postcat",
    "postmap",
    "postalias",
    "postconf",
    "postsuper",
    "postlog",
    "postkick",
];

/// What master starts: names in `daemon_directory` and the binaries behind them. `lmtp` is the
/// smtp program under its other name.
#[must_use]
pub fn daemons(flavor: Flavor) -> Vec<(String, PathBuf)> {
    let directory = match flavor {
        Flavor::Ours => built(),
        Flavor::Theirs => reference()
            .expect("scripts/reference unpacks the original")
            .join("usr/lib/postfix/sbin"),
    };
    DAEMONS
        .iter()
        .chain(if flavor == Flavor::Theirs {
            THEIR_DAEMONS
        } else {
            &[]
        })
        .map(|&name| {
            let binary = if name == "lmtp" { "smtp" } else { name };
            (name.to_owned(), directory.join(binary))
        })
        .collect()
}

const DAEMONS: &[&str] = &[
    "master",
    "postlogd",
    "pickup",
    "cleanup",
    "trivial-rewrite",
    "qmgr",
    "smtpd",
    "smtp",
    "lmtp",
    "local",
    "error",
    "discard",
    "bounce",
    "flush",
    "proxymap",
    "showq",
];

/// What the original's programs call and we do not have yet.
const THEIR_DAEMONS: &[&str] = &["tlsmgr", "verify", "anvil", "scache"];

/// The root of the repository, or `$POSTHORN_REPOSITORY` where the tests run away from it.
#[must_use]
pub fn repository() -> PathBuf {
    if let Some(given) = std::env::var_os("POSTHORN_REPOSITORY") {
        return PathBuf::from(given);
    }
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests has a parent")
        .to_path_buf()
}

/// The folder with our binaries: two levels above the running test binary, or
/// `$POSTHORN_PROGRAMS`.
#[must_use]
pub fn built() -> PathBuf {
    if let Some(given) = std::env::var_os("POSTHORN_PROGRAMS") {
        return PathBuf::from(given);
    }
    let test = std::env::current_exe().expect("path of the test binary");
    test.parent()
        .and_then(Path::parent)
        .expect("target/<profile>/deps")
        .to_path_buf()
}

/// The unpacked original, if `scripts/reference` has been here.
#[must_use]
pub fn reference() -> Option<PathBuf> {
    let given = std::env::var_os("POSTHORN_REFERENCE").map(PathBuf::from);
    let root = given.unwrap_or_else(|| repository().join("target/reference"));
    root.join("usr/lib/postfix/sbin/master")
        .exists()
        .then_some(root)
}

/// The libraries the unpacked original needs.
#[must_use]
pub fn reference_libraries(root: &Path) -> String {
    let root = root.display();
    format!(
        "{root}/usr/lib/postfix:{root}/usr/lib/x86_64-linux-gnu:{root}/usr/lib/aarch64-linux-gnu"
    )
}

/// The binary called `name` of one flavor, ready for arguments.
///
/// # Panics
/// When the original is asked for and is not unpacked.
#[must_use]
pub fn command(flavor: Flavor, name: &str) -> Command {
    match flavor {
        Flavor::Ours => Command::new(built().join(name)),
        Flavor::Theirs => {
            let root = reference().expect("scripts/reference unpacks the original");
            let daemon = root.join("usr/lib/postfix/sbin").join(name);
            let path = if daemon.exists() {
                daemon
            } else {
                root.join("usr/sbin").join(name)
            };
            let mut command = Command::new(path);
            command.env("LD_LIBRARY_PATH", reference_libraries(&root));
            command
        }
    }
}
