// SPDX-License-Identifier: MIT OR Apache-2.0
//! Logins as the Cyrus SASL library would check them, by its own settings and files.
//!
//! The settings (`smtpd.conf`, [`settings`]) say who knows the passwords ([`verify`]): the daemon
//! saslauthd, or the file sasldb2 that saslpasswd2(8) writes. PLAIN and LOGIN work with both;
//! CRAM-MD5 and DIGEST-MD5 ([`digest`]) need the password itself, so they work with sasldb2.
//!
//! *Invariants*: a user who is not known is refused in the same words as a wrong password.
//!
//! *Errors*: settings that ask for something else are warned about when they are read.
//!
//! *Postfix:* xsasl_cyrus_server(3) with libsasl2.

mod digest;
mod settings;
mod verify;

use runtime::log;
use runtime::text::{base64_decode, base64_encode};

use crate::{About, Answer, Security, Server, Setup, Traits, printable};
use digest::{CramMd5, DigestMd5};
use settings::Settings;
use verify::{Trouble, User, Verifier};

/// What the library says to clients.
const BAD_PROTOCOL: &str = "bad protocol / cancel";
const BAD_LOGIN: &str = "authentication failure";
const NO_MECHANISM: &str = "no mechanism available";
const GENERIC: &str = "generic failure";

/// The longest response, name or password that makes sense.
const RESPONSE_LIMIT: usize = 2048;

/// A mechanism that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mechanism {
    DigestMd5,
    CramMd5,
    Login,
    Plain,
}

impl Mechanism {
    const ALL: [Mechanism; 4] = [
        Mechanism::DigestMd5,
        Mechanism::CramMd5,
        Mechanism::Login,
        Mechanism::Plain,
    ];

    fn name(self) -> &'static str {
        match self {
            Mechanism::DigestMd5 => "DIGEST-MD5",
            Mechanism::CramMd5 => "CRAM-MD5",
            Mechanism::Login => "LOGIN",
            Mechanism::Plain => "PLAIN",
        }
    }

    fn traits(self) -> Traits {
        let weak = Traits::ACTIVE | Traits::DICTIONARY;
        match self {
            Mechanism::DigestMd5 => weak | Traits::MUTUAL_AUTH,
            Mechanism::CramMd5 => weak,
            Mechanism::Login | Mechanism::Plain => weak | Traits::PLAINTEXT,
        }
    }

    /// Whether the server must know the password itself.
    fn needs_password(self) -> bool {
        matches!(self, Mechanism::DigestMd5 | Mechanism::CramMd5)
    }

    fn find(name: &str) -> Option<Mechanism> {
        let mut all = Mechanism::ALL.into_iter();
        all.find(|mechanism| name.eq_ignore_ascii_case(mechanism.name()))
    }
}

/// Where a dialogue stands.
enum Step {
    /// Nothing is expected.
    Over,
    Plain,
    LoginName,
    LoginPassword(Vec<u8>),
    CramMd5(CramMd5),
    DigestMd5(DigestMd5),
    /// The client has heard that we know its password too.
    Proved(String),
}

/// The library's part.
pub(crate) struct Cyrus {
    mechanisms: Vec<Mechanism>,
    verifier: Verifier,
    host: String,
    /// smtpd_sasl_local_domain.
    realm: String,
    service: String,
    offered: Vec<Mechanism>,
    step: Step,
    user: Option<String>,
}

impl Cyrus {
    /// Reads the settings.
    pub(crate) fn open(setup: &Setup) -> Result<Cyrus, String> {
        let settings = Settings::find(&setup.directories, &setup.path)?;
        let verifier = Verifier::of(&settings);
        Ok(Cyrus {
            mechanisms: mechanisms(&settings, &verifier),
            verifier,
            host: setup.host.clone(),
            realm: setup.realm.clone(),
            service: String::new(),
            offered: Vec::new(),
            step: Step::Over,
            user: None,
        })
    }

    /// The user with this name: users who name no domain belong to ours, if we have one.
    fn named(&self, name: &[u8]) -> User {
        let mut name = name.trim_ascii().to_vec();
        if !self.realm.is_empty() && !name.contains(&b'@') {
            name.push(b'@');
            name.extend_from_slice(self.realm.as_bytes());
        }
        User::new(name, &self.realm, &self.host)
    }

    /// Goes on with a decoded response.
    fn respond(&mut self, response: &[u8]) -> Answer {
        if response.len() > RESPONSE_LIMIT {
            return refused(BAD_PROTOCOL);
        }
        match std::mem::replace(&mut self.step, Step::Over) {
            Step::Over => refused(BAD_PROTOCOL),
            Step::Plain => self.plain(response),
            Step::LoginName => {
                self.step = Step::LoginPassword(response.to_vec());
                challenge(b"Password:")
            }
            Step::LoginPassword(name) => self.check(&name, response),
            Step::CramMd5(dialogue) => match dialogue.split(response) {
                Some((name, digest)) => {
                    let user = self.named(name);
                    let answer = self.prove(&user, |password| dialogue.is_right(password, digest));
                    answer.unwrap_or_else(|| Answer::Success(user.shown()))
                }
                None => refused(BAD_PROTOCOL),
            },
            Step::DigestMd5(dialogue) => match dialogue.read(response) {
                Some(claim) => {
                    let user = User::new(claim.user.clone(), &claim.realm, &self.host);
                    let mut proof = None;
                    let refusal = self.prove(&user, |password| {
                        proof = dialogue.proof(&claim, password);
                        proof.is_some()
                    });
                    match (refusal, proof) {
                        (None, Some(proof)) => {
                            let user = self.named(&claim.user);
                            self.step = Step::Proved(user.shown());
                            challenge(proof.as_bytes())
                        }
                        (refusal, _) => refusal.unwrap_or_else(|| refused(BAD_LOGIN)),
                    }
                }
                None => refused(BAD_PROTOCOL),
            },
            Step::Proved(user) if response.is_empty() => Answer::Success(user),
            Step::Proved(_) => refused(BAD_PROTOCOL),
        }
    }

