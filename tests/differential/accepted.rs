// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every difference from the original that we accept, with its reason. A test names those it
//! meets; a difference that is not named fails, and so does one that is no longer there.

use kit::dialogue::matches;

/// One line that both say differently. `*` stands for any text; an empty text for no line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    /// What ours says.
    pub(crate) ours: &'static str,
    /// What the original says.
    pub(crate) theirs: &'static str,
    /// Why that is right.
    pub(crate) why: &'static str,
}

impl Difference {
    /// Where it is among the lines that only one side said: an index on each side, none for no
    /// line.
    pub(crate) fn among(
        &self,
        ours: &[&String],
        theirs: &[&String],
    ) -> Option<(Option<usize>, Option<usize>)> {
        let find =
            |pattern: &str, lines: &[&String]| lines.iter().position(|line| matches(pattern, line));
        let (our_at, their_at) = (find(self.ours, ours), find(self.theirs, theirs));
        let is_there = (self.ours.is_empty() || our_at.is_some())
            && (self.theirs.is_empty() || their_at.is_some());
        (is_there && (our_at.is_some() || their_at.is_some())).then_some((our_at, their_at))
    }
}

/// Parts of lines that may differ wherever they appear.
pub(crate) const EVERYWHERE: &[Difference] = &[
    Difference {
        ours: "smtpd: NOQUEUE: lost connection",
        theirs: "smtpd: lost connection",
        why: "since 3.10 these lines begin with the queue id, or NOQUEUE",
    },
    Difference {
        ours: "smtpd: QID: lost connection",
        theirs: "smtpd: lost connection",
        why: "as above",
    },
    Difference {
        ours: "smtpd: NOQUEUE: too many",
        theirs: "smtpd: too many",
        why: "as above",
    },
    Difference {
        ours: "smtpd: unknown[ADDRESS]: discarding EHLO keywords",
        theirs: "smtpd: discarding EHLO keywords",
        why: "newer versions say whose",
    },
];

pub(crate) const NESTING_COMES_FIRST: Difference = Difference {
    ours: "postfix/local: QID: to=<loop2@mail.example.test>, orig_to=<loop>, relay=local, \
           delay=T, delays=T, dsn=5.4.6, status=bounced (recipient nesting limit exceeded)",
    theirs: "postfix/local: QID: to=<loop2@mail.example.test>, orig_to=<loop>, relay=local, \
             delay=T, delays=T, dsn=5.4.6, status=bounced (alias database loop for loop2)",
    why: "newer versions limit the nesting of recipients, which comes first",
};

pub(crate) const OPTIONS_ARE_READ_ONCE: Difference = Difference {
    ours: "sendmail [\"-Z\"] -> 75 sendmail: invalid option -- 'Z'\n\
           sendmail: fatal: usage: sendmail [options]",
    theirs: "sendmail [\"-Z\"] -> 75 sendmail: invalid option -- 'Z'\n\
             sendmail: invalid option -- 'Z'\nsendmail: fatal: usage: sendmail [options]",
    why: "the original looks at its options twice",
};

pub(crate) const REMOVED_RESTRICTIONS: &[Difference] = &[
    Difference {
        ours: "log/smtpd: warning: support for restriction \"check_relay_domains\" has been removed; \
               instead, specify \"reject_unauth_destination\"",
        theirs: "log/smtpd: warning: support for restriction \"check_relay_domains\" will be removed \
                 from Postfix; use \"reject_unauth_destination\" instead",
        why: "newer versions answer that the configuration is wrong",
    },
    Difference {
        ours: "log/smtpd: warning: support for restriction \"permit_naked_ip_address\" has been \
               removed; instead, specify \"permit_mynetworks or permit_sasl_authenticated\"",
        theirs: "log/smtpd: warning: restriction permit_naked_ip_address is deprecated. Use \
                 permit_mynetworks or permit_sasl_authenticated instead",
        why: "as above",
    },
    Difference {
        ours: "log/smtpd: warning: support for restriction \"reject_maps_rbl\" has been removed; \
               instead, specify \"reject_rbl_client domain-name\"",
        theirs: "log/smtpd: warning: support for restriction \"reject_maps_rbl\" will be removed \
                 from Postfix; use \"reject_rbl_client domain-name\" instead",
        why: "as above",
    },
];

pub(crate) const QUIET_ABOUT_DOMAINS: &[Difference] = &[
    Difference {
        ours: "",
        theirs: "*/trivial-rewrite: warning: midna_domain_to_ascii_create: *",
        why: "what a stranger writes does not fill the log",
    },
    Difference {
        ours: "",
        theirs: "*: warning: valid_ipv4_hostaddr: *",
        why: "as above",
    },
];

