// SPDX-License-Identifier: MIT OR Apache-2.0
//! The server's side: a context for all sessions, and the handshake of one.
//!
//! *Invariants:* keys are read once, before the jail. [`Server::changed`] notices from inside it
//! that a file was renewed; the program then leaves the next client to a new process, which reads
//! the files with the rights to do so. A client's certificate never ends a handshake: whether it
//! is trusted is for access rules to say.
//!
//! *Postfix:* tls_server(3).

use std::fmt::Display;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use maps::Maps;
use runtime::log;
use runtime::stream::{Stream, Transport};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{Acceptor, ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{
    CertificateError, Connection, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion,
};

use crate::authorities::Authorities;
use crate::certificate::{Digest, Parts};
use crate::names::Names;
use crate::settings::{LogLevel, ServerSettings};
use crate::summary::{PeerCertificate, Signature, Summary};
use crate::transport::{Below, Encrypted};
use crate::watch::Watch;

/// Keys that could not be used are worth another try after this time.
const RETRY: Duration = Duration::from_secs(1);

/// TLS of a server.
pub struct Server {
    context: Option<Context>,
    watch: Watch,
    /// When the keys could not be used.
    failed: Option<Instant>,
    log_level: LogLevel,
    /// Whether the log says why a certificate is not trusted.
    tells_doubts: bool,
}

/// What sessions need.
struct Context {
    keys: Vec<Arc<CertifiedKey>>,
    provider: Arc<CryptoProvider>,
    versions: Vec<&'static SupportedProtocolVersion>,
    authorities: Arc<Authorities>,
    names: Option<Names>,
    ask: bool,
    digest: Digest,
    prefer_own_order: bool,
}

/// A handshake that succeeded.
struct Agreed {
    connection: Connection,
    /// The keys that the client could have had.
    keys: Vec<Arc<CertifiedKey>>,
    /// The name that chose them.
    server_name: Option<String>,
    seen: Arc<Seen>,
}

/// Why there is no session.
#[derive(Debug)]
pub enum HandshakeError {
    /// The peer went away.
    Gone,
    /// The connection failed, or the peer was too slow.
    Connection(io::Error),
    /// The two cannot come to an agreement, or what came is not TLS.
    Protocol(String),
}

impl From<io::Error> for HandshakeError {
    fn from(error: io::Error) -> HandshakeError {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            HandshakeError::Gone
        } else {
            HandshakeError::Connection(error)
        }
    }
}

impl From<Error> for HandshakeError {
    fn from(error: Error) -> HandshakeError {
        HandshakeError::Protocol(match error {
            // The judgement was ours, and so are its words.
            Error::InvalidCertificate(CertificateError::Other(reason)) => reason.0.to_string(),
            other => other.to_string(),
        })
    }
}

impl HandshakeError {
    /// Logs that the handshake with this client failed, and why.
    pub fn log(&self, client: &dyn Display) {
        let start = format!("SSL_accept error from {client}");
        match self {
            HandshakeError::Gone => log::info(format_args!("{start}: lost connection")),
            HandshakeError::Connection(error) if error.kind() == io::ErrorKind::TimedOut => {
                log::info(format_args!("{start}: Connection timed out"));
            }
            HandshakeError::Connection(error) => log::info(format_args!("{start}: {error}")),
            HandshakeError::Protocol(reason) => {
                log::info(format_args!("{start}: -1"));
                log::warning(format_args!("TLS library problem: {reason}"));
            }
        }
    }
}

impl Server {
    /// Reads keys and authorities; `names` are the tables of `tls_server_sni_maps`. Without keys
    /// the server is there and not ready; the log says why.
    #[must_use]
    pub fn open(settings: &ServerSettings, names: Maps) -> Server {
        let mut watch = Watch::default();
        let opened = Context::open(settings, names, &mut watch);
        let failed = opened.is_err().then(Instant::now);
        let context = opened.unwrap_or_else(|error| {
            log::warning(format_args!("{error}: disabling TLS support"));
            None
        });
        Server {
            context,
            watch,
            failed,
            log_level: settings.log_level,
            tells_doubts: settings.require || settings.log_level >= LogLevel::Certificates,
        }
    }

