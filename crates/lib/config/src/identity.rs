// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold before a program may do anything: host names that are host names, and
//! accounts that exist and are apart from each other.
//!
//! *Invariants*: `mail_owner`, `setgid_group` and `default_privs` are not privileged, and no
//! two of them share an id. Where one ordinary user runs the whole system as themselves, only
//! existence is checked: there is nothing to keep apart.
//!
//! *Errors*: in the words of the original, with the place of the setting.
//!
//! *Postfix:* `global/mail_params.c`.

use std::io;

use runtime::net::port;

use crate::common;
use crate::error::{ConfigError, reason};
use crate::main_cf::MainCf;
use crate::value::words;

crate::select! {
    struct Params {
        default_privs,
        known_tcp_ports,
        mail_owner,
        myhostname,
        myorigin,
        relayhost,
        setgid_group,
    }
}

/// The accounts of the mail system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// User id of `mail_owner`.
    pub owner_uid: u32,
    /// Group id of `mail_owner`.
    pub owner_gid: u32,
    /// Group id of `setgid_group`.
    pub setgid_gid: u32,
    /// User id of `default_privs`.
    pub default_uid: u32,
    /// Group id of `default_privs`.
    pub default_gid: u32,
}

/// Checks names and accounts, as every program does at its start, and has the process know the
/// ports of `known_tcp_ports`.
pub fn verify(main_cf: &MainCf) -> Result<Identity, ConfigError> {
    common::check(main_cf)?;
    let params = Params::load(main_cf)?;
    for complaint in port::know(&params.known_tcp_ports) {
        main_cf.warn(format!("known_tcp_ports: {complaint}"));
    }
    for (name, value) in [
        ("myorigin", &params.myorigin),
        ("relayhost", &params.relayhost),
    ] {
        if words(value).nth(1).is_some() {
            let why = format!("{name} parameter setting must not contain multiple values: {value}");
            return Err(main_cf.located(name, &why));
        }
    }
    if params.relayhost.eq_ignore_ascii_case(&params.myhostname) {
        let why = "myhostname and relayhost parameter settings must not be identical";
        return Err(main_cf.located("relayhost", &format!("{why}: {}", params.relayhost)));
    }
    accounts(main_cf, &params)
}

/// Looks the accounts up and checks that they are apart.
fn accounts(main_cf: &MainCf, params: &Params) -> Result<Identity, ConfigError> {
    let file = main_cf.file();
    let refusal = |name: &str, why: String| {
        main_cf.located(name, &format!("file {file}: parameter {name}: {why}"))
    };
    let failed = |error: io::Error| {
        ConfigError::Value(format!("cannot look up accounts: {}", reason(&error)))
    };
    let user = |name: &str, value: &str| match sys::users::by_name(value).map_err(failed)? {
        Some(user) => Ok((user.uid, user.gid)),
        None => Err(refusal(name, format!("unknown user name value: {value}"))),
    };
    let (owner_uid, owner_gid) = user("mail_owner", &params.mail_owner)?;
    let (default_uid, default_gid) = user("default_privs", &params.default_privs)?;
    let group = &params.setgid_group;
    let Some(setgid_gid) = sys::users::group_by_name(group).map_err(failed)? else {
        return Err(refusal(
            "setgid_group",
            format!("unknown group name: {group}"),
        ));
    };
    let identity = Identity {
        owner_uid,
        owner_gid,
        setgid_gid,
        default_uid,
        default_gid,
    };
    let self_contained = owner_uid != 0 && owner_uid == sys::users::real_uid();
    if self_contained {
        return Ok(identity);
    }
    for (name, value, uid, gid) in [
        (
            "default_privs",
            &params.default_privs,
            default_uid,
            default_gid,
        ),
        ("mail_owner", &params.mail_owner, owner_uid, owner_gid),
    ] {
        if uid == 0 {
            return Err(refusal(
                name,
                format!("user {value} has privileged user ID"),
            ));
        }
        if gid == 0 {
            return Err(refusal(
                name,
                format!("user {value} has privileged group ID"),
            ));
        }
    }
    if setgid_gid == 0 {
        return Err(refusal(
            "setgid_group",
            format!("group {group} has privileged group ID"),
        ));
    }
    apart(main_cf, params, &identity)
}

/// Checks that no two accounts share an id.
fn apart(main_cf: &MainCf, params: &Params, ids: &Identity) -> Result<Identity, ConfigError> {
    let file = main_cf.file();
    let refuse =
        |name: &str, why: String| Err(main_cf.located(name, &format!("file {file}: {why}")));
    let Params {
        default_privs,
        mail_owner,
        setgid_group,
        ..
    } = params;
    if ids.default_uid == ids.owner_uid {
        let pair = "parameters default_privs and mail_owner specify the same user";
        return refuse("mail_owner", format!("{pair} {mail_owner}"));
    }
    if ids.default_gid == ids.owner_gid {
        let pair = "parameters default_privs and mail_owner";
        let why = format!("{pair}: users {default_privs} and {mail_owner} have the same group ID");
        return refuse("mail_owner", format!("{why}: {}", ids.owner_gid));
    }
    for (name, user, gid) in [
        ("default_privs", default_privs, ids.default_gid),
        ("mail_owner", mail_owner, ids.owner_gid),
    ] {
        if gid == ids.setgid_gid {
            let pair = format!("parameters {name} and setgid_group");
            let why =
                format!("{pair}: user {user} and group {setgid_group} have the same group ID");
            return refuse("setgid_group", format!("{why}: {gid}"));
        }
    }
    Ok(ids.clone())
}

#[cfg(test)]
mod tests {
    use super::verify;
    use crate::MainCf;
    use std::path::Path;

    fn refusal(settings: &str) -> String {
        let text =
            format!("myhostname = h.example\nmail_owner = mail\nsetgid_group = news\n{settings}\n");
        let main_cf = MainCf::from_text(Path::new("/cf"), &text).expect("good syntax");
        verify(&main_cf).map_or_else(|error| error.to_string(), |_| "accepted".to_string())
    }

    #[test]
    fn names_and_accounts_are_checked() {
        let place = "(/cf/main.cf, line 4)";
        for (setting, expected) in [
            ("", "accepted".to_string()),
            (
                "myhostname = foo bar",
                format!(
                    "file /cf/main.cf: parameter myhostname: bad parameter value: foo bar {place}"
                ),
            ),
            (
                "myorigin = a b",
                format!("myorigin parameter setting must not contain multiple values: a b {place}"),
            ),
            (
                "relayhost = h.example",
                format!(
                    "myhostname and relayhost parameter settings must not be identical: \
                     h.example {place}"
                ),
            ),
            (
                "mail_owner = nosuch",
                format!(
                    "file /cf/main.cf: parameter mail_owner: unknown user name value: nosuch {place}"
                ),
            ),
            (
                "setgid_group = nosuch",
                format!(
                    "file /cf/main.cf: parameter setgid_group: unknown group name: nosuch {place}"
                ),
            ),
            (
                "mail_owner = root",
                format!(
                    "file /cf/main.cf: parameter mail_owner: user root has privileged user ID {place}"
                ),
            ),
            (
                "mail_owner = news",
                "file /cf/main.cf: parameters mail_owner and setgid_group: user news and group \
                 news have the same group ID: 9 (/cf/main.cf, line 3)"
                    .to_string(),
            ),
            (
                "mail_owner = nobody",
                format!(
                    "file /cf/main.cf: parameters default_privs and mail_owner specify the same \
                     user nobody {place}"
                ),
            ),
        ] {
            assert_eq!(refusal(setting), expected, "{setting}");
        }
    }
}
