// SPDX-License-Identifier: MIT OR Apache-2.0
//! Headers, MIME and content checks.

use crate::table::parameters;

parameters! {
    /// Whether missing `From:`, `To:`, `Date:` and `Message-ID:` headers are also added to mail of
    /// remote clients.
    ///
    /// With `no` only mail of `local_header_rewrite_clients` gets them, and mail that passes
    /// through keeps its headers, and so its DKIM signatures, as they are.
    always_add_missing_headers: Flag = "no", since "2.6";
    /// Tables of patterns for the lines of message bodies.
    ///
    /// cleanup(8) looks each line up, in texts and attached messages alike, up to
    /// `body_checks_size_limit` bytes of each part, and does what the result says; header_checks(5)
    /// lists the actions. The checks see the encoded text: words in base64 do not match. They cost
    /// much, since each line is compared with each pattern; `if` and `endif` around groups of
    /// patterns save some of it.
    body_checks: Tables = "";
    /// How many bytes of each part of a message `body_checks` look at.
    body_checks_size_limit: Int = "51200", since "2.0";
    /// Whether a carriage return or line feed on its own within a message becomes a space.
    ///
    /// Another system may take such a character for the end of a line, and so a part of the message
    /// for commands. It also keeps signatures valid that would break when a server mends the line
    /// later.
    cleanup_replace_stray_cr_lf: Flag = "yes", since "3.9";
    /// Whether the encoding of the body is taken from the `Content-Transfer-Encoding:` header.
    ///
    /// Then mail that says `8bit` there is handled as such though the client did not announce it.
    detect_8bit_encoding_header: Flag = "yes", since "2.5";
    /// Whether cleanup(8) takes all after the first headers for body text, and looks for no parts.
    ///
    /// It saves some time, and `mime_header_checks` and `nested_header_checks` have nothing to do
    /// then. It is meant for mail that comes back from a content filter.
    disable_mime_input_processing: Flag = "no", since "2.0";
    /// Whether the SMTP client sends 8-bit text as it is to servers that do not announce 8BITMIME.
    ///
    /// With `no` such text is converted to quoted-printable, which breaks signatures.
    disable_mime_output_conversion: Flag = "no", since "2.0";
    /// Whether cleanup(8) converts 8-bit text to quoted-printable before milters see it.
    ///
    /// A signature made afterwards stays valid even where a later server cannot take 8-bit text.
    force_mime_input_conversion: Flag = "no", since "3.9";
    /// Tables of patterns for the headers of a message.
    ///
    /// cleanup(8) looks each header up in one piece with its continuation lines, before it is
    /// rewritten, and does what the result says; header_checks(5) lists the actions.
    /// `mime_header_checks` and `nested_header_checks` see the headers of parts and of attached
    /// messages, and by default use the same tables.
    ///
    /// ```text
    /// header_checks = pcre:/etc/postfix/header_checks
    /// # /etc/postfix/header_checks
    /// /^Subject:.*\bcheap watches\b/   REJECT we have watches
    /// /^X-Internal-/                   IGNORE
    /// ```
    header_checks: Tables = "";
    /// How many bytes of one header are kept.
    ///
    /// The rest is dropped. A header is counted with its continuation lines.
    header_size_limit: Int = "102400", at_least 1;
    /// The clients whose message headers are completed and rewritten as if the mail were our own.
    ///
    /// For others, headers are left alone, or completed with `remote_header_rewrite_domain`. The
    /// words are:
    ///
    /// - `permit_inet_interfaces`: clients whose address is one of our own.
    /// - `permit_mynetworks`: clients in `mynetworks`.
    /// - `permit_sasl_authenticated`: clients that authenticated.
    /// - `permit_tls_clientcerts`: clients with a certificate in `relay_clientcerts`.
    /// - `permit_tls_all_clientcerts`: clients with a certificate that can be verified.
    /// - `check_address_map`: followed by `type:table`, clients whose address or name is found; the
    ///   table may also stand alone.
    ///
    /// Mail from sendmail(1) is always rewritten. Envelope addresses always are, of whomever.
    local_header_rewrite_clients: List = "permit_inet_interfaces", since "2.2";
    /// The headers that cleanup(8) removes.
    ///
    /// That happens after `header_checks` and before milters. The names are not sensitive to case.
    message_drop_headers: List = "bcc, content-length, resent-bcc, return-path", since "3.0";
    /// Characters that no message may contain.
    ///
    /// They are written as in C: `\0` is the null character. A message with one is refused.
    message_reject_characters: Text = "", since "2.3";
    /// Characters that are removed from messages.
    ///
    /// They are written as in `message_reject_characters`. Removing breaks signatures.
    ///
    /// ```text
    /// message_strip_characters = \0
    /// ```
    message_strip_characters: Text = "", since "2.3";
    /// How many characters of a MIME boundary string count.
    ///
    /// Boundaries that differ only after that are taken for the same.
    mime_boundary_length_limit: Int = "2048", at_least 1, since "2.0";
    /// Tables of patterns for MIME headers: `Content-Type:` and the like, of the message and of its
    /// parts.
    ///
    /// header_checks(5) describes keys and results.
    ///
    /// ```text
    /// /name=[^>]*\.(bat|exe|scr)/   REJECT programs are not accepted here
    /// ```
    mime_header_checks: Tables = "$header_checks", since "2.0";
    /// How deeply the parts of a message may be nested.
    ///
    /// Deeper ones are refused.
    mime_nesting_limit: Int = "100", at_least 1, since "2.0";
    /// Tables of patterns for the headers of attached messages, except MIME headers.
    nested_header_checks: Tables = "$header_checks", since "2.0";
    /// What cleanup(8) does when a line that is no header ends the headers, without an empty line.
    ///
    /// - `fix_quietly`: inserts an empty line.
    /// - `add_header`: does so and adds a `MIME-Error:` header.
    /// - `reject`: refuses the message.
    non_empty_end_of_header_action: Text = "fix_quietly", at_least 1, since "3.11";
    /// The domain that completes header addresses in mail of clients outside
    /// `local_header_rewrite_clients`.
    ///
    /// Empty leaves their headers alone. A name such as `domain.invalid` marks incomplete addresses
    /// for what they are, and keeps a stranger's `From: root` from looking like ours.
    remote_header_rewrite_domain: Text = "";
    /// Whether mail with 8-bit characters in headers is refused.
    ///
    /// Much legitimate mail has them. It does not concern mail that asked for SMTPUTF8.
    strict_7bit_headers: Flag = "no", since "2.0";
    /// Whether both `strict_7bit_headers` and `strict_8bitmime_body` are on.
    strict_8bitmime: Flag = "no", since "2.0";
    /// Whether mail with 8-bit text is refused when no MIME header announces it.
    ///
    /// Much legitimate mail has it, so this is for test systems.
    strict_8bitmime_body: Flag = "no", since "2.0";
    /// Whether mail is refused when a multipart or message part claims an encoding that such a part
    /// cannot have.
    ///
    /// Legitimate mail from broken programs is refused too, and so are some notices that quote it.
    strict_mime_encoding_domain: Flag = "no", since "2.0";
    /// The header that is added to a message without any recipient in its headers.
    ///
    /// Once that was `To: undisclosed-recipients:;`. Empty adds none, since the standard no longer
    /// asks for one.
    undisclosed_recipients_header: Text = "";
}