    /// Whether handshakes are possible.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.context.is_some()
    }

    /// A file that was renewed since it was read; for keys of no use, that it is time to try again.
    #[must_use]
    pub fn changed(&self) -> Option<String> {
        if self.failed.is_some_and(|when| when.elapsed() > RETRY) {
            return Some("TLS configuration".to_owned());
        }
        let file = self.watch.changed().map(|path| path.display().to_string());
        let names = self
            .context
            .as_ref()
            .and_then(|context| context.names.as_ref());
        file.or_else(|| names.and_then(Names::changed))
    }

    /// Makes a plain stream an encrypted one, in at most `limit`. What the client had sent before
    /// is forgotten. The log gets the line about it.
    ///
    /// # Errors
    /// There is no session; the connection is closed.
    pub fn accept(
        &self,
        stream: Stream,
        client: &dyn Display,
        limit: Duration,
    ) -> Result<(Stream, Summary), HandshakeError> {
        if self.log_level >= LogLevel::Certificates {
            log::info(format_args!("setting up TLS connection from {client}"));
        }
        let context = self.context.as_ref();
        let context = context.ok_or(HandshakeError::Protocol("no certificate".to_owned()))?;
        let mut summary = Summary::default();
        let stream = stream.replace_transport(|mut below| {
            // Answers shall not wait for the client to acknowledge the first half.
            let _ = sys::socket::set_nodelay(below.as_fd());
            let agreed = context.handshake(below.as_mut(), client, limit)?;
            summary = agreed.summary();
            summary.peer = context.peer(&agreed.connection, |reason| {
                if self.tells_doubts {
                    log::info(format_args!(
                        "certificate verification failed for {client}: {reason}"
                    ));
                }
            });
            let encrypted: Box<dyn Transport> = Box::new(Encrypted::new(agreed.connection, below));
            Ok::<_, HandshakeError>(encrypted)
        })?;
        if self.log_level >= LogLevel::Certificates
            && let Some(line) = summary.certificate_of(client)
        {
            log::info(line);
        }
        if self.log_level >= LogLevel::Summary {
            log::info(summary.accepted_from(client));
        }
        Ok((stream, summary))
    }
}

impl Context {
    fn open(
        settings: &ServerSettings,
        names: Maps,
        watch: &mut Watch,
    ) -> Result<Option<Context>, String> {
        let Some(source) = &settings.source else {
            return Ok(None);
        };
        let mut warn = |text: String| log::warning(text);
        let keys = source.load(watch)?;
        let (versions, provider) = settings.offer.library(&mut warn)?;
        let authorities = if settings.ask {
            Authorities::load(&settings.trust, watch, &mut warn)
        } else {
            Authorities::default()
        };
        Ok(Some(Context {
            keys,
            provider: Arc::new(provider),
            versions,
            authorities: Arc::new(authorities),
            names: Names::new(names),
            ask: settings.ask,
            digest: settings.digest,
            prefer_own_order: settings.prefer_own_order,
        }))
    }

    fn handshake(
        &self,
        transport: &mut dyn Transport,
        client: &dyn Display,
        limit: Duration,
    ) -> Result<Agreed, HandshakeError> {
        let mut below = Below::new(transport, Some(limit));
        let mut acceptor = Acceptor::default();
        let accepted = loop {
            match acceptor.accept() {
                Ok(Some(accepted)) => break accepted,
                Ok(None) => {}
                Err((error, mut alert)) => {
                    let _ = alert.write_all(&mut below);
                    return Err(error.into());
                }
            }
            if acceptor.read_tls(&mut below)? == 0 {
                return Err(HandshakeError::Gone);
            }
        };
        let seen = Arc::new(Seen::default());
        let (keys, server_name) = self.keys_for(accepted.client_hello().server_name(), client)?;
        let config = self.config(keys.clone(), &seen)?;
        let connection = accepted.into_connection(Arc::new(config));
        let mut connection = match connection {
            Ok(connection) => Connection::from(connection),
            Err((error, mut alert)) => {
                let _ = alert.write_all(&mut below);
                return Err(error.into());
            }
        };
        below.shake_hands(&mut connection)?;
        Ok(Agreed {
            connection,
            keys,
            server_name,
            seen,
        })
    }

    /// The keys for the name that the client asks for, and the name if it has keys of its own.
    fn keys_for(
        &self,
        name: Option<&str>,
        client: &dyn Display,
    ) -> Result<(Vec<Arc<CertifiedKey>>, Option<String>), HandshakeError> {
        if let Some((names, name)) = self.names.as_ref().zip(name)
            && let Some(keys) = names.find(name, client).map_err(HandshakeError::Protocol)?
        {
            return Ok((keys, Some(name.to_owned())));
        }
        Ok((self.keys.clone(), None))
    }

