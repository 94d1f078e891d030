// SPDX-License-Identifier: MIT OR Apache-2.0
//! `$name` in forward_path, luser_relay and command_execution_directory: the attributes of a
//! delivery.
//!
//! *Invariants:* values come from mail; with a filter every character that is not in it is
//! replaced by `_`. Values are not expanded again.
//!
//! *Postfix:* local_expand(3), mac_expand(3).

use std::borrow::Cow;

use config::ConfigError;
use config::expand::{Use, expand_observed};
use ipc::services::delivery::ClientOfMessage;

use crate::step::Step;

/// An expanded text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// The text.
    pub(crate) text: String,
    /// Whether a name without value stood in it.
    pub(crate) undefined: bool,
    /// Whether the address extension stands in it.
    pub(crate) uses_extension: bool,
}

/// Expands a text. Without `filter` values are inserted as they are.
///
/// # Errors
/// The text itself is malformed.
pub(crate) fn expand(
    text: &str,
    step: &Step,
    client: &ClientOfMessage,
    delimiters: &[u8],
    filter: Option<&str>,
) -> Result<Expanded, ConfigError> {
    let mut undefined = false;
    let mut uses_extension = false;
    let mut lookup = |name: &str, usage: Use| {
        let value = value_of(name, step, client, delimiters);
        if usage == Use::Inserted {
            undefined |= value.is_none();
            uses_extension |= name == "extension";
        }
        Ok(value.map(|value| Cow::Owned(filtered(&value, filter))))
    };
    let text = expand_observed(text, &mut lookup)?;
    Ok(Expanded {
        text,
        undefined,
        uses_extension,
    })
}

/// Replaces what is not in the filter.
pub(crate) fn filtered(value: &[u8], filter: Option<&str>) -> String {
    let text = String::from_utf8_lossy(value);
    match filter {
        None => text.into_owned(),
        Some(filter) => text
            .chars()
            .map(|c| if filter.contains(c) { c } else { '_' })
            .collect(),
    }
}

fn value_of(
    name: &str,
    step: &Step,
    client: &ClientOfMessage,
    delimiters: &[u8],
) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let rights = step.rights.as_ref();
    match name {
        "user" => Some(step.name.user.clone()),
        "local" | "mailbox" => Some(step.name.local.clone()),
        "domain" => step.name.domain.clone(),
        "recipient" => Some(step.recipient.address.clone()),
        "extension" => step.name.extension.clone(),
        "recipient_delimiter" => step
            .name
            .delimiter
            .or(delimiters.first().copied())
            .map(|delimiter| vec![delimiter]),
        "home" => rights.map(|rights| rights.home.as_os_str().as_bytes().to_vec()),
        "shell" => rights.map(|rights| rights.shell.as_bytes().to_vec()),
        "client_hostname" => Some(client.name.clone()),
        "client_address" => Some(client.address.clone()),
        "client_helo" => Some(client.helo.clone()),
        "client_protocol" => Some(client.protocol.clone()),
        "sasl_method" => Some(client.sasl_method.clone()),
        "sasl_sender" => Some(client.sasl_sender.clone()),
        "sasl_username" => Some(client.sasl_username.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Name;
    use crate::users::Rights;
    use ipc::services::Recipient;
    use mail::dsn::Ret;

    fn expanded(text: &str, address: &str, filter: Option<&str>) -> Expanded {
        let mut step = Step::new(Recipient::new(address), b"", b"", Ret::empty());
        step.name = Name::of(address.as_bytes(), b"+");
        step.rights = Some(Rights {
            uid: 1,
            gid: 1,
            name: "joe".into(),
            home: "/home/joe".into(),
            shell: "/bin/sh".into(),
        });
        expand(text, &step, &ClientOfMessage::default(), b"+", filter).unwrap()
    }

    #[test]
    fn the_default_forward_path_needs_an_extension_for_its_first_entry() {
        let entry = "$home/.forward${recipient_delimiter}${extension}";
        let with = expanded(entry, "joe+x@example.org", None);
        assert_eq!(with.text, "/home/joe/.forward+x");
        assert!(with.uses_extension && !with.undefined);
        assert!(expanded(entry, "joe@example.org", None).undefined);
    }

    #[test]
    fn tests_of_names_do_not_count_as_uses() {
        let result = expanded("${extension?ext}${domain?@}", "joe@example.org", None);
        assert_eq!(
            result,
            Expanded {
                text: "@".into(),
                undefined: false,
                uses_extension: false
            }
        );
    }

    #[test]
    fn characters_outside_the_filter_become_underscores() {
        let letters = "abcdefghijklmnopqrstuvwxyz./";
        assert_eq!(
            expanded("$home/$extension", "joe+a;b@x", Some(letters)).text,
            "/home/joe/a_b"
        );
    }

    #[test]
    fn values_are_not_expanded_again() {
        assert_eq!(expanded("$local", "joe+$home@x", None).text, "joe+$home");
    }
}
