// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may submit mail, and with which sender.
//!
//! *Postfix:* global/user_acl(3), global/login_sender_match(3).

use maps::{Maps, Options, StringList};
use runtime::exit;

use crate::Failure;
use crate::params::Params;

/// Checks `authorized_submit_users`. Somebody without account is called `unknown`.
pub(crate) fn to_submit(params: &Params, user: Option<&str>, uid: u32) -> Result<(), Failure> {
    let unsure = |why: String| (exit::TEMPFAIL, why);
    let text = &params.authorized_submit_users;
    let mut list = StringList::parse("authorized_submit_users", text, &Options::default())
        .map_err(|error| unsure(error.to_string()))?;
    let name = user.unwrap_or("unknown");
    match list.matches(name.as_bytes()) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let why = format!("User {name}({uid}) is not allowed to submit mail");
            Err((exit::NOPERM, why))
        }
        Err(error) => Err(unsure(format!("authorized_submit_users: {error}"))),
    }
}

/// Why a sender is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The user may not use it.
    NotAllowed(String),
    /// It cannot be found out now.
    Unsure(String),
}

/// The senders that a user may use: `local_login_sender_maps`.
pub(crate) struct Senders {
    /// None where everybody may use any, as is the default.
    tables: Option<Maps>,
    login: String,
    null_sender: String,
    delimiters: String,
}

impl Senders {
    /// Opens the tables. Somebody without account is called `uid:N`.
    pub(crate) fn open(params: &Params, user: Option<String>, uid: u32) -> Result<Self, Failure> {
        let text = &params.local_login_sender_maps;
        let tables = if text.trim() == "static:*" || text.trim().is_empty() {
            None
        } else {
            let tables = Maps::open("local_login_sender_maps", text, &Options::default());
            Some(tables.map_err(|error| (exit::TEMPFAIL, error.to_string()))?)
        };
        Ok(Senders {
            tables,
            login: user.unwrap_or_else(|| format!("uid:{uid}")),
            null_sender: params
                .empty_address_local_login_sender_maps_lookup_key
                .clone(),
            delimiters: params.recipient_delimiter.clone(),
        })
    }

    /// Whether the user may use this sender.
    pub(crate) fn check(&mut self, sender: &[u8]) -> Result<(), Refusal> {
        let Some(tables) = &mut self.tables else {
            return Ok(());
        };
        let found = tables.get(self.login.as_bytes());
        let found = found.map_err(|error| {
            Refusal::Unsure(format!(
                "local_login_sender_maps lookup error for {}: {error}",
                self.login
            ))
        })?;
        let patterns = String::from_utf8_lossy(&found.unwrap_or_default()).into_owned();
        let sender = String::from_utf8_lossy(sender).into_owned();
        let bare = self.without_extension(&sender);
        let domain = bare.rfind('@').and_then(|at| bare.get(at..));
        let allowed = config::value::words(&patterns).any(|pattern| {
            pattern == "*"
                || sender.is_empty() && pattern == self.null_sender
                || !sender.is_empty() && pattern.eq_ignore_ascii_case(&bare)
                || domain.is_some_and(|domain| pattern.eq_ignore_ascii_case(domain))
        });
        if allowed {
            return Ok(());
        }
        let login = &self.login;
        Err(Refusal::NotAllowed(format!(
            "login {login} is not authorized to use sender <{sender}>"
        )))
    }

    fn without_extension(&self, sender: &str) -> String {
        let delimiters = self.delimiters.as_bytes();
        let stripped = mail::address::strip_extension(sender.as_bytes(), delimiters);
        stripped.map_or_else(
            || sender.to_owned(),
            |address| String::from_utf8_lossy(&address).into_owned(),
        )
    }
}