    /// The library's settings for one session.
    fn config(
        &self,
        keys: Vec<Arc<CertifiedKey>>,
        seen: &Arc<Seen>,
    ) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&self.versions)?;
        let builder = if self.ask {
            builder.with_client_cert_verifier(Arc::new(AnyCertificate {
                provider: self.provider.clone(),
                authorities: self.authorities.clone(),
                seen: seen.clone(),
            }))
        } else {
            builder.with_no_client_auth()
        };
        let mut config = builder.with_cert_resolver(Arc::new(Keys {
            keys,
            seen: seen.clone(),
        }));
        config.ignore_client_order = self.prefer_own_order;
        // Without keys that all processes share, a ticket would be good for nothing.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    /// The certificate that the client showed; `doubt` hears why it is not trusted.
    fn peer(&self, connection: &Connection, doubt: impl Fn(&str)) -> Option<PeerCertificate> {
        let chain = connection.peer_certificates()?;
        let certificate = chain.first()?;
        let parts = Parts::of(certificate).unwrap_or_default();
        let vouched = self.authorities.vouch_for_client(chain);
        if let Err(reason) = &vouched {
            doubt(reason);
        }
        Some(PeerCertificate {
            subject: parts.subject_name(),
            issuer: parts.issuer_name(),
            fingerprint: self.digest.fingerprint(certificate),
            key_fingerprint: self.digest.fingerprint(parts.public_key),
            trusted: vouched.is_ok(),
        })
    }
}

impl Agreed {
    /// All but the client's certificate.
    fn summary(&self) -> Summary {
        let own = self
            .keys
            .get(usize::from(self.seen.key.load(Ordering::Relaxed)));
        let own = own.and_then(|key| key.cert.first()).and_then(Parts::of);
        let chain = self.connection.peer_certificates().unwrap_or_default();
        let peer = chain.first().and_then(Parts::of);
        let mut summary = Summary::of(&self.connection).with_signatures(
            Signature::by(own.as_ref(), self.seen.server.load(Ordering::Relaxed)),
            Signature::by(peer.as_ref(), self.seen.client.load(Ordering::Relaxed)),
        );
        summary.server_name.clone_from(&self.server_name);
        summary
    }
}

/// What the library does not tell afterwards: which key signed, and how; 0 is nothing.
#[derive(Debug, Default)]
struct Seen {
    key: AtomicU16,
    server: AtomicU16,
    client: AtomicU16,
}

/// The keys of the server: the client's favourite signature decides.
#[derive(Debug)]
struct Keys {
    keys: Vec<Arc<CertifiedKey>>,
    seen: Arc<Seen>,
}

impl ResolvesServerCert for Keys {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut schemes = hello.signature_schemes().iter();
        let (number, key) = schemes.find_map(|&scheme| {
            let mut keys = (0u16..).zip(&self.keys);
            keys.find(|(_, key)| key.key.choose_scheme(&[scheme]).is_some())
        })?;
        self.seen.key.store(number, Ordering::Relaxed);
        let following = Following {
            key: key.key.clone(),
            seen: self.seen.clone(),
        };
        let chain = key.cert.clone();
        Some(Arc::new(CertifiedKey::new(chain, Arc::new(following))))
    }
}

/// A key that follows the client's order of signatures, and tells which one it was.
#[derive(Debug)]
struct Following {
    key: Arc<dyn SigningKey>,
    seen: Arc<Seen>,
}

impl SigningKey for Following {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let mut offered = offered.iter();
        let signer = offered.find_map(|&scheme| self.key.choose_scheme(&[scheme]))?;
        let scheme = u16::from(signer.scheme());
        self.seen.server.store(scheme, Ordering::Relaxed);
        Some(signer)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }
}

/// Takes every certificate whose key signed the handshake.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
    authorities: Arc<Authorities>,
    seen: Arc<Seen>,
}

impl AnyCertificate {
    fn saw(&self, signature: &DigitallySignedStruct) {
        self.seen
            .client
            .store(u16::from(signature.scheme), Ordering::Relaxed);
    }
}

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities.hints
    }

    fn verify_client_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.saw(signature);
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.saw(signature);
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
