// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an agent has for all its deliveries: settings, tables and the ways to other services.
//!
//! *Errors:* texts of fatal lines, for parameters that cannot be used.
//!
//! *Postfix:* the start of local(8), default_privs in `mail_params`.

use std::time::Duration;

use config::value::words;
use delivery::Reporter;
use delivery::filter::StatusFilter;
use delivery::mailbox::{Identity, LockMethods, LockPatience};
use delivery::record::Records;
use ipc::client::Endpoint;
use ipc::flags::{CleanupFlags, MailSource};
use ipc::services::rewrite;
use maps::{Maps, Options};
use queue::Layout;

use crate::params::Params;
use crate::step::Origin;
use crate::users::{SystemUsers, Users};

/// Where a kind of target is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origins {
    pub(crate) alias: bool,
    pub(crate) forward: bool,
    pub(crate) include: bool,
}

impl Origins {
    pub(crate) fn contain(self, origin: Option<Origin>) -> bool {
        match origin {
            Some(Origin::Alias) => self.alias,
            Some(Origin::Forward) => self.forward,
            Some(Origin::Include) => self.include,
            None => false,
        }
    }
}

/// Where `Delivered-To:` goes in front of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeliveredHeader {
    pub(crate) command: bool,
    pub(crate) file: bool,
    pub(crate) forward: bool,
}

/// Everything that stays the same from one message to the next.
pub(crate) struct Agent {
    pub(crate) params: Params,
    pub(crate) layout: Layout,
    pub(crate) reporter: Reporter,
    pub(crate) users: Box<dyn Users>,
    pub(crate) rewriter: rewrite::Client,
    pub(crate) cleanup: Endpoint,
    pub(crate) cleanup_flags: CleanupFlags,
    pub(crate) aliases: Maps,
    pub(crate) mailbox_transports: Maps,
    pub(crate) mailbox_commands: Maps,
    pub(crate) fallback_transports: Maps,
    pub(crate) commands_allowed: Origins,
    pub(crate) files_allowed: Origins,
    pub(crate) extensions_propagated: Origins,
    pub(crate) delivered_header: DeliveredHeader,
    pub(crate) default_identity: Identity,
    pub(crate) locks: LockMethods,
    pub(crate) patience: LockPatience,
}

impl Agent {
    /// `file` is main.cf, for messages.
    pub(crate) fn new(params: Params, file: &str) -> Result<Self, String> {
        let text = |error: maps::OpenError| error.to_string();
        let users = Box::new(SystemUsers);
        check_mailbox_limit(&params)?;
        let default_identity = default_identity(&*users, &params.default_privs)
            .map_err(|why| format!("file {file}: parameter default_privs: {why}"))?;
        let mut options = Options::of(&params.status.tables);
        // Aliases and mailbox commands say what is done as which user.
        options.sensitive = true;
        let open = |title, list: &str| Maps::open(title, list, &options).map_err(text);
        let filter = StatusFilter::open(
            "local_delivery_status_filter",
            &params.local_delivery_status_filter,
            &options,
        );
        let records = Records::new(&params.status).map_err(text)?;
        Ok(Self {
            layout: Layout::relative(&params.hash_queue_names, params.hash_queue_depth),
            reporter: Reporter::new(&params.status, records, filter.map_err(text)?),
            rewriter: rewrite::Client::new(Endpoint::private(&params.rewrite_service_name)),
            cleanup: Endpoint::public(&params.cleanup_service_name),
            cleanup_flags: cleanup_flags(&params),
            aliases: open("aliases", &params.alias_maps)?,
            mailbox_transports: open("mailbox_transport_maps", &params.mailbox_transport_maps)?,
            mailbox_commands: open("mailbox_command_maps", &params.mailbox_command_maps)?,
            fallback_transports: open("fallback_transport_maps", &params.fallback_transport_maps)?,
            commands_allowed: origins("allow_mail_to_commands", &params.allow_mail_to_commands)?,
            files_allowed: origins("allow_mail_to_files", &params.allow_mail_to_files)?,
            extensions_propagated: propagated(&params.propagate_unmatched_extensions)?,
            delivered_header: delivered_header(&params.prepend_delivered_header)?,
            default_identity,
            locks: LockMethods::parse(&params.mailbox_delivery_lock).map_err(|word| {
                unknown_value(
                    "mailbox_delivery_lock",
                    &word,
                    &params.mailbox_delivery_lock,
                )
            })?,
            patience: LockPatience {
                attempts: u32::try_from(params.deliver_lock_attempts).unwrap_or(1),
                delay: params.deliver_lock_delay,
                stale_after: params.stale_lock_time,
            },
            users,
            params,
        })
    }

