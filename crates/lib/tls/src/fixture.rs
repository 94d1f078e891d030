// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates and a client, for tests. Needs the `openssl` command.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A directory with certificates of one authority.
#[derive(Clone)]
pub struct Authority {
    directory: Arc<tempfile::TempDir>,
}

/// What can go wrong here fails the test.
#[expect(
    clippy::expect_used,
    reason = "a test without certificates cannot go on"
)]
mod made {
    use super::*;

    fn openssl(directory: &Path, arguments: &str) {
        let status = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(directory)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.expect("openssl").success(), "openssl {arguments}");
    }

    impl Default for Authority {
        fn default() -> Authority {
            let directory = tempfile::tempdir().expect("directory");
            openssl(
                directory.path(),
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
                 -subj /CN=Authority -keyout authority.key -out authority.pem",
            );
            Authority {
                directory: Arc::new(directory),
            }
        }
    }

    impl Authority {
        /// A key of this kind (`ec`, `rsa`) and a certificate for `localhost` with this common
        /// name: the two files.
        #[must_use]
        pub fn issue(&self, name: &str, kind: &str) -> (PathBuf, PathBuf) {
            let kind = match kind {
                "rsa" => "rsa:2048",
                _ => "ec -pkeyopt ec_paramgen_curve:P-256",
            };
            let directory = self.directory.path();
            let usages = "[v3]\nsubjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
            std::fs::write(directory.join("v3.cnf"), usages).expect("write");
            openssl(
                directory,
                &format!(
                    "req -new -newkey {kind} -nodes -subj /CN={name} -keyout {name}.key -out \
                     {name}.csr"
                ),
            );
            openssl(
                directory,
                &format!(
                    "x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key \
                     -CAcreateserial -days 30 -extfile v3.cnf -extensions v3 -out {name}.pem"
                ),
            );
            let file = |end: &str| directory.join(format!("{name}.{end}"));
            (file("pem"), file("key"))
        }

        /// The authority's own certificate.
        #[must_use]
        pub fn certificate(&self) -> PathBuf {
            self.directory.path().join("authority.pem")
        }

        /// The fingerprint of a certificate.
        #[must_use]
        pub fn fingerprint(&self, certificate: &Path) -> String {
            let der = CertificateDer::from_pem_file(certificate).expect("certificate");
            crate::Digest::Sha256.fingerprint(&der)
        }

        /// A client's end of a session; it shows a certificate if it is given one.
        #[must_use]
        pub fn client(&self, stream: UnixStream, own: Option<&(PathBuf, PathBuf)>) -> Client {
            let mut roots = RootCertStore::empty();
            let authority = CertificateDer::from_pem_file(self.certificate()).expect("authority");
            roots.add(authority).expect("authority");
            let provider = Arc::new(aws_lc_rs::default_provider());
            let builder = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_root_certificates(roots);
            let config = match own {
                Some((certificate, key)) => builder.with_client_auth_cert(
                    vec![CertificateDer::from_pem_file(certificate).expect("certificate")],
                    PrivateKeyDer::from_pem_file(key).expect("key"),
                ),
                None => Ok(builder.with_no_client_auth()),
            };
            let server = ServerName::try_from("localhost").expect("name");
            let connection = ClientConnection::new(Arc::new(config.expect("key")), server);
            Client(StreamOwned::new(connection.expect("client"), stream))
        }
    }
}

/// A client's end of a session. It reads and writes like any stream.
pub struct Client(StreamOwned<ClientConnection, UnixStream>);

impl std::io::Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl std::io::Write for Client {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
