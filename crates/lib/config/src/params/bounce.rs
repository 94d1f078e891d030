// SPDX-License-Identifier: MIT OR Apache-2.0
//! Notifications of senders and postmasters.

use crate::table::parameters;

parameters! {
    /// Whether the logs of bounce(8) also carry the one-line form that programs before version 2.0
    /// wrote.
    ///
    /// The line `<recipient>: reason` stands before the attributes of each recipient, for tools
    /// that read these logs.
    backwards_bounce_logfile_compatibility: Flag = "yes", since "2.1";
    /// Who gets the postmaster's copies of bounces.
    ///
    /// They are sent when `notify_classes` contains `bounce`: the headers of each returned message,
    /// and the transcripts of SMTP sessions in which mail was refused. Errors while sending the
    /// copy go to `2bounce_notice_recipient`.
    bounce_notice_recipient: Text = "postmaster", at_least 1;
    /// How much of an undeliverable message is returned to its sender, in bytes.
    ///
    /// Of a larger one, only the headers are returned, if the sender did not ask for them with
    /// `RET=HDRS` anyway. The returned text must fit the recipient's limits; a small value also
    /// saves other people from your forged bounces.
    bounce_size_limit: Int = "50000", at_least 1;
    /// A file with texts that replace the built-in ones in notices to senders.
    ///
    /// bounce(5) describes it: the templates `failure_template`, `delay_template`,
    /// `success_template` and `verify_template`, each with its headers and a text that may contain
    /// `$name` and time values such as `${delay_warning_time_hours}`. Look at the result with
    /// `postconf -b /etc/postfix/bounce.cf`. A mistake in the file is logged, and the built-in text
    /// is used.
    bounce_template_file: Text = "", since "2.3";
    /// Whether a sender who was told that a message is delayed also hears when it was delivered
    /// after all.
    ///
    /// It has an effect only with a `delay_warning_time`.
    confirm_delay_cleared: Flag = "no", since "3.0";
    /// Tables that replace the outcome of deliveries.
    ///
    /// The key is the enhanced status code, a space and the text that would be logged, such as
    /// `4.4.1 connect to example.com: Connection refused`. The result is a new code and text. A
    /// failure may be made temporary and a temporary problem a failure; success cannot become
    /// failure, nor a failure success. The original text is logged too.
    ///
    /// ```text
    /// default_delivery_status_filter = pcre:/etc/postfix/status
    /// # /etc/postfix/status: this site means it when it says that a mailbox is disabled
    /// /^4(\.2\.1 .+mailbox disabled.*)/    5$1
    /// ```
    ///
    /// It is the default of the filters of local(8), virtual(8), pipe(8), smtp(8) and its LMTP
    /// side; error(8) and discard(8) have none. Keys hold text that other systems chose.
    default_delivery_status_filter: Tables = "", since "3.0";
    /// The two characters that mark where the recipient stands in a variable envelope return path.
    ///
    /// With `+=`, mail from `list@example.com` to `ann@example.org` gets the sender
    /// `list+ann=example.org@example.com`. It is used where `sendmail -XV` or the SMTP command
    /// XVERP names no others. Both must be in `verp_delimiter_filter`.
    default_verp_delimiters: Text = "+=", at_least 2, at_most 2, since "1.1";
    /// Who gets the postmaster's copies of delay notices, when `notify_classes` contains `delay`.
    delay_notice_recipient: Text = "postmaster", at_least 1;
    /// The age at which the sender of waiting mail is told that it is delayed.
    ///
    /// A bare number counts hours, and 0 sends no such notices. Sender and recipient may ask
    /// otherwise with the DSN option `NOTIFY`. Other people's clocks and mistakes cause many delays
    /// that solve themselves: notices after less than a few hours mostly confuse.
    delay_warning_time: Time = "0h";
    /// Whether one bounce tells of all undeliverable recipients even where a message uses a
    /// variable envelope return path.
    ///
    /// With `no` such mail gets a bounce for each recipient, sent to the sender address that
    /// encodes that recipient.
    disable_verp_bounces: Flag = "no", since "1.1";
    /// The sender of notices to the postmaster, and of address verification probes.
    ///
    /// Mail to this local part at `myorigin` is thrown away, which ends a chain of bounces of
    /// bounces. It must be no real mailbox. It gets `@$myorigin`.
    double_bounce_sender: Text = "double-bounce", at_least 1;
    /// Whether queue files record the recipient as the client wrote it, before aliases and
    /// rewriting.
    ///
    /// It appears as `orig_to=` in the log, in `X-Original-To:` headers and in delivery notices.
    /// With `yes`, two original recipients that lead to the same mailbox each get a copy, since
    /// duplicates are recognised by both addresses; with `no` they get one.
    enable_original_recipient: Flag = "yes", since "2.1";
    /// Whether notices refer to the message they are about in `References:` and `In-Reply-To:`
    /// headers.
    ///
    /// Mail programs then show the notice next to the message. It needs a Message-ID in the
    /// message.
    enable_threaded_bounces: Flag = "no", since "3.6";
    /// Who gets the notices about trouble in the classes `policy`, `resource`, `software`,
    /// `protocol` and `data` of `notify_classes`.
    error_notice_recipient: Text = "postmaster", at_least 1;
    /// The kinds of mail made by the system itself that also go through `header_checks`,
    /// `body_checks` and `non_smtpd_milters`.
    ///
    /// - `bounce`: notices to senders.
    /// - `notify`: notices to the postmaster.
    ///
    /// By default none does. A filter that refuses a notice makes it disappear, so filters for
    /// these must only change, never refuse. Signing bounces with DKIM is what people mostly want
    /// it for.
    internal_mail_filter_classes: List = "", since "2.3";
    /// Which troubles the postmaster is told of by mail.
    ///
    /// - `bounce`: copies of undeliverable mail (headers only) and transcripts of SMTP sessions
    ///   with refusals; to `bounce_notice_recipient`. It implies `2bounce`.
    /// - `2bounce`: bounces that could not be delivered; to `2bounce_notice_recipient`.
    /// - `data`: transcripts of sessions that broke off with an error while a message was being
    ///   sent; since Postfix 2.9.
    /// - `delay`: headers of delayed mail; to `delay_notice_recipient`.
    /// - `policy`: transcripts of sessions in which a client was refused by policy.
    /// - `protocol`: transcripts of sessions with violations of the protocol.
    /// - `resource`: mail that could not be taken for lack of resources.
    /// - `software`: mail that could not be delivered because of a problem in the programs.
    ///
    /// An empty value sends none. A system on the Internet that lists `policy` or `protocol` sends
    /// its postmaster a message for every spammer.
    notify_classes: List = "resource, software", since "2.9";
    /// Whether everything that would be refused or bounced for good waits instead.
    ///
    /// smtpd(8) answers 4xx where it would answer 5xx, and delivery agents defer where they would
    /// bounce. It saves mail while a new configuration is tried out. It does not change refusals by
    /// other systems' clients, and mail that waits returns after `maximal_queue_lifetime` all the
    /// same.
    soft_bounce: Flag = "no";
    /// Who gets bounces that could not be delivered.
    ///
    /// They are sent when `notify_classes` contains `2bounce` or `bounce`, and are thrown away
    /// otherwise.
    two_bounce_notice_recipient: Text =
        "postmaster", named "2bounce_notice_recipient", at_least 1;
    /// The characters that may be used as delimiters of a variable envelope return path.
    verp_delimiter_filter: Text = "-=+", at_least 1, since "1.1";
}
