// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery to local mailboxes, files and commands.

use crate::table::{built_in, parameters};

const DEFAULT_PRIVS: &str = built_in(option_env!("POSTHORN_DEFAULT_PRIVS"), "nobody");
const MAIL_SPOOL: &str = built_in(option_env!("POSTHORN_MAIL_SPOOL_DIRECTORY"), "/var/mail");

parameters! {
    /// Tables rebuilt by newaliases / sendmail -bi / postalias without file; may be a subset of
    /// `alias_maps`.
    alias_database: Tables = "$default_database_type:/etc/aliases";
    /// local(8) alias tables, searched by localpart only; the nis: part is there only in builds
    /// with NIS (the reference build on Linux has it: built from `sys_defs`.h HAS_NIS).
    alias_maps: Tables = "$default_database_type:/etc/aliases";
    /// Contexts where `|command` targets are honoured: alias, forward, include.
    allow_mail_to_commands: List = "alias, forward";
    /// Contexts where /file/name targets are honoured: alias, forward, include.
    allow_mail_to_files: List = "alias, forward";
    /// Send a comsat UDP notification after local mailbox delivery.
    biff: Flag = "yes";
    /// Working directory for external commands run by local(8); own $name expansions, not
    /// main.cf ones; failure defers.
    command_execution_directory: Raw = "", since "2.2";
    /// Characters allowed in expansions of `mailbox_command` and `command_execution_directory`;
    /// others become `_`.
    command_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Kill limit for external commands of local(8) and default of pipe(8)
    /// TRANSPORT_time_limit.
    command_time_limit: Time = "1000s", at_least 1;
    /// User for file/command delivery from root-owned aliases and for root's own mail.
    default_privs: Text = DEFAULT_PRIVS, at_least 1;
    /// Attempts to lock a mailbox or bounce log.
    deliver_lock_attempts: Int = "20", at_least 1;
    /// Pause between those attempts.
    deliver_lock_delay: Time = "1s", at_least 1;
    /// Characters allowed in expansions for `command_execution_directory`.
    execution_directory_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1, since "2.2";
    /// Use the expansion of owner-list as envelope sender instead of the name owner-list.
    expand_owner_alias: Flag = "no";
    /// Transport of local(8) for recipients neither in aliases nor in passwd.
    fallback_transport: Service = "";
    /// Per-recipient form of `fallback_transport`.
    fallback_transport_maps: Tables = "", since "2.3";
    /// Characters allowed in expansions of `forward_path`.
    forward_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Search list of .forward files, first existing wins; own $name expansions.
    forward_path: Raw = "$home/.forward${recipient_delimiter}${extension}, $home/.forward";
    /// Fix the Delivered-To: address at the start of delivery instead of updating it during
    /// alias/forward expansion.
    frozen_delivered_to: Flag = "yes", since "2.3";
    /// Mailbox relative to the home directory; trailing `/` = maildir.
    home_mailbox: Text = "";
    /// Shell used for all local(8) commands instead of direct exec.
    local_command_shell: Text = "";
    /// Status filter of local(8).
    local_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// Parallel deliveries to one local recipient (or domain when the recipient limit \> 1).
    local_destination_concurrency_limit: Int = "2";
    /// 1: deliver per recipient.
    local_destination_recipient_limit: Int = "1";
    /// Catch-all of local(8) for unknown users; own $name expansions.
    luser_relay: Raw = "";
    /// Mailbox directory; trailing `/` = maildir; maildirs need a pre-made parent.
    mail_spool_directory: Text = MAIL_SPOOL;
    /// Delivery command of local(8), run as recipient (`default_privs` for root); not
    /// $name-expanded; environment has SENDER, RECIPIENT, EXTENSION ….
    mailbox_command: Raw = "";
    /// Per-recipient form of `mailbox_command`.
    mailbox_command_maps: Tables = "";
    /// Lock methods for mbox (fcntl, flock, dotlock), tried in order.
    mailbox_delivery_lock: List = "fcntl, dotlock", at_least 1;
    /// Largest mailbox file or file written during local delivery (also RLIMIT_FSIZE for
    /// commands); must be ≥ `message_size_limit` unless 0.
    mailbox_size_limit: Size = "51200000";
    /// Transport for all local recipients (known or unknown).
    mailbox_transport: Service = "";
    /// Per-recipient form of `mailbox_transport`.
    mailbox_transport_maps: Tables = "", since "2.3";
    /// Owner-list and list-request are not split at `-` and get owner handling.
    owner_request_special: Flag = "yes";
    /// Contexts (command, file, forward) where local(8) prepends Delivered-To:; needed for loop
    /// detection.
    prepend_delivered_header: List = "command, file, forward";
    /// Defer local delivery when the home directory is missing.
    require_home_directory: Flag = "no";
    /// Forget the parent's owner- alias when a child alias has none.
    reset_owner_alias: Flag = "no", since "2.8";
    /// Age at which a dotlock is stolen.
    stale_lock_time: Time = "500s", at_least 1;
    /// Defer when a mailbox is not owned by the recipient.
    strict_mailbox_ownership: Flag = "yes", since "2.5";
    /// Obsolete.
    sun_mailtool_compatibility: Flag = "no";
}
