// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may submit mail, and with which sender.
//!
//! *Postfix:* global/user_acl(3), global/login_sender_match(3).

use runtime::exit;
use server::authorized;

use crate::Failure;
use crate::params::Params;

/// Checks `authorized_submit_users`. Somebody without account is called `unknown`.
pub(crate) fn to_submit(params: &Params, user: Option<&str>, uid: u32) -> Result<(), Failure> {
    let name = user.unwrap_or("unknown");
    let list = &params.authorized_submit_users;
    match authorized::is_authorized("authorized_submit_users", list, name) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let why = format!("User {name}({uid}) is not allowed to submit mail");
            Err((exit::NOPERM, why))
        }
        Err(why) => Err((exit::TEMPFAIL, why)),
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
    tables: Option<String>,
    login: String,
    null_sender: String,
    delimiters: String,
}

impl Senders {
    /// Senders for a login name; somebody without account is called `uid:N`.
    pub(crate) fn of(params: &Params, user: Option<String>, uid: u32) -> Self {
        let tables = params.local_login_sender_maps.trim();
        let tables = (tables != "static:*" && !tables.is_empty()).then(|| tables.to_owned());
        Senders {
            tables,
            login: user.unwrap_or_else(|| format!("uid:{uid}")),
            null_sender: params
                .empty_address_local_login_sender_maps_lookup_key
                .clone(),
            delimiters: params.recipient_delimiter.clone(),
        }
    }

    /// Whether the user may use this sender.
    pub(crate) fn check(&self, sender: &[u8]) -> Result<(), Refusal> {
        let Some(tables) = &self.tables else {
            return Ok(());
        };
        let found = authorized::look_up("local_login_sender_maps", tables, &self.login);
        let patterns = found.map_err(Refusal::Unsure)?.unwrap_or_default();
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