pub(crate) const MESSAGE_ID_RECORD: Difference = Difference {
    ours: "A message_id=*",
    theirs: "",
    why: "newer queue files name the message id, for the queue manager's log line",
};

pub(crate) const CANCELED: Difference = Difference {
    ours: "*/cleanup: QID: removed (canceled)",
    theirs: "",
    why: "newer versions say what became of every queue id",
};

pub(crate) const DISCARDED: Difference = Difference {
    ours: "*/cleanup: QID: removed (discarded)",
    theirs: "",
    why: "as above",
};

pub(crate) const RECORDS_NAME_THE_MESSAGE: Difference = Difference {
    ours: "*/cleanup: warning: QID: message rejected: unexpected record type *",
    theirs: "*/cleanup: warning: cleanup_message_headerbody: message rejected: unexpected record \
             type *",
    why: "a line that tells which message can be used",
};

pub(crate) const UNKNOWN_RECORDS: Difference = Difference {
    ours: "*/cleanup: warning: QID: message rejected: unknown record type *",
    theirs: "*/cleanup: warning: cleanup_message_headerbody: message rejected: unexpected record \
             type *",
    why: "as above; and nobody knows this type",
};

pub(crate) const LOOKUPS_NAME_THE_MESSAGE: Difference = Difference {
    ours: "*/cleanup: warning: QID: *_maps: lookup of * returns non-address result",
    theirs: "*/cleanup: warning: *_maps lookup of * returns non-address result *",
    why: "as above",
};

pub(crate) const HOPS_ARE_TOLD_ONCE: Difference = Difference {
    ours: "",
    theirs: "*/cleanup: warning: QID: message rejected: hopcount exceeded",
    why: "the original repeats itself for every further Received header",
};

pub(crate) const CLOSING_IS_QUIET: Difference = Difference {
    ours: "",
    theirs: "*/cleanup: warning: mail_stream_cleanup: close error",
    why: "whoever stopped reading knows why",
};

pub(crate) const SECOND_TIME: Difference = Difference {
    ours: "",
    theirs: "A create_time=NOW",
    why: "the original writes it once for every time record a client sends",
};

pub(crate) const KILLED: Difference = Difference {
    ours: "C Some(\"1\") Some(\"0\")",
    theirs: "C Some(\"1\") Some(\"1\")",
    why: "a killed record is what the queue manager makes; it means nothing to cleanup",
};

pub(crate) const NONSENSE: Difference = Difference {
    ours: "*/trivial-rewrite: warning: bad request from a client: bad request",
    theirs: "*/trivial-rewrite: warning: bad command nonsense",
    why: "all services say so in the same words",
};

pub(crate) const FAILED_ROUTES: Difference = Difference {
    ours: "resolve * -> flags=0 transport=CHANNEL NOT UPDATED nexthop=NEXTHOP NOT UPDATED recipient=*",
    theirs: "resolve * -> flags=0 transport= nexthop=oops recipient=*",
    why: "a transport without a name is a failure, and no client looks at the rest",
};

pub(crate) const FOLDED_MESSAGE_ID: &[Difference] = &[
    Difference {
        ours: "References: <folded@sender.test>",
        theirs: "",
        why: "a Message-Id on the next line is one, too",
    },
    Difference {
        ours: "In-Reply-To: <folded@sender.test>",
        theirs: "",
        why: "as above",
    },
    Difference {
        ours: "",
        theirs: "postfix/bounce: warning: QID: ignoring malformed Message-ID",
        why: "as above",
    },
];

pub(crate) const UNICODE_SENDERS: &[Difference] = &[
    Difference {
        ours: "X-*-Sender: utf-8; j\\xc3\\xb6rg@b\\xc3\\xbccher.example",
        theirs: "X-*-Sender: rfc822; \\\"j\\\\\\xc3\\\\\\xb6rg\\\"@b\\xc3\\xbccher.example",
        why: "RFC 6533 has a type for them",
    },
    Difference {
        ours: "Return-Path: <j\\xc3\\xb6rg@b\\xc3\\xbccher.example>",
        theirs: "Return-Path: <\\\"j\\\\\\xc3\\\\\\xb6rg\\\"@b\\xc3\\xbccher.example>",
        why: "letters of a message with SMTPUTF8 need no quotes",
    },
];

pub(crate) const NOT_EXPANDED: Difference = Difference {
    ours: "<*>: *",
    theirs: "<*> (expanded from <*>): *",
    why: "an address that stayed the same was not expanded",
};

pub(crate) const GOODBYE: Difference = Difference {
    ours: "heard QUIT",
    theirs: "",
    why: "the original leaves without a word when a message is too large for the server",
};

