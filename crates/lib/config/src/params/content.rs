// SPDX-License-Identifier: MIT OR Apache-2.0
//! Headers, MIME and content checks.

use crate::table::parameters;

parameters! {
    /// Add (Resent-) From/To/Date/Message-ID also for mail that is not from
    /// `local_header_rewrite_clients`.
    always_add_missing_headers: Flag = "no", since "2.6";
    /// Body line patterns in cleanup(8), line by line, text/\* and message parts per
    /// `body_checks_size_limit`.
    body_checks: Tables = "";
    /// Bytes of each body segment or attachment that `body_checks` sees.
    body_checks_size_limit: Int = "51200", since "2.0";
    /// Replace stray CR or LF inside message content by space (outbound smuggling and DKIM
    /// stability).
    cleanup_replace_stray_cr_lf: Flag = "yes", since "3.9";
    /// Take body encoding from Content-Transfer-Encoding: of the primary header.
    detect_8bit_encoding_header: Flag = "yes", since "2.5";
    /// Treat everything after the primary header as body (no MIME recognition) in cleanup.
    disable_mime_input_processing: Flag = "no", since "2.0";
    /// Do not convert 8bit to quoted-printable for servers without 8BITMIME.
    disable_mime_output_conversion: Flag = "no", since "2.0";
    /// Convert 8bit content to quoted-printable in cleanup before checks and Milters.
    force_mime_input_conversion: Flag = "no", since "3.9";
    /// Patterns for primary non-MIME headers in cleanup.
    header_checks: Tables = "";
    /// Bytes kept of one header, excess dropped.
    header_size_limit: Int = "102400", at_least 1;
    /// Who gets local header rewriting/completion and missing headers:
    /// `permit_inet_interfaces`, `permit_mynetworks`, `permit_sasl_authenticated`,
    /// `permit_tls_clientcerts`, `permit_tls_all_clientcerts`, `check_address_map` type:table,
    /// plain type:table.
    local_header_rewrite_clients: List = "permit_inet_interfaces", since "2.2";
    /// Headers removed by cleanup after `header_checks` and before Milters.
    message_drop_headers: List = "bcc, content-length, resent-bcc, return-path", since "3.0";
    /// Characters (C escapes) whose presence in content gets the message rejected.
    message_reject_characters: Text = "", since "2.3";
    /// Characters (C escapes) removed from content.
    message_strip_characters: Text = "", since "2.3";
    /// Significant length of MIME boundaries.
    mime_boundary_length_limit: Int = "2048", at_least 1, since "2.0";
    /// Checks for MIME headers; default $header_checks.
    mime_header_checks: Tables = "$header_checks", since "2.0";
    /// MIME depth; deeper mail is refused.
    mime_nesting_limit: Int = "100", at_least 1, since "2.0";
    /// Checks for headers of attached messages; default $header_checks.
    nested_header_checks: Tables = "$header_checks", since "2.0";
    /// `fix_quietly`, `add_header` (MIME-Error:) or reject when the header block ends with a
    /// non-header, non-empty line.
    non_empty_end_of_header_action: Text = "fix_quietly", at_least 1, since "3.11";
    /// Non-empty: complete header addresses of remote mail with this domain.
    remote_header_rewrite_domain: Text = "";
    /// Reject 8-bit headers.
    strict_7bit_headers: Flag = "no", since "2.0";
    /// Both `strict_7bit_headers` and `strict_8bitmime_body`.
    strict_8bitmime: Flag = "no", since "2.0";
    /// Reject 8-bit body without declaration.
    strict_8bitmime_body: Flag = "no", since "2.0";
    /// Reject wrong encodings on message/\*, multipart/\*.
    strict_mime_encoding_domain: Flag = "no", since "2.0";
    /// Header added when no To/Cc remains; empty = none.
    undisclosed_recipients_header: Text = "";
}
