// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates, made by the `openssl` command for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An authority, and the directory with everything that it issued: `NAME.pem` and `NAME.key`.
#[derive(Debug)]
pub struct Authority {
    directory: tempfile::TempDir,
}

impl Authority {
    /// A new authority: `authority.pem`.
    ///
    /// # Panics
    /// Without the `openssl` command.
    #[must_use]
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("directory");
        fs::write(
            directory.path().join("v3.cnf"),
            "[v3]\nsubjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .expect("write");
        let authority = Self { directory };
        authority.openssl(
            "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Authority \
             -keyout authority.key -out authority.pem",
        );
        authority
    }

    /// Issues a certificate with this common name, valid for localhost; `kind` is a kind of key
    /// with its options as `openssl req -newkey` has it, such as `rsa:2048`.
    #[must_use]
    pub fn issue(self, name: &str, kind: &str) -> Self {
        self.openssl(&format!(
            "req -new -newkey {kind} -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"
        ));
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
             -days 30 -extfile v3.cnf -extensions v3 -out {name}.pem"
        ));
        self
    }

    /// The name of a file.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The directory, as settings name it.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.directory.path())
            .output()
            .expect("openssl");
        assert!(output.status.success(), "openssl {arguments}: {output:?}");
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}
