// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which commands a client gave, for the line at the end of its session.

use runtime::event::smtpd::CommandCount;

/// A command, in the order of the line at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Helo,
    Ehlo,
    Xclient,
    Xforward,
    Starttls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Etrn,
    Quit,
    Help,
    Unknown,
}

impl Verb {
    /// All, in order.
    const ALL: [Verb; 17] = [
        Verb::Helo,
        Verb::Ehlo,
        Verb::Xclient,
        Verb::Xforward,
        Verb::Starttls,
        Verb::Auth,
        Verb::Mail,
        Verb::Rcpt,
        Verb::Data,
        Verb::Bdat,
        Verb::Rset,
        Verb::Noop,
        Verb::Vrfy,
        Verb::Etrn,
        Verb::Quit,
        Verb::Help,
        Verb::Unknown,
    ];

    /// The command word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verb::Helo => "HELO",
            Verb::Ehlo => "EHLO",
            Verb::Xclient => "XCLIENT",
            Verb::Xforward => "XFORWARD",
            Verb::Starttls => "STARTTLS",
            Verb::Auth => "AUTH",
            Verb::Mail => "MAIL",
            Verb::Rcpt => "RCPT",
            Verb::Data => "DATA",
            Verb::Bdat => "BDAT",
            Verb::Rset => "RSET",
            Verb::Noop => "NOOP",
            Verb::Vrfy => "VRFY",
            Verb::Etrn => "ETRN",
            Verb::Quit => "QUIT",
            Verb::Help => "HELP",
            Verb::Unknown => "UNKNOWN",
        }
    }

    /// The name in the line at the end.
    fn label(self) -> &'static str {
        match self {
            Verb::Helo => "helo",
            Verb::Ehlo => "ehlo",
            Verb::Xclient => "xclient",
            Verb::Xforward => "xforward",
            Verb::Starttls => "starttls",
            Verb::Auth => "auth",
            Verb::Mail => "mail",
            Verb::Rcpt => "rcpt",
            Verb::Data => "data",
            Verb::Bdat => "bdat",
            Verb::Rset => "rset",
            Verb::Noop => "noop",
            Verb::Vrfy => "vrfy",
            Verb::Etrn => "etrn",
            Verb::Quit => "quit",
            Verb::Help => "help",
            Verb::Unknown => "unknown",
        }
    }

    /// The command with this word, without regard to case.
    pub(crate) fn find(word: &[u8]) -> Option<Verb> {
        Verb::ALL
            .into_iter()
            .filter(|verb| *verb != Verb::Unknown)
            .find(|verb| word.eq_ignore_ascii_case(verb.name().as_bytes()))
    }

    /// Whether too many of these without mail are an error (smtpd_junk_command_limit).
    pub(crate) fn is_junk(self) -> bool {
        matches!(
            self,
            Verb::Helo | Verb::Ehlo | Verb::Rset | Verb::Noop | Verb::Vrfy | Verb::Etrn
        )
    }

    /// Whether it is understood before STARTTLS where TLS is required.
    pub(crate) fn is_allowed_in_plaintext(self) -> bool {
        matches!(
            self,
            Verb::Helo
                | Verb::Ehlo
                | Verb::Xclient
                | Verb::Starttls
                | Verb::Noop
                | Verb::Quit
                | Verb::Help
                | Verb::Unknown
        )
    }

    /// Whether a client that pipelines must still wait for the reply.
    pub(crate) fn is_last_in_group(self) -> bool {
        matches!(
            self,
            Verb::Helo | Verb::Ehlo | Verb::Data | Verb::Noop | Verb::Vrfy
        )
    }
}

/// The counts of one session.
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    counts: [CommandCount; Verb::ALL.len()],
}

impl Statistics {
    /// Notes that a command was given.
    pub(crate) fn given(&mut self, verb: Verb) {
        self.count(verb, |count| count.total += 1);
    }

    /// Notes that it was accepted.
    pub(crate) fn accepted(&mut self, verb: Verb) {
        self.count(verb, |count| count.accepted += 1);
    }

    fn count(&mut self, verb: Verb, change: impl FnOnce(&mut CommandCount)) {
        let index = Verb::ALL.iter().position(|known| *known == verb);
        if let Some(count) = index.and_then(|index| self.counts.get_mut(index)) {
            change(count);
        }
    }

    /// The counts with their names, in order.
    pub(crate) fn lines(&self) -> Vec<(&'static str, CommandCount)> {
        Verb::ALL
            .iter()
            .map(|verb| verb.label())
            .zip(self.counts)
            .collect()
    }
}
