// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail from local commands.

use crate::table::parameters;

parameters! {
    /// Who may run postqueue -f/-i/-s, sendmail -q; root and `mail_owner` always may; `unknown`
    /// stands for uids without passwd entry; list syntax with !pattern, /file, type:table.
    authorized_flush_users: List = "static:anyone", since "2.2";
    /// Who may list the queue with mailq/postqueue -p/-j.
    authorized_mailq_users: List = "static:anyone", since "2.2";
    /// Who may submit through sendmail/postdrop.
    authorized_submit_users: List = "static:anyone", since "2.2";
    /// Key for the null sender in `local_login_sender_maps`.
    empty_address_local_login_sender_maps_lookup_key: Text = "<>", since "3.6";
    /// Charset of RFC 2047 encoded names in generated From: (empty disables encoding); q
    /// encoding when short or mostly ASCII, else b.
    full_name_encoding_charset: Text = "utf-8", at_least 1, since "3.10";
    /// `standard` name \<addr\> or `obsolete` addr (name) for generated From:.
    header_from_format: Text = "standard", at_least 1, since "3.3";
    /// For postdrop: login (or uid:N) → allowed senders (\*, \<\>, user@domain, @domain);
    /// default static:\*.
    local_login_sender_maps: Tables = "static:*", since "3.6";
    /// Whether to always, strictly or never convert CRLF in sendmail input.
    sendmail_fix_line_endings: Text = "always", at_least 1, since "2.9";
}
