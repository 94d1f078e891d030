// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who knows the passwords: saslauthd, pwcheck, or the file sasldb2.
//!
//! *Invariants*: an answer is at most [`ANSWER_LIMIT`] bytes and takes at most [`TIME_LIMIT`];
//! whatever does not begin with `OK` is a refusal.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use runtime::stream::Stream;
use runtime::text::reason;

use super::settings::{Method, Settings};
use crate::printable;

/// How long a daemon may think: PAM likes to wait after a wrong password.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// The longest answer.
const ANSWER_LIMIT: usize = 1024;

/// A user, as the client and our settings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    /// With its domain, if it has one.
    name: Vec<u8>,
    /// The domain whose passwords count when it has none.
    realm: Vec<u8>,
    /// What daemons are told about users without a domain; may be empty.
    told: Vec<u8>,
}

impl User {
    /// A user of this realm, or of the host where none is set.
    pub(super) fn new(name: Vec<u8>, realm: &str, host: &str) -> User {
        let told = realm.as_bytes().to_vec();
        let realm = if realm.is_empty() { host } else { realm };
        User {
            name,
            realm: realm.as_bytes().to_vec(),
            told,
        }
    }

    /// The name for logs and restrictions.
    pub(super) fn shown(&self) -> String {
        printable(&self.name)
    }

    /// Name and realm as sasldb2 has them.
    fn key(&self) -> (&[u8], &[u8]) {
        match self.name.iter().position(|&b| b == b'@') {
            Some(at) => split(&self.name, at),
            None => (&self.name, &self.realm),
        }
    }

    /// The same for daemons.
    fn account(&self) -> (&[u8], &[u8]) {
        match self.name.iter().rposition(|&b| b == b'@') {
            Some(at) => split(&self.name, at),
            None => (&self.name, &self.told),
        }
    }
}

fn split(name: &[u8], at: usize) -> (&[u8], &[u8]) {
    let (user, rest) = name.split_at_checked(at).unwrap_or((name, b""));
    (user, rest.get(1..).unwrap_or_default())
}

/// Why nobody can say whether a password is right.
#[derive(Debug)]
pub(super) struct Trouble(String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everyone who knows passwords.
pub(super) struct Verifier {
    methods: Vec<Method>,
    saslauthd: PathBuf,
    pwcheck: PathBuf,
    sasldb: PathBuf,
}

impl Verifier {
    pub(super) fn of(settings: &Settings) -> Verifier {
        Verifier {
            methods: settings.methods.clone(),
            saslauthd: settings.saslauthd.clone(),
            pwcheck: settings.pwcheck.clone(),
            sasldb: settings.sasldb.clone(),
        }
    }

    /// Whether passwords themselves are at hand.
    pub(super) fn knows_passwords(&self) -> bool {
        self.methods.contains(&Method::Sasldb)
    }

    /// Whether one of them says that this is the user's password. What went wrong matters only
    /// if nobody says so.
    pub(super) fn check(
        &self,
        user: &User,
        password: &[u8],
        service: &str,
    ) -> Result<bool, Trouble> {
        let mut outcome = Ok(false);
        for method in &self.methods {
            let checked = match method {
                Method::Saslauthd => self.ask_saslauthd(user, password, service),
                Method::Pwcheck => self.ask_pwcheck(user, password),
                Method::Sasldb => self
                    .password(user)
                    .map(|known| known.as_deref() == Some(password)),
            };
            match checked {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(trouble) => outcome = Err(trouble),
            }
        }
        outcome
    }

    /// The user's password, in sasldb2.
    pub(super) fn password(&self, user: &User) -> Result<Option<Vec<u8>>, Trouble> {
        let trouble =
            |error: String| Trouble(format!("unable to open {}: {error}", self.sasldb.display()));
        let file = match File::open(&self.sasldb) {
            Ok(file) => file,
            Err(error) => return Err(trouble(reason(&error))),
        };
        let (name, realm) = user.key();
        let key = [name, realm, b"userPassword"].join(&0);
        let reader = berkeley::Reader::open(file).map_err(|error| trouble(error.to_string()))?;
        reader.get(&key).map_err(|error| trouble(error.to_string()))
    }

    /// Four texts, each with its length before it; so is the answer.
    fn ask_saslauthd(&self, user: &User, password: &[u8], service: &str) -> Result<bool, Trouble> {
        let (name, realm) = user.account();
        let mut request = Vec::new();
        for text in [name, password, service.as_bytes(), realm] {
            let Ok(length) = u16::try_from(text.len()) else {
                return Ok(false);
            };
            request.extend_from_slice(&length.to_be_bytes());
            request.extend_from_slice(text);
        }
        let answer = ask(&self.saslauthd, &request, |stream| {
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            let mut answer = vec![0; usize::from(u16::from_be_bytes(length)).min(ANSWER_LIMIT)];
            stream.read_exact(&mut answer)?;
            Ok(answer)
        });
        let answer = answer.map_err(|error| {
            Trouble(format!(
                "cannot connect to saslauthd server: {}",
                reason(&error)
            ))
        })?;
        Ok(answer.starts_with(b"OK"))
    }

    /// Two texts, each with a NUL behind it; the answer ends with the connection.
    fn ask_pwcheck(&self, user: &User, password: &[u8]) -> Result<bool, Trouble> {
        let request = [user.name.as_slice(), password, b""].join(&0);
        let answer = ask(&self.pwcheck, &request, |stream| {
            let mut answer = Vec::new();
            stream.take(ANSWER_LIMIT as u64).read_to_end(&mut answer)?;
            Ok(answer)
        });
        let answer = answer.map_err(|error| {
            Trouble(format!(
                "cannot connect to pwcheck server: {}",
                reason(&error)
            ))
        })?;
        Ok(answer.starts_with(b"OK"))
    }
}

fn ask(
    path: &Path,
    request: &[u8],
    read: impl FnOnce(&mut Stream) -> io::Result<Vec<u8>>,
) -> io::Result<Vec<u8>> {
    let mut stream = Stream::new(sys::socket::unix_connect(path, TIME_LIMIT)?);
    stream.set_timeout(TIME_LIMIT);
    stream.set_deadline(Some(Instant::now() + TIME_LIMIT));
    stream.write_all(request)?;
    stream.flush()?;
    read(&mut stream)
}
