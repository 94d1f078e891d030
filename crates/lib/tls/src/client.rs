// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client's side: whom to trust, and the handshake with one server.
//!
//! *Invariants:* where a certificate is to be judged, nothing is sent to a server before it was.
//! The handshake has its limit, whatever the server does.
//!
//! *Errors:* in words that can follow the name of the server in a log line.
//!
//! *Bugs:* a server's own certificate among the authorities is believed as it is, also when it
//! has expired.
//!
//! *Postfix:* tls_client(3).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use runtime::stream::{Stream, Transport};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConnection, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{
    CertificateError, ClientConfig, Connection, DigitallySignedStruct, Error, OtherError,
    SignatureScheme,
};
use webpki::EndEntityCert;

use crate::authorities::{Authorities, Trust};
use crate::certificate::Parts;
use crate::keys::{Source, certificates};
use crate::server::HandshakeError;
use crate::transport::{Below, Encrypted};
use crate::watch::Watch;

/// How many certificates there may be between a server's and its authority.
const DEPTH: usize = 9;

/// How a server's certificate is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verification {
    /// Not at all: who listens on the way is shut out, who stands in it is not.
    #[default]
    Nothing,
    /// An authority must vouch for it, whatever its name.
    Authority,
    /// An authority must vouch for it, and it must be for the server's name.
    Name,
}

/// The settings of a client's TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientSettings {
    /// A file with certificates of authorities.
    pub authorities: Option<PathBuf>,
    /// A directory of such files.
    pub directory: Option<PathBuf>,
    /// Whether the system's authorities are trusted too.
    pub system: bool,
    /// The certificate to show to servers that ask for one, and its key.
    pub own: Option<(PathBuf, PathBuf)>,
    /// How the server's certificate is judged.
    pub verification: Verification,
}

/// TLS of a client.
pub struct Client {
    config: Arc<ClientConfig>,
}

impl Client {
    /// Reads keys and authorities.
    ///
    /// # Errors
    /// A file that cannot be used.
    pub fn open(settings: &ClientSettings) -> Result<Client, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let judge = Judge::open(settings, provider.clone())?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(judge));
        let mut config = match &settings.own {
            None => builder.with_no_client_auth(),
            Some(pair) => {
                let keys = Source::Pairs(vec![pair.clone()]).load(&mut Watch::default())?;
                let key = keys.into_iter().next().ok_or("no private key")?;
                builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(key)))
            }
        };
        config.resumption = Resumption::disabled();
        Ok(Client {
            config: Arc::new(config),
        })
    }

    /// Makes a plain stream to the server `name` (a host name or an address) an encrypted one, in
    /// at most `limit`. What the server had sent before is forgotten.
    ///
    /// # Errors
    /// There is no session; the connection is closed.
    pub fn connect(&self, stream: Stream, name: &str, limit: Duration) -> Result<Stream, String> {
        let server = ServerName::try_from(name.to_owned())
            .map_err(|_| format!("{name} is no name that a certificate could have"))?;
        let connection = ClientConnection::new(self.config.clone(), server)
            .map_err(|error| error.to_string())?;
        let mut connection = Connection::from(connection);
        let changed = stream.replace_transport(|mut below| {
            Below::new(below.as_mut(), Some(limit)).shake_hands(&mut connection)?;
            let encrypted: Box<dyn Transport> = Box::new(Encrypted::new(connection, below));
            Ok::<_, HandshakeError>(encrypted)
        });
        changed.map_err(|error| format!("TLS handshake failed: {}", words(error)))
    }
}

fn words(error: HandshakeError) -> String {
    match error {
        HandshakeError::Gone => "lost connection".to_owned(),
        HandshakeError::Connection(error) => runtime::text::reason(&error),
        HandshakeError::Protocol(reason) => reason,
    }
}

/// Judges the certificates of servers.
#[derive(Debug)]
struct Judge {
    provider: Arc<CryptoProvider>,
    verification: Verification,
    authorities: Authorities,
    /// The certificates of the file of authorities: a server may have one of them as its own.
    listed: Vec<CertificateDer<'static>>,
}

impl Judge {
    fn open(settings: &ClientSettings, provider: Arc<CryptoProvider>) -> Result<Judge, String> {
        let mut judge = Judge {
            provider,
            verification: settings.verification,
            authorities: Authorities::default(),
            listed: Vec::new(),
        };
        if judge.verification == Verification::Nothing {
            return Ok(judge);
        }
        if let Some(file) = &settings.authorities {
            judge.listed = certificates(file, &mut Watch::default())
                .map_err(|error| format!("cannot load Certification Authority data: {error}"))?;
        }
        let trust = Trust {
            file: settings.authorities.clone(),
            directory: settings.directory.clone(),
            system: settings.system,
            depth: DEPTH,
            server_certificates: false,
        };
        let mut ignore = |_| {};
        judge.authorities = Authorities::load(&trust, &mut Watch::default(), &mut ignore);
        Ok(judge)
    }

