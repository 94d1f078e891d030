// SPDX-License-Identifier: MIT OR Apache-2.0
//! The queue on disk, and fast flush.

use crate::table::parameters;

parameters! {
    /// How long delivery of returned mail is tried.
    ///
    /// After this time notices with the null sender are thrown away, and a copy may go to
    /// postmaster, see `notify_classes`. 0 tries once. It need not be longer than
    /// `maximal_queue_lifetime`, and the smaller of the two counts.
    bounce_queue_lifetime: Time = "5d", at_most 8640000, since "2.1";
    /// Whether queue ids are long and never used again.
    ///
    /// A short one, such as `C3CD21F3E90`, is made of the microseconds of the time of arrival and
    /// the number of the file, in hexadecimal digits, and comes back after some time. A long one,
    /// such as `3Pt2mN2VXxznjll`, begins with the seconds, in digits and letters without vowels,
    /// and does not: the log is easier to search, and files can be moved to another disk without
    /// new names.
    ///
    /// With long ones the `Message-ID:` that the system adds is `queueid@myhostname`, without a
    /// date in front. Both kinds may be in the queue together. After `no`, `postfix reload` and
    /// postsuper(1) give files short names again, which is needed before the queue is given to a
    /// release older than 2.9; repeat it until nothing is renamed.
    enable_long_queue_ids: Flag = "no", since "2.9";
    /// Destinations for which flush(8) remembers the waiting mail.
    ///
    /// For them ETRN, `sendmail -qR` and `postqueue -s` deliver all waiting mail at once, without a
    /// search through the queue. A list of domains, `/file/name` and `type:table`; a domain matches
    /// subdomains if `parent_domain_matches_subdomains` has `fast_flush_domains`. Empty turns the
    /// service off, and such requests are refused.
    fast_flush_domains: List = "$relay_domains";
    /// How old an empty list of waiting mail may become before flush(8) removes it.
    fast_flush_purge_time: Time = "7d", at_least 1;
    /// How old a list of waiting mail may become before flush(8) has its mail tried.
    ///
    /// Entries of mail that is gone are so removed.
    fast_flush_refresh_time: Time = "12h", at_least 1;
    /// How many levels of directories the queues of `hash_queue_names` have.
    ///
    /// Each level is named after one character of the queue id. After a change, `postfix reload` or
    /// a start moves existing files into place. Two levels help only with hundreds of thousands of
    /// messages; every level makes a scan of the queue slower.
    hash_queue_depth: Int = "1", at_least 1;
    /// The queue directories that are divided into directories.
    ///
    /// Large directories are slow on some file systems. Useful names: `incoming`, `active`,
    /// `deferred`, `bounce`, `defer`, `flush`, `hold`, `trace`. Do not list `incoming` without
    /// need; files there are short-lived.
    hash_queue_names: List = "deferred, defer", at_least 1;
    /// How long delivery of a message is tried before it is returned to the sender.
    ///
    /// The time counts from the arrival. 0 tries once. A message is always tried once more before
    /// it is returned. Mail with the null sender has `bounce_queue_lifetime`.
    maximal_queue_lifetime: Time = "5d", at_most 8640000;
    /// The size in bytes of the largest message, envelope included; 0 sets no limit.
    ///
    /// The server announces it with EHLO, and refuses what is larger; sendmail(1) returns an error.
    /// `mailbox_size_limit`, where that is not 0, must not be smaller. Content that is encoded for
    /// transport takes a third more than the files that it contains.
    message_size_limit: Size = "10240000";
    /// How many named attributes a queue file may have.
    ///
    /// What is beyond is ignored when mail is submitted, and an error elsewhere.
    queue_file_attribute_count_limit: Int = "100", at_least 1, since "2.0";
    /// How many bytes must be free in the file system of the queue for mail to be accepted.
    ///
    /// 0 demands nothing by itself, but smtpd(8) always demands one and a half times
    /// `message_size_limit`, and answers `452 4.3.1` otherwise. A larger value leaves room for mail
    /// that arrives at the same time.
    queue_minfree: Size = "0";
}
