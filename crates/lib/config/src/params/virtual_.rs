// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery to virtual mailboxes.

use crate::table::parameters;

parameters! {
    /// Status filter of virtual(8).
    virtual_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// Group ids for virtual(8); static:N.
    virtual_gid_maps: Tables = "";
    /// Prefix of all mailbox paths.
    virtual_mailbox_base: Text = "", at_least 1;
    /// Largest mailbox file; 0 = none; must be ≥ `message_size_limit`.
    virtual_mailbox_limit: Size = "51200000";
    /// Lock methods for virtual mailboxes.
    virtual_mailbox_lock: List = "fcntl, dotlock", at_least 1;
    /// Recipient → mailbox path (relative to base; trailing `/` = maildir).
    virtual_mailbox_maps: Tables = "";
    /// Pre-2.0 combined parameter; still default of `virtual_alias_maps`.
    virtual_maps: Text = "", legacy "pre-2.0 combined parameter";
    /// Smallest acceptable uid.
    virtual_minimum_uid: Int = "100", at_least 1;
    /// User ids for virtual(8).
    virtual_uid_maps: Tables = "";
}