    /// RFC 4616: whom to act for, a user, a password. Nobody may act for somebody else.
    fn plain(&mut self, response: &[u8]) -> Answer {
        let fields: Vec<&[u8]> = response.split(|&b| b == 0).collect();
        let [other, name, password] = fields[..] else {
            return refused(BAD_PROTOCOL);
        };
        if !other.is_empty() && self.named(other) != self.named(name) {
            self.user = Some(printable(name));
            return refused(BAD_LOGIN);
        }
        let answer = self.check(name, password);
        if !matches!(answer, Answer::Success(_)) {
            log::warning("SASL authentication failure: Password verification failed");
        }
        answer
    }

    /// Checks a password that the client told us.
    fn check(&mut self, name: &[u8], password: &[u8]) -> Answer {
        let user = self.named(name);
        self.user = Some(user.shown());
        if name.is_empty() || password.is_empty() || password.contains(&0) || name.contains(&0) {
            return refused(BAD_LOGIN);
        }
        match self.verifier.check(&user, password, &self.service) {
            Ok(true) => Answer::Success(user.shown()),
            Ok(false) => refused(BAD_LOGIN),
            Err(trouble) => unavailable(&trouble),
        }
    }

    /// Whether a client knows a password that we know; what comes back is the refusal.
    fn prove(&mut self, user: &User, is_right: impl FnOnce(&[u8]) -> bool) -> Option<Answer> {
        self.user = Some(user.shown());
        match self.verifier.password(user) {
            Ok(Some(password)) if is_right(&password) => None,
            Ok(_) => Some(refused(BAD_LOGIN)),
            Err(trouble) => Some(unavailable(&trouble)),
        }
    }
}

impl Server for Cyrus {
    fn mechanisms(&mut self, security: Security) -> Vec<String> {
        self.user = None;
        let allowed = self.mechanisms.iter().copied();
        self.offered = allowed
            .filter(|mechanism| security.allows(mechanism.traits()))
            .collect();
        if self.offered.is_empty() {
            log::warning("no applicable SASL mechanisms");
        }
        let names = self.offered.iter().map(|mechanism| mechanism.name());
        names.map(str::to_owned).collect()
    }

    fn begin(&mut self, about: &About, mechanism: &str, initial: Option<&str>) -> Answer {
        self.step = Step::Over;
        self.user = None;
        self.service.clone_from(&about.service);
        let found = Mechanism::find(mechanism).filter(|found| self.offered.contains(found));
        let Some(mechanism) = found else {
            return refused(NO_MECHANISM);
        };
        if mechanism.needs_password() && initial.is_some() {
            return refused(BAD_PROTOCOL);
        }
        let (step, question) = match mechanism {
            Mechanism::Plain => (Step::Plain, String::new()),
            Mechanism::Login => (Step::LoginName, "Username:".to_owned()),
            Mechanism::CramMd5 => {
                let dialogue = CramMd5::new(&nonce(), &self.host);
                let question = dialogue.challenge.clone();
                (Step::CramMd5(dialogue), question)
            }
            Mechanism::DigestMd5 => {
                let realm = if self.realm.is_empty() {
                    &self.host
                } else {
                    &self.realm
                };
                let dialogue = DigestMd5::new(&nonce(), realm);
                let question = dialogue.challenge();
                (Step::DigestMd5(dialogue), question)
            }
        };
        self.step = step;
        match initial {
            Some("=") => self.respond(b""),
            Some(initial) => self.answer(initial),
            None => challenge(question.as_bytes()),
        }
    }

    fn answer(&mut self, response: &str) -> Answer {
        match base64_decode(response.as_bytes()) {
            Some(response) => self.respond(&response),
            None => refused(BAD_PROTOCOL),
        }
    }

    fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }
}

/// What the settings offer. Without a list, everything that the passwords are good for.
fn mechanisms(settings: &Settings, verifier: &Verifier) -> Vec<Mechanism> {
    let Some(list) = &settings.mechanisms else {
        let knows_passwords = verifier.knows_passwords();
        let all = Mechanism::ALL.into_iter();
        return all
            .filter(|mechanism| knows_passwords || !mechanism.needs_password())
            .collect();
    };
    let mut found = Vec::new();
    for name in list {
        match Mechanism::find(name) {
            Some(mechanism) => found.push(mechanism),
            None => log::warning(format_args!("SASL mechanism {name} is not available")),
        }
    }
    found
}

fn nonce() -> String {
    let mut bytes = [0; 18];
    if getrandom::fill(&mut bytes).is_err() {
        log::fatal("no random numbers for SASL challenges");
    }
    base64_encode(&bytes)
}

fn challenge(text: &[u8]) -> Answer {
    Answer::Challenge(base64_encode(text))
}

fn refused(text: &str) -> Answer {
    Answer::Refused(text.to_owned())
}

fn unavailable(trouble: &Trouble) -> Answer {
    log::warning(format_args!("SASL authentication failure: {trouble}"));
    Answer::Unavailable(GENERIC.to_owned())
}

#[cfg(test)]
mod tests;
