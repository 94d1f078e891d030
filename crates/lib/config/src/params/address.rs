// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address rewriting and aliases.

use crate::table::parameters;

parameters! {
    /// Whether `user%domain` without `@` is taken for `user@domain`.
    ///
    /// It is an old way of giving a route. With `no`, `%` is a letter of the local part.
    allow_percent_hack: Flag = "yes";
    /// Whether an address without domain is completed with `@$myorigin`.
    ///
    /// In mail from clients that `local_header_rewrite_clients` does not cover, headers are
    /// completed with `remote_header_rewrite_domain` instead, or left alone. Leave this as it is:
    /// much depends on addresses having a domain.
    append_at_myorigin: Flag = "yes";
    /// Whether a domain without a dot is completed with `.$mydomain`.
    ///
    /// `user@host` so becomes `user@host.example.com`. The default is `no`, since names such as
    /// `dev` have become domains of their own; a `compatibility_level` below 1 keeps `yes`. Headers
    /// in mail from elsewhere are not changed, see `local_header_rewrite_clients`.
    append_dot_mydomain: Flag = "${{$compatibility_level} <level {1} ? {yes} : {no}}";
    /// Which addresses `canonical_maps` rewrite.
    ///
    /// - `envelope_sender`: the sender in the envelope.
    /// - `envelope_recipient`: the recipients in the envelope.
    /// - `header_sender`: addresses in `From:`, `Sender:`, `Reply-To:` and other headers about
    ///   senders.
    /// - `header_recipient`: addresses in `To:`, `Cc:` and other headers about recipients.
    canonical_classes: List =
        "envelope_sender, envelope_recipient, header_sender, header_recipient", at_least 1, since "2.2";
    /// Tables that rewrite addresses in the envelope and headers of new mail.
    ///
    /// cleanup(8) looks up addresses as canonical(5) says, after `sender_canonical_maps` and
    /// `recipient_canonical_maps`. `canonical_classes` says which addresses are concerned.
    ///
    /// ```text
    /// canonical_maps = hash:/etc/postfix/canonical
    /// ```
    canonical_maps: Tables = "";
    /// Which addresses `masquerade_domains` changes.
    ///
    /// The words are those of `canonical_classes`. Recipients in the envelope are not changed by
    /// default: mail for a user of one host could then not reach it.
    masquerade_classes: List = "envelope_sender, header_sender, header_recipient";
    /// Domains below which the names of hosts are removed from addresses.
    ///
    /// With `example.com`, `user@any.host.example.com` becomes `user@example.com`. The list is
    /// searched from left to right, and the first domain that the address is in, or below, decides;
    /// `!domain` excludes a domain and what is below it. cleanup(8) does this after canonical
    /// mapping, to addresses of `masquerade_classes`, except for users in `masquerade_exceptions`.
    ///
    /// ```text
    /// masquerade_domains = !mail.example.com, example.com
    /// ```
    masquerade_domains: List = "";
    /// Users whose addresses `masquerade_domains` does not change.
    ///
    /// A list of local parts, `/file/name` and `type:table`, with `!pattern` for exceptions. `root`
    /// is the usual one: one wants to know which host its mail is from.
    masquerade_exceptions: List = "";
    /// Where an address extension that was not part of the key is carried over to the result.
    ///
    /// When `anna+lists@example.com` is looked up as `anna@example.com`, and the result is
    /// `alster@example.org`, the address becomes `alster+lists@example.org` in these places:
    ///
    /// - `canonical`: `canonical_maps` and the sender and recipient forms.
    /// - `virtual`: `virtual_alias_maps`.
    /// - `alias`: `alias_maps`.
    /// - `forward`: the files of `forward_path`.
    /// - `include`: `:include:` files of aliases(5).
    /// - `generic`: `smtp_generic_maps`.
    ///
    /// Note that some of these may hand the extension to other sites.
    propagate_unmatched_extensions: List = "canonical, virtual";
    /// Which addresses `recipient_canonical_maps` rewrite.
    ///
    /// The words are `envelope_recipient` and `header_recipient`, see `canonical_classes`.
    recipient_canonical_classes: List =
        "envelope_recipient, header_recipient", at_least 1, since "2.2";
    /// Tables that rewrite recipient addresses of new mail, before `canonical_maps`.
    ///
    /// The form is that of canonical(5). An address can so be rewritten where mail goes to it, and
    /// stay as it is where mail comes from it.
    recipient_canonical_maps: Tables = "";
    /// The characters that separate an address extension from the user.
    ///
    /// With `+`, mail for `anna+lists` is delivered to `anna`, and tables are searched for the one
    /// and then the other. When there are several characters, the first of them in the local part
    /// counts (since Postfix 2.11; before, there could be one only). Empty, there are no
    /// extensions. The addresses of postmaster, `MAILER-DAEMON` and `double_bounce_sender` are not
    /// taken apart, and neither are the prefix `owner-` and the suffix `-request` while
    /// `owner_request_special` is on.
    ///
    /// `forward_path` has a way to give each extension a file of its own. See also
    /// `propagate_unmatched_extensions`.
    ///
    /// ```text
    /// recipient_delimiter = +
    /// ```
    recipient_delimiter: Text = "";
    /// Tables of users who have moved.
    ///
    /// Mail for such an address is returned with `5.1.6 User has moved to` and the text in the
    /// table, see relocated(5).
    relocated_maps: Tables = "";
    /// Whether texts of `relocated_maps` are put behind `5.1.6 User has moved to`.
    ///
    /// With `no` a text stands alone; it begins with an enhanced status code of class 4 or 5.
    relocated_prefix_enable: Flag = "yes", since "3.11";
    /// Whether routing characters count even when they stand in quotes.
    ///
    /// In `"user@remote"@here` the quotes make a single local part of what looks like an address.
    /// With `yes` it is treated as `user@remote@here` all the same, since programs that mail is
    /// passed on to may drop the quotes. `no` is what RFC 822 says, and makes this system a relay
    /// if such a program follows.
    resolve_dequoted_address: Flag = "yes";
    /// Whether an address with an empty domain, `user@`, is taken for a local one.
    ///
    /// With `no` it is invalid. With `yes` it is treated as `user@$myhostname`.
    resolve_null_domain: Flag = "no", since "2.1";
    /// Whether `user@192.0.2.1` is taken for `user@[192.0.2.1]`.
    ///
    /// With `no` such an address, with no brackets, is invalid.
    resolve_numeric_domain: Flag = "no", since "2.3";
    /// Which addresses `sender_canonical_maps` rewrite.
    ///
    /// The words are `envelope_sender` and `header_sender`, see `canonical_classes`.
    sender_canonical_classes: List = "envelope_sender, header_sender", at_least 1, since "2.2";
    /// Tables that rewrite sender addresses of new mail, before `canonical_maps`.
    ///
    /// The form is that of canonical(5). With it, mail from `ugly@example.com` can have a nice
    /// sender while mail to `ugly@example.com` still reaches it.
    sender_canonical_maps: Tables = "";
    /// Whether `site!user` without `@` is taken for `user@site`.
    ///
    /// It serves systems that are connected by UUCP. With `no`, `!` is a letter of the local part.
    swap_bangpath: Flag = "yes";
    /// How long an address may be that comes out of `virtual_alias_maps`.
    ///
    /// With a longer one the message is refused for now, and a warning logged. It stops a rule that
    /// adds a piece to an address at each round.
    virtual_alias_address_length_limit: Int = "1000", at_least 1, since "3.0";
    /// How many addresses `virtual_alias_maps` may make of one recipient.
    ///
    /// With more the message is refused for now, and a warning logged.
    virtual_alias_expansion_limit: Int = "1000", at_least 1, since "2.1";
    /// Tables that redirect recipients, near and far, as virtual(5) says.
    ///
    /// cleanup(8) replaces the recipients in the envelope of all mail, except in services with
    /// `receive_override_options = no_address_mappings`. By default `virtual_alias_domains` is
    /// taken from here.
    ///
    /// ```text
    /// virtual_alias_maps = hash:/etc/postfix/virtual
    /// ```
    virtual_alias_maps: Tables = "$virtual_maps", since "2.0";
    /// How often results of `virtual_alias_maps` are looked up again.
    ///
    /// With a longer chain of aliases the message is refused for now, and a warning logged.
    virtual_alias_recursion_limit: Int = "1000", at_least 1, since "2.1";
}
