// SPDX-License-Identifier: MIT OR Apache-2.0
//! Copies that cleanup adds.

use crate::table::parameters;

parameters! {
    /// One address that gets a copy of all mail.
    ///
    /// The copy is added where mail enters the system, without notices to its sender
    /// (`NOTIFY=NONE`): an archive that cannot be reached never causes bounces. Mail that the
    /// system itself makes, and forwarded mail, gets none. With a content filter, switch one of the
    /// two passes off with `receive_override_options=no_address_mappings`, or two copies come.
    always_bcc: Text = "";
    /// Tables with one address each that gets a copy of mail to a recipient.
    ///
    /// Keys are `user+extension@domain`, `user@domain`, `user+extension`, `user` (for local
    /// domains), `@domain`. The copy is added as with `always_bcc`.
    recipient_bcc_maps: Tables = "", since "2.1";
    /// Tables with one address each that gets a copy of mail from a sender.
    ///
    /// Keys are those of `recipient_bcc_maps`, with the sender in place of the recipient; the null
    /// sender is not looked up. The copy is added as with `always_bcc`: where mail enters the
    /// system, and once for each message.
    ///
    /// ```text
    /// # sender_bcc_maps = hash:/etc/postfix/sender_bcc
    /// @sales.example.com    archive@example.com
    /// ```
    sender_bcc_maps: Tables = "", since "2.1";
}