/// The verdict is the same.
pub(crate) const NAME_SERVICE: &[Difference] = &[
    Difference {
        ours: "",
        theirs: "log/smtp: warning: dns_lookup: Name server loop for ring.test",
        why: "a ring of aliases is a name without addresses",
    },
    Difference {
        ours: "log/smtp: QID: to=<*@ring.test>, * dsn=5.4.4, status=bounced (Host or domain name not \
               found. *",
        theirs: "log/smtp: QID: to=<*@ring.test>, * dsn=5.4.4, status=bounced (Name server loop *",
        why: "as above",
    },
    Difference {
        ours: "log/smtp: QID: to=<*@[IPv6:::1]>, * dsn=5.4.4, status=bounced (unable to look up host \
               ::1: Address family not supported)",
        theirs: "log/smtp: QID: to=<*@[IPv6:::1]>, * dsn=5.4.4, status=bounced (Name service error \
                 for ::1: invalid host or domain name)",
        why: "the name is fine, but for inet_protocols",
    },
    Difference {
        ours: "log/smtp: QID: to=<*>, * dsn=5.4.4, status=bounced (unable to look up host one.test: *",
        theirs: "log/smtp: QID: to=<*>, * dsn=5.3.0, status=bounced (unable to look up host one.test: *",
        why: "a host without addresses is not found; the system says it in two ways",
    },
    Difference {
        ours: "log/smtp: warning: bind *",
        theirs: "log/smtp: warning: smtp_connect_addr: bind *",
        why: "names of functions tell nobody anything",
    },
];

pub(crate) const MORE_OPTIONS: Difference = Difference {
    ours: "err postcat: fatal: usage: *[-f (prefix file name)]*",
    theirs: "err postcat: fatal: usage: *",
    why: "newer versions have it",
};

pub(crate) const QUEUES: &[Difference] = &[
    Difference {
        ours: "out {*\\\"orig_address\\\": *",
        theirs: "out {*\\\"queue_id\\\": \\\"ABCDE00\\\"*",
        why: "newer versions tell the original address, too",
    },
    Difference {
        ours: "err postsuper: Deleted: 1 message",
        theirs: "err postsuper: Deleted: 2 messages",
        why: "the queues of a deletion that names none are those of the manual, without maildrop",
    },
    Difference {
        ours: "file maildrop/QID 700",
        theirs: "",
        why: "as above",
    },
    Difference {
        ours: "out -- 0 Kbytes in 7 Requests.",
        theirs: "out -- 0 Kbytes in 6 Requests.",
        why: "a queue file without anything in it is listed, so that somebody sees it",
    },
    Difference {
        ours: "out *ABCDE08*",
        theirs: "",
        why: "as above",
    },
    Difference {
        ours: "out ",
        theirs: "",
        why: "as above",
    },
];

/// Room for a milter's changes, which a client cannot ask for.
pub(crate) const NO_ROOM_FOR_CHANGES: &[Difference] = &[
    Difference {
        ours: "",
        theirs: "p *",
        why: "newer versions ignore the record that used to ask for it",
    },
    Difference {
        ours: "",
        theirs: "w 0",
        why: "as above",
    },
];

/// Debian's 3.7 writes memory it has already given back.
pub(crate) const SPOILED_MEMORY: &[Difference] = &[
    Difference {
        ours: "A ret_flags=2",
        theirs: "<*",
        why: "records that come late are written as they came",
    },
    Difference {
        ours: "A envelope_id=zz",
        theirs: "i*",
        why: "as above",
    },
];

pub(crate) const ENCODED_NAME: Difference = Difference {
    ours: "N From: =?utf-8?B?SsO2aG4=?= <s@example.com>",
    theirs: "N From: J\\xc3\\xb6hn <s@example.com>",
    why: "newer versions encode names that are not ASCII",
};

pub(crate) const HALF_A_FILE: Difference = Difference {
    ours: "",
    theirs: "*/cleanup: warning: incoming/QID: unexpected EOF in data, record type 78 length 1000",
    why: "the original reads back what it did not finish",
};

pub(crate) const ONE_SPELLING: Difference = Difference {
    ours: "*/cleanup: warning: QID: ignoring malformed DSN notify record <0>",
    theirs: "*/cleanup: warning: QID: ignoring malformed dsn notify record <0>",
    why: "the original spells it in two ways",
};

pub(crate) const POLICY_ATTRIBUTES: &[Difference] = &[
    Difference {
        ours: "* tls_sni=",
        theirs: "",
        why: "newer versions tell the name that the client asked for",
    },
    Difference {
        ours: "* mail_version=*",
        theirs: "",
        why: "as above, and the version",
    },
    Difference {
        ours: "* compatibility_level=*",
        theirs: "",
        why: "as above, and how old the configuration is",
    },
];