    /// The name of a table that changed since it was opened.
    pub(crate) fn changed(&self) -> Option<&str> {
        [
            &self.aliases,
            &self.mailbox_transports,
            &self.mailbox_commands,
            &self.fallback_transports,
        ]
        .into_iter()
        .find_map(Maps::changed)
        .or_else(|| self.reporter.changed())
    }

    pub(crate) fn delimiters(&self) -> &[u8] {
        self.params.recipient_delimiter.as_bytes()
    }

    pub(crate) fn ipc_timeout(&self) -> Duration {
        self.params.status.ipc_timeout
    }
}

/// A mailbox must be able to hold a message.
fn check_mailbox_limit(params: &Params) -> Result<(), String> {
    let (mailbox, message) = (params.mailbox_size_limit, params.message_size_limit);
    if mailbox == 0 || (message != 0 && mailbox >= message) {
        return Ok(());
    }
    Err(if message == 0 {
        "configuration error: mailbox_size_limit is limited but message_size_limit is \
         unlimited"
            .to_owned()
    } else {
        "configuration error: mailbox_size_limit is smaller than message_size_limit".to_owned()
    })
}

fn unknown_value(parameter: &str, word: &str, list: &str) -> String {
    format!("unknown {parameter} value \"{word}\" in \"{list}\"")
}

/// The bits of a list of words; the error names the one that is unknown.
fn mask<const N: usize>(
    parameter: &str,
    list: &str,
    names: [&str; N],
) -> Result<[bool; N], String> {
    let mut set = [false; N];
    for word in words(list) {
        let place = names
            .iter()
            .position(|name| word.eq_ignore_ascii_case(name));
        match place.and_then(|place| set.get_mut(place)) {
            Some(bit) => *bit = true,
            None => return Err(unknown_value(parameter, word, list)),
        }
    }
    Ok(set)
}

fn origins(parameter: &str, list: &str) -> Result<Origins, String> {
    let [alias, forward, include] = mask(parameter, list, ["alias", "forward", "include"])?;
    Ok(Origins {
        alias,
        forward,
        include,
    })
}

fn propagated(list: &str) -> Result<Origins, String> {
    let names = [
        "alias",
        "forward",
        "include",
        "canonical",
        "virtual",
        "generic",
    ];
    let [alias, forward, include, ..] = mask("propagate_unmatched_extensions", list, names)?;
    Ok(Origins {
        alias,
        forward,
        include,
    })
}

fn delivered_header(list: &str) -> Result<DeliveredHeader, String> {
    let names = ["command", "file", "forward"];
    let [command, file, forward] = mask("prepend_delivered_header", list, names)?;
    Ok(DeliveredHeader {
        command,
        file,
        forward,
    })
}

fn cleanup_flags(params: &Params) -> CleanupFlags {
    let autodetected = if params.smtputf8_enable {
        words(&params.smtputf8_autodetect_classes)
            .filter_map(MailSource::from_class)
            .collect()
    } else {
        MailSource::empty()
    };
    CleanupFlags::BOUNCE | MailSource::FORWARD.internal_flags(MailSource::empty(), autodetected)
}

/// Who files and commands belong to when no user asked for them.
fn default_identity(users: &dyn Users, name: &str) -> Result<Identity, String> {
    let user = users
        .by_name(name.as_bytes())
        .map_err(|error| format!("cannot look up user {name}: {error}"))?
        .ok_or_else(|| format!("unknown user name value: {name}"))?;
    if user.uid == 0 || user.gid == 0 {
        let kind = if user.uid == 0 { "user" } else { "group" };
        return Err(format!("{kind} {name} has privileged {kind} ID"));
    }
    Ok(Identity {
        uid: user.uid,
        gid: user.gid,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_in_lists_are_named() {
        assert_eq!(
            origins("allow_mail_to_files", "alias, files").unwrap_err(),
            "unknown allow_mail_to_files value \"files\" in \"alias, files\""
        );
        assert!(propagated("canonical, virtual").is_ok());
        let header = delivered_header("command, forward").unwrap();
        assert!(header.command && header.forward && !header.file);
    }
}
