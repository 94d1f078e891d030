// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mail from local commands.

use crate::table::parameters;

parameters! {
    /// Who may flush the queue with `postqueue -f`, `-i`, `-s` or `sendmail -q`.
    ///
    /// It is a list of login names, `!name`, `/file/name` and `type:table`; the first that matches
    /// decides. `static:anyone` lets everybody. root and `mail_owner` always may. `unknown` stands
    /// for a user id without an account.
    ///
    /// ```text
    /// authorized_flush_users = !www-data, static:anyone
    /// ```
    authorized_flush_users: List = "static:anyone", since "2.2";
    /// Who may list the queue with mailq(1), `postqueue -p` or `-j`; the form is that of
    /// `authorized_flush_users`.
    authorized_mailq_users: List = "static:anyone", since "2.2";
    /// Who may submit mail with sendmail(1) and postdrop(1); the form is that of
    /// `authorized_flush_users`.
    ///
    /// It does not concern mail over SMTP. A web server that must not send mail is refused like
    /// this:
    ///
    /// ```text
    /// authorized_submit_users = !www-data, static:all
    /// ```
    authorized_submit_users: List = "static:anyone", since "2.2";
    /// What is looked up in `local_login_sender_maps` results for the null sender.
    empty_address_local_login_sender_maps_lookup_key: Text = "<>", since "3.6";
    /// The character set named in the encoded form of full names outside ASCII in generated `From:`
    /// headers.
    ///
    /// Short names and names that are mostly ASCII are written in the `Q` form of RFC 2047, others
    /// in the `B` form. Empty writes the bytes as they are.
    full_name_encoding_charset: Text = "utf-8", at_least 1, since "3.10";
    /// How a generated `From:` header shows the sender.
    ///
    /// - `standard`: `Ann Example <ann@example.com>`.
    /// - `obsolete`: `ann@example.com (Ann Example)`.
    header_from_format: Text = "standard", at_least 1, since "3.3";
    /// Which envelope senders a login may use with sendmail(1) and postdrop(1).
    ///
    /// The key is the login name, or `uid:` and the number of a user without an account. The result
    /// is a list of patterns, any of which allows the sender: `*` every sender, `<>` the null
    /// sender (see `empty_address_local_login_sender_maps_lookup_key`), `user@domain`, `@domain`.
    /// An address extension in the sender is ignored. A login that is not found may use none; root
    /// and `mail_owner` may use all.
    ///
    /// ```text
    /// local_login_sender_maps = pcre:/etc/postfix/login_senders
    /// # /etc/postfix/login_senders: everybody as oneself, cron jobs of backup also as the null sender
    /// /^(root|postfix)$/      *
    /// /^backup$/              backup backup@example.com <>
    /// /^(.+)$/                $1 $1@example.com
    /// ```
    local_login_sender_maps: Tables = "static:*", since "3.6";
    /// What sendmail(1) does with lines that end in CRLF.
    ///
    /// - `always`: turns every CRLF into a line end.
    /// - `strict`: does so when the first line ends in CRLF, and leaves everything alone otherwise.
    /// - `never`: keeps the carriage returns as part of the text.
    sendmail_fix_line_endings: Text = "always", at_least 1, since "2.9";
}
