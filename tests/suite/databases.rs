// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables on servers: real ones from Debian, and what mail sees when they are in trouble.

mod encryption;
mod mapservers;
mod mariadb;
mod memcached;
mod openldap;
mod postgresql;
mod proxymap;
mod sqlite;

use kit::Instance;

/// What `postmap -q KEY TABLE` prints, or nothing when the key is not found.
#[track_caller]
fn query(instance: &Instance, table: &str, key: &str) -> Option<String> {
    let output = instance.run("postmap", &["-q", key, table]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("fatal"), "{table} {key}: {errors}");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| found.trim_end().to_owned())
}

/// What `postmap -q KEY TABLE` complains of.
#[track_caller]
fn complaint(instance: &Instance, table: &str, key: &str) -> String {
    let output = instance.run("postmap", &["-q", key, table]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("fatal: table "), "{table} {key}: {errors}");
    errors
}
