// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a service listens.

use super::ClientError;
use runtime::log;
use runtime::stream::Stream;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// How often [`Endpoint::connect_patiently`] tries, and how long it waits in between.
const PATIENT_TRIES: u32 = 10;
const PATIENT_PAUSE: Duration = Duration::from_secs(10);

/// Who may reach a socket: it decides its directory below the queue directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// `public`: also the commands that people run.
    Public,
    /// `private`: daemons only.
    Private,
}

impl Class {
    /// The name of the directory.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Class::Public => "public",
            Class::Private => "private",
        }
    }
}

/// A service's socket.
///
/// Its path is relative, because every daemon works in the queue directory, inside or outside a
/// jail; commands say [`under`](Endpoint::under).
#[derive(Clone)]
pub struct Endpoint {
    name: String,
    path: PathBuf,
    fake: Option<Connector>,
}

type Connector = Rc<dyn Fn() -> io::Result<Stream>>;

impl Endpoint {
    /// The socket of a service of that class.
    #[must_use]
    pub fn new(class: Class, service: &str) -> Endpoint {
        Endpoint::at(&Path::new(class.directory()).join(service))
    }

    /// The socket of a private service.
    #[must_use]
    pub fn private(service: &str) -> Endpoint {
        Endpoint::new(Class::Private, service)
    }

    /// The socket of a public service.
    #[must_use]
    pub fn public(service: &str) -> Endpoint {
        Endpoint::new(Class::Public, service)
    }

    /// A local socket at any path.
    #[must_use]
    pub fn at(path: &Path) -> Endpoint {
        let name = path.to_string_lossy().into_owned();
        Endpoint {
            name,
            path: path.to_path_buf(),
            fake: None,
        }
    }

    /// A stand-in for tests: connecting means calling `connector`.
    #[must_use]
    pub fn fake(name: &str, connector: impl Fn() -> io::Result<Stream> + 'static) -> Endpoint {
        let fake: Connector = Rc::new(connector);
        Endpoint {
            name: name.to_owned(),
            path: PathBuf::from(name),
            fake: Some(fake),
        }
    }

    /// The same service seen from outside the queue directory.
    #[must_use]
    pub fn under(mut self, queue_directory: &Path) -> Endpoint {
        self.path = queue_directory.join(&self.path);
        self
    }

    /// How messages call the service: `private/rewrite`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of the socket.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes one connection; its reads and writes have the same time limit.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`].
    pub fn connect(&self, timeout: Duration) -> Result<Stream, ClientError> {
        self.try_connect(timeout)
            .map_err(|source| self.unreachable(source))
    }

    /// Makes one connection without waiting, for programs that follow events; reads and writes
    /// that find nothing to do have the time limit.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`].
    pub fn connect_now(&self, timeout: Duration) -> Result<Stream, ClientError> {
        let connected = match &self.fake {
            Some(connector) => connector(),
            None => sys::socket::unix_connect_now(&self.path).map(Stream::nonblocking),
        };
        let mut stream = connected.map_err(|source| self.unreachable(source))?;
        stream.set_timeout(timeout);
        Ok(stream)
    }

    /// Makes one connection, waiting up to 100 seconds for a service that is not there, as a
    /// daemon does that cannot work without it.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] after ten tries, each of which was logged.
    pub fn connect_patiently(&self, timeout: Duration) -> Result<Stream, ClientError> {
        for attempt in 1..PATIENT_TRIES {
            match self.try_connect(timeout) {
                Ok(stream) => return Ok(stream),
                Err(error) => log::warning(format_args!(
                    "connect #{attempt} to subsystem {}: {}",
                    self.name,
                    runtime::text::reason(&error)
                )),
            }
            std::thread::sleep(PATIENT_PAUSE);
        }
        self.connect(timeout)
    }

    fn try_connect(&self, timeout: Duration) -> io::Result<Stream> {
        if let Some(connector) = &self.fake {
            return connector();
        }
        let mut stream = Stream::new(sys::socket::unix_connect(&self.path, timeout)?);
        stream.set_timeout(timeout);
        Ok(stream)
    }

    fn unreachable(&self, source: io::Error) -> ClientError {
        ClientError::Unreachable {
            peer: self.name.clone(),
            source,
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("name", &self.name)
            .field("path", &self.path)
            .finish()
    }
}
