// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery to virtual mailboxes.

use crate::table::parameters;

parameters! {
    /// The `default_delivery_status_filter` of virtual(8).
    virtual_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// Tables with the group id that writes the mailbox of a recipient.
    ///
    /// Keys are looked up as in `virtual_mailbox_maps`; the result is a number above 0.
    /// `static:5000` gives all mailboxes the same group. A recipient without an entry is not
    /// delivered: the mail waits.
    virtual_gid_maps: Tables = "";
    /// The directory that stands before each result of `virtual_mailbox_maps`.
    ///
    /// It is put in front as it is, with a slash between. virtual(8) does not start without it: a
    /// mistake in a table then cannot write outside this directory.
    virtual_mailbox_base: Text = "", at_least 1;
    /// The largest size of a virtual mailbox file, or of a message in a maildir; 0 means no limit.
    ///
    /// It must not be smaller than `message_size_limit`; virtual(8) refuses to start otherwise. It
    /// is no quota: for quotas deliver with another mail store by `virtual_transport`.
    virtual_mailbox_limit: Size = "51200000";
    /// How virtual(8) locks a mailbox file; the words are those of `mailbox_delivery_lock`.
    virtual_mailbox_lock: List = "fcntl, dotlock", at_least 1;
    /// The recipients of `virtual_mailbox_domains`, and where their mail is put.
    ///
    /// It serves two purposes: smtpd(8) refuses recipients of these domains that are not found
    /// here, and virtual(8) takes the result as the mailbox below `virtual_mailbox_base`. A result
    /// that ends in a slash is a maildir. Keys are tried in this order: `user+extension@domain`,
    /// `user@domain`, `@domain`. With another `virtual_transport` only the keys matter, and any
    /// result will do.
    ///
    /// ```text
    /// # /etc/postfix/vmailbox
    /// ann@example.com    example.com/ann/
    /// @example.org       example.org/catchall
    /// ```
    ///
    /// An empty table list accepts every recipient of the domains. Results of tables that
    /// substitute parts of the key (regexp, pcre) are refused by virtual(8).
    virtual_mailbox_maps: Tables = "";
    /// The one table list from which `virtual_alias_maps` and `virtual_alias_domains` came.
    virtual_maps: Text = "", legacy "virtual_alias_maps";
    /// The smallest user id that `virtual_uid_maps` may give.
    ///
    /// A smaller result defers the mail with a warning. It protects system accounts from a table
    /// with a mistake.
    virtual_minimum_uid: Int = "100", at_least 1;
    /// Tables with the user id that writes the mailbox of a recipient.
    ///
    /// Keys are looked up as in `virtual_mailbox_maps`; the result is a number not below
    /// `virtual_minimum_uid`. `static:5000` gives all mailboxes the same owner. A recipient without
    /// an entry is not delivered: the mail waits.
    virtual_uid_maps: Tables = "";
}