    /// What is wrong with a chain of certificates for this server.
    fn judge(&self, chain: &[CertificateDer<'_>], server: &ServerName<'_>) -> Result<(), String> {
        let own = chain.first().ok_or("no certificate")?;
        if !self.listed.contains(own) {
            self.authorities.vouch_for_server(chain)?;
        }
        if self.verification != Verification::Name {
            return Ok(());
        }
        let certificate = EndEntityCert::try_from(own).map_err(|error| error.to_string())?;
        match certificate.verify_is_valid_for_subject_name(server) {
            Ok(()) => Ok(()),
            // An old certificate, whose only name is that of its subject.
            Err(webpki::Error::CertNotValidForName(context))
                if context.presented.is_empty() && is_subject(own, server) =>
            {
                Ok(())
            }
            Err(_) => Err(format!("it is not for {}", server.to_str())),
        }
    }
}

fn is_subject(certificate: &CertificateDer<'_>, server: &ServerName<'_>) -> bool {
    let name = Parts::of(certificate).map(|parts| parts.subject_name());
    name.is_some_and(|name| name.eq_ignore_ascii_case(&server.to_str()))
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.verification != Verification::Nothing {
            let chain: Vec<_> = std::iter::once(own).chain(between).cloned().collect();
            self.judge(&chain, server).map_err(|reason| {
                let reason = format!("server certificate verification failed: {reason}");
                let reason: Box<dyn std::error::Error + Send + Sync> = reason.into();
                Error::InvalidCertificate(CertificateError::Other(OtherError(reason.into())))
            })?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Authority;
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;

    const LIMIT: Duration = Duration::from_secs(20);

    /// What a client says that meets a server with this certificate.
    fn meet(
        settings: &ClientSettings,
        name: &str,
        (certificate, key): &(PathBuf, PathBuf),
    ) -> Result<(), String> {
        let key = Source::Pairs(vec![(certificate.clone(), key.clone())]);
        let key = key.load(&mut Watch::default())?.remove(0);
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(key)));
        let (ours, theirs) = UnixStream::pair().unwrap();
        let server = std::thread::spawn(move || {
            let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, theirs);
            let mut word = [0; 5];
            if stream.read_exact(&mut word).is_ok() {
                stream.write_all(&word).unwrap();
            }
        });
        let client = Client::open(settings)?;
        let stream = client.connect(Stream::new(ours.into()), name, LIMIT);
        let talked = stream.map(|mut stream| {
            stream.write_all(b"hello").unwrap();
            let mut echo = [0; 5];
            stream.read_exact(&mut echo).unwrap();
            assert_eq!(&echo, b"hello");
        });
        server.join().unwrap();
        talked
    }

    fn trusting(file: &std::path::Path, verification: Verification) -> ClientSettings {
        ClientSettings {
            authorities: Some(file.to_owned()),
            verification,
            ..ClientSettings::default()
        }
    }

    #[test]
    fn a_server_is_judged_as_the_settings_say() {
        let (authority, stranger) = (Authority::default(), Authority::default());
        let server = authority.issue("server", "ec");
        let (known, unknown) = (authority.certificate(), stranger.certificate());
        for (settings, name) in [
            (ClientSettings::default(), "anybody"),
            (trusting(&unknown, Verification::Nothing), "192.0.2.1"),
            (trusting(&known, Verification::Authority), "anybody"),
            (trusting(&known, Verification::Name), "localhost"),
            // The server's own certificate may be listed.
            (trusting(&server.0, Verification::Name), "localhost"),
        ] {
            assert_eq!(meet(&settings, name, &server), Ok(()), "{settings:?}");
        }
        for (settings, name, words) in [
            (
                &trusting(&unknown, Verification::Name),
                "localhost",
                "untrusted issuer /CN=Authority",
            ),
            (
                &trusting(&unknown, Verification::Authority),
                "localhost",
                "untrusted issuer",
            ),
            (
                &trusting(&known, Verification::Name),
                "192.0.2.1",
                "it is not for 192.0.2.1",
            ),
            (
                &trusting(&server.0, Verification::Name),
                "other",
                "it is not for other",
            ),
        ] {
            let error = meet(settings, name, &server).unwrap_err();
            assert!(error.contains(words), "{settings:?}: {error}");
        }
    }

    #[test]
    fn a_certificate_with_a_subject_only_is_for_its_common_name() {
        let authority = Authority::default();
        let file = authority.certificate();
        let pair = (file.clone(), file.with_extension("key"));
        let settings = trusting(&file, Verification::Name);
        assert_eq!(meet(&settings, "authority", &pair), Ok(()));
        assert!(meet(&settings, "localhost", &pair).is_err());
    }

    #[test]
    fn a_peer_that_speaks_something_else_is_no_server() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        let client = Client::open(&ClientSettings::default()).unwrap();
        let stream = Stream::new(ours.into());
        let error = client.connect(stream, "localhost", LIMIT).err().unwrap();
        assert!(error.starts_with("TLS handshake failed: "), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let settings = trusting("/nowhere".as_ref(), Verification::Name);
        let error = Client::open(&settings).err().unwrap();
        assert!(error.contains("/nowhere: "), "{error}");
    }
}
