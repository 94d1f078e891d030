// SPDX-License-Identifier: MIT OR Apache-2.0
//! One SMTP session, from greeting to goodbye.
//!
//! A session knows its client and what HELO said; what MAIL began is a value of its own
//! ([`crate::transaction`]).
//!
//! *Invariants*: every command is answered, or the session ends; errors, commands without use,
//! recipients and bytes are counted, and end the session at their limits.
//!
//! *Postfix:* smtpd_proto of smtpd(8).

use mail::header::is_header_line;
use mail::line::BareNewline;
use mail::smtp::command::{Argument, arguments};
use mail::text::printable;
use runtime::event::Client;
use runtime::event::smtpd::{AbnormalEnd, Connect, Disconnect, ImproperPipelining, escaped};
use runtime::log;
use server::Jail;

use crate::chat::{Chat, Input, Lost};
use crate::commands::xforward::Forwarded;
use crate::keywords::Hidden;
use crate::login::Login;
use crate::peer::Peer;
use crate::restrictions::{Carried, Evaluator, Facts, Refusal};
use crate::site::Site;
use crate::statistics::{Statistics, Verb};
use crate::transaction::{Actions, MailState};

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handled {
    /// It was accepted.
    Accepted,
    /// It was an error of the client.
    Refused,
    /// The session began anew: neither.
    Restarted,
}

/// What a command comes to.
pub(crate) type Outcome = Result<Handled, Lost>;

/// What the lists should look at, where it is not what the session knows already.
#[derive(Clone, Copy, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) helo: Option<&'a str>,
    pub(crate) sender: Option<&'a [u8]>,
    pub(crate) recipient: Option<&'a [u8]>,
    pub(crate) etrn_domain: Option<&'a str>,
    /// What MAIL announced, before there is a transaction.
    pub(crate) size: u64,
}

/// A session.
pub(crate) struct Session<'s> {
    pub(crate) site: &'s mut Site,
    pub(crate) jail: &'s Jail,
    pub(crate) chat: Chat,
    pub(crate) peer: Peer,
    /// The peer as log lines name it.
    pub(crate) client: Client,
    /// The session's encryption.
    pub(crate) tls: Option<tls::Summary>,
    /// What HELO or EHLO said.
    pub(crate) helo: Option<String>,
    /// Whether it was EHLO.
    pub(crate) esmtp: bool,
    /// Who logged in.
    pub(crate) login: Option<Login>,
    /// The mechanisms by which one may, and whether one may at all.
    pub(crate) mechanisms: Option<Vec<String>>,
    pub(crate) mail: MailState,
    /// The last command, or where the session is.
    pub(crate) state: &'static str,
    pub(crate) statistics: Statistics,
    pub(crate) hidden: Hidden,
    pub(crate) forwarded: Forwarded,
    /// Whether the client did not wait where it must.
    pub(crate) pipelined: bool,
    /// Whether anything ended in a bare LF.
    pub(crate) saw_bare_newline: bool,
    /// Bytes of the present content, once there is one.
    pub(crate) content_bytes: Option<u64>,
    /// How many transactions were begun.
    pub(crate) transactions: u32,
    carried: Carried,
    /// The greeting was a refusal.
    denied: bool,
}

impl<'s> Session<'s> {
    /// A session that has not begun.
    pub(crate) fn new(site: &'s mut Site, jail: &'s Jail, chat: Chat, peer: Peer) -> Session<'s> {
        let client = peer.client(site.params.smtpd_client_port_logging);
        Session {
            site,
            jail,
            chat,
            peer,
            client,
            tls: None,
            helo: None,
            esmtp: false,
            login: None,
            mechanisms: None,
            mail: MailState::Idle,
            state: "CONNECT",
            statistics: Statistics::default(),
            hidden: Hidden::default(),
            forwarded: Forwarded::default(),
            pipelined: false,
            saw_bare_newline: false,
            content_bytes: None,
            transactions: 0,
            carried: Carried::default(),
            denied: false,
        }
    }

    /// Holds the session to its end, and logs it.
    pub(crate) fn serve(mut self) {
        log::info(Connect(&self.client));
        let lost = self.converse();
        let reason = match lost {
            Lost::HangUp => None,
            Lost::Connection => Some("lost connection"),
            Lost::TooManyErrors => Some("too many errors"),
            Lost::Timeout => {
                self.chat.start_request();
                let host = &self.site.params.myhostname;
                let _ = self
                    .chat
                    .say(format_args!("421 4.4.2 {host} Error: timeout exceeded"));
                Some("timeout")
            }
        };
        if lost != Lost::Connection {
            let _ = self.chat.flush();
        }
        // A client that goes away after its message has done nothing wrong.
        let is_normal = lost == Lost::Connection && self.state == "END-OF-MESSAGE";
        if let Some(reason) = reason.filter(|_| !is_normal) {
            let waiting = u64::try_from(self.chat.buffered()).unwrap_or(0);
            log::info(AbnormalEnd {
                queue_id: self
                    .mail
                    .transaction()
                    .and_then(|transaction| transaction.queue_id()),
                reason,
                state: self.state,
                bytes: self
                    .content_bytes
                    .filter(|_| self.state == "DATA")
                    .map(|bytes| bytes + waiting),
                client: &self.client,
            });
        }
        let noted = self.saw_bare_newline && self.chat.bare_newlines == BareNewline::Note;
        log::info(Disconnect {
            client: &self.client,
            commands: &self.statistics.lines(),
            notes: if noted { &["bare_lf"] } else { &[] },
        });
    }

    fn converse(&mut self) -> Lost {
        let begun = if self.site.tls.settings.wrapper {
            self.wrap()
        } else {
            self.refuse_early_talker()
        };
        let begun = begun.and_then(|()| self.greet());
        if let Err(lost) = begun {
            return lost;
        }
        loop {
            if self.chat.is_hanging_up() {
                return Lost::HangUp;
            }
            if let Err(lost) = self.command() {
                return lost;
            }
        }
    }

    /// A client that talks before it is greeted is no mail system.
    fn refuse_early_talker(&mut self) -> Result<(), Lost> {
        if self.site.stand_alone || !self.chat.has_input() {
            return Ok(());
        }
        let input = self.chat.waiting_input();
        if input.is_empty() {
            return Err(Lost::Connection);
        }
        self.improper_pipelining(&input)
    }

    /// Says hello, or why not. XCLIENT comes back here.
    pub(crate) fn greet(&mut self) -> Result<(), Lost> {
        self.denied = false;
        self.carried = Carried::default();
        self.find_hidden_keywords();
        self.find_mechanisms();
        if !self.site.stand_alone && !self.site.params.smtpd_delay_reject {
            let refusal = self
                .evaluate(Subject::default(), |evaluator| evaluator.client())
                .err();
            if let Some(refusal) = refusal {
                self.denied = true;
                self.chat.errors += 1;
                return self.refuse_by(refusal).map(|_| ());
            }
        }
        let banner = &self.site.params.smtpd_banner;
        self.chat.say(format_args!("220 {banner}"))
    }

    fn find_hidden_keywords(&mut self) {
        let maps = &mut self.site.hidden_keyword_maps;
        self.hidden = match maps.get(self.peer.address.as_bytes()) {
            Ok(Some(text)) => Hidden::parse(&String::from_utf8_lossy(&text)),
            Ok(None) => self.site.hidden_keywords.clone(),
            Err(error) => {
                log::warning(format_args!(
                    "smtpd_discard_ehlo_keyword_address_maps: {error}"
                ));
                Hidden::default()
            }
        };
    }

    /// Reads and answers one command.
    fn command(&mut self) -> Result<(), Lost> {
        let host = &self.site.params.myhostname;
        let hard_limit = u64::try_from(self.site.params.smtpd_hard_error_limit).unwrap_or(20);
        if self.chat.errors >= hard_limit {
            self.chat
                .say(format_args!("421 4.7.0 {host} Error: too many errors"))?;
            return Err(Lost::TooManyErrors);
        }
        let line = match self.chat.read_command(&self.client)? {
            Input::Line { text, bare_newline } => {
                if bare_newline && !self.accept_bare_newline()? {
                    return Ok(());
                }
                until_nul(text)
            }
            Input::TooLong => {
                return self.error(format!("500 5.5.2 {host} Error: command too long"));
            }
        };
        if self.site.params.smtputf8_enable && !mail::text::is_utf8(&line) {
            return self.error("500 5.5.2 Error: bad UTF-8 syntax".to_owned());
        }
        let line = self.filtered(line);
        let words = arguments(&line);
        let Some(word) = words.first() else {
            return self.error("500 5.5.2 Error: bad syntax".to_owned());
        };
        let verb = Verb::find(&word.text);
        if self.is_no_operation(&word.text) {
            self.count_junk();
            return self.chat.say("250 2.0.0 Ok");
        }
        self.statistics.given(verb.unwrap_or(Verb::Unknown));
        let Some(verb) = verb else {
            return self.unknown_command(&line, &words);
        };
        if self.denied && verb != Verb::Quit {
            return self.error(self.denial());
        }
        if self.must_encrypt_before(verb) {
            return self.error("530 5.7.0 Must issue a STARTTLS command first".to_owned());
        }
        self.state = verb.name();
        self.content_bytes = None;
        self.refuse_improper_pipelining(verb)?;
        match self.dispatch(verb, &words)? {
            Handled::Accepted => self.statistics.accepted(verb),
            Handled::Refused => self.chat.errors += 1,
            Handled::Restarted => {}
        }
        if verb.is_junk() {
            self.count_junk();
        }
        if verb == Verb::Quit {
            Err(Lost::HangUp)
        } else {
            Ok(())
        }
    }

    fn dispatch(&mut self, verb: Verb, words: &[Argument]) -> Outcome {
        let rest = words.get(1..).unwrap_or_default();
        match verb {
            Verb::Helo => self.helo(rest),
            Verb::Ehlo => self.ehlo(rest),
            Verb::Xclient => self.xclient(rest),
            Verb::Xforward => self.xforward(rest),
            Verb::Starttls => self.starttls(rest),
            Verb::Auth => self.auth(rest),
            Verb::Mail => self.mail(rest),
            Verb::Rcpt => self.rcpt(rest),
            Verb::Data => self.data(rest),
            Verb::Bdat => self.bdat(rest),
            Verb::Rset => self.rset(rest),
            Verb::Noop => self.accept("250 2.0.0 Ok"),
            Verb::Vrfy => self.vrfy(rest),
            Verb::Etrn => self.etrn(rest),
            Verb::Quit => self.accept("221 2.0.0 Bye"),
            Verb::Help => self.help(),
            // Handled before.
            Verb::Unknown => self.refuse("500 5.5.2 Error: command not recognized"),
        }
    }

    /// An error that is no command.
    fn error(&mut self, reply: String) -> Result<(), Lost> {
        self.chat.say(reply)?;
        self.chat.errors += 1;
        Ok(())
    }

    fn denial(&self) -> String {
        format!("503 5.7.0 Error: access denied for {}", self.client)
    }

    /// smtpd_command_filter: the command that we would rather have had.
    fn filtered(&mut self, line: Vec<u8>) -> Vec<u8> {
        let maps = &mut self.site.command_filter;
        if maps.is_empty() {
            return line;
        }
        match maps.get(&line) {
            Ok(Some(other)) => {
                let shown = |text: &[u8]| {
                    let text = printable(text.get(..100).unwrap_or(text), b'?');
                    String::from_utf8_lossy(&text).into_owned()
                };
                log::info(format_args!(
                    "{}: replacing command \"{}\" with \"{}\"",
                    self.client,
                    shown(&line),
                    shown(&other)
                ));
                other
            }
            Ok(None) => line,
            Err(error) => {
                log::warning(format_args!("smtpd_command_filter: {error}"));
                line
            }
        }
    }

    fn is_no_operation(&mut self, word: &[u8]) -> bool {
        let commands = &mut self.site.noop_commands;
        !commands.is_empty() && commands.matches(word).unwrap_or(false)
    }

    fn unknown_command(&mut self, line: &[u8], words: &[Argument]) -> Result<(), Lost> {
        self.state = "UNKNOWN";
        let word = words.first().map_or(&b""[..], |word| &word.text);
        let is_forbidden = is_header_line(word).is_some()
            || (self.site.forbid_non_letters
                && word.first().is_some_and(|b| !b.is_ascii_alphabetic()))
            || self.site.forbidden_commands.matches(word).unwrap_or(false);
        if is_forbidden {
            log::warning(format_args!(
                "non-SMTP command from {}: {}",
                self.client,
                escaped(line.get(..100).unwrap_or(line))
            ));
            self.chat
                .say("221 2.7.0 Error: I can break rules, too. Goodbye.")?;
            return Err(Lost::HangUp);
        }
        let reply = if self.denied {
            self.denial()
        } else {
            "500 5.5.2 Error: command not recognized".to_owned()
        };
        self.error(reply)
    }

    fn count_junk(&mut self) {
        let limit = u64::try_from(self.site.params.smtpd_junk_command_limit).unwrap_or(100);
        if self.chat.junk > limit {
            self.chat.errors += 1;
        }
        self.chat.junk += 1;
    }

    /// Whether a command that ended in a bare LF may be looked at.
    fn accept_bare_newline(&mut self) -> Result<bool, Lost> {
        if self.chat.bare_newlines == BareNewline::Accept {
            return Ok(true);
        }
        self.saw_bare_newline = true;
        if self.chat.bare_newlines != BareNewline::Reject {
            return Ok(true);
        }
        let reply = self.bare_newline_reply();
        self.log_decision("reject", &reply);
        self.error(reply)?;
        Ok(false)
    }

    pub(crate) fn bare_newline_reply(&self) -> String {
        let code = self.site.params.smtpd_forbid_bare_newline_reject_code;
        let host = &self.site.params.myhostname;
        format!("{code} 5.5.2 {host} Error: bare <LF> received")
    }

    /// After some commands a client must wait, pipelining or not.
    fn refuse_improper_pipelining(&mut self, verb: Verb) -> Result<(), Lost> {
        let must_wait = !self.esmtp || verb.is_last_in_group();
        if !must_wait || self.site.stand_alone || self.pipelined || !self.chat.has_input() {
            return Ok(());
        }
        let input = self.chat.waiting_input();
        if input.is_empty() {
            Ok(())
        } else {
            self.improper_pipelining(&input)
        }
    }

    fn improper_pipelining(&mut self, input: &[u8]) -> Result<(), Lost> {
        log::info(ImproperPipelining {
            state: self.state,
            client: &self.client,
            input,
        });
        self.pipelined = true;
        if self.site.params.smtpd_forbid_unauth_pipelining {
            self.chat
                .say("554 5.5.0 Error: SMTP protocol synchronization")?;
            return Err(Lost::HangUp);
        }
        Ok(())
    }

    /// `SMTP` or `ESMTP`.
    pub(crate) fn protocol(&self) -> &'static str {
        if self.esmtp { "ESMTP" } else { "SMTP" }
    }

    /// Says a reply of success.
    pub(crate) fn accept(&mut self, reply: impl std::fmt::Display) -> Outcome {
        self.chat.say(reply)?;
        Ok(Handled::Accepted)
    }

    /// Says a reply of failure.
    pub(crate) fn refuse(&mut self, reply: impl std::fmt::Display) -> Outcome {
        self.chat.say(reply)?;
        Ok(Handled::Refused)
    }

    /// Carries out a refusal of the restriction lists.
    pub(crate) fn refuse_by(&mut self, refusal: Refusal) -> Outcome {
        match refusal {
            Refusal::Reply(reply) => self.refuse(reply),
            Refusal::HangUp => Err(Lost::HangUp),
        }
    }

    /// Evaluates restriction lists with what the session knows.
    pub(crate) fn evaluate<T>(
        &mut self,
        subject: Subject<'_>,
        walk: impl FnOnce(&mut Evaluator<'_>) -> T,
    ) -> T {
        let protocol = self.protocol();
        let mut unused = Actions::default();
        let mut facts = Facts {
            state: self.state,
            peer: &self.peer,
            tls: self.tls.as_ref(),
            with_port: self.site.params.smtpd_client_port_logging,
            protocol,
            helo: subject.helo.or(self.helo.as_deref()),
            sender: subject.sender,
            recipient: subject.recipient,
            recipients: 0,
            queue_id: None,
            instance: "",
            size: subject.size,
            etrn_domain: subject.etrn_domain,
            pipelined: self.pipelined,
            login: self.login.as_ref(),
            may_log_in: self.mechanisms.is_some(),
            vouched_by: None,
        };
        let actions = match &mut self.mail {
            MailState::Open(transaction) => {
                let only = transaction.recipients == 1;
                facts.queue_id = transaction
                    .submission
                    .as_ref()
                    .map(|message| message.queue_id());
                facts.instance = &transaction.instance;
                facts.recipients = transaction.recipients;
                let chunks = transaction.chunks.as_ref();
                let counted = chunks.map(|chunks| chunks.content.size());
                let counted = counted.or(self.content_bytes).filter(|bytes| *bytes > 0);
                facts.size = counted.unwrap_or(transaction.sender.declared_size);
                facts.sender = facts.sender.or(Some(&transaction.sender.address));
                facts.vouched_by = transaction.sender.vouched_by.as_deref();
                let first = transaction.first_recipient.as_deref().filter(|_| only);
                let about_message = matches!(self.state, "DATA" | "BDAT" | "END-OF-MESSAGE");
                facts.recipient = facts.recipient.or(first.filter(|_| about_message));
                &mut transaction.actions
            }
            MailState::Idle | MailState::DiscardingChunks { .. } => &mut unused,
        };
        walk(&mut Evaluator::new(
            self.site,
            facts,
            actions,
            &mut self.carried,
        ))
    }

    /// Logs a decision that no restriction list made.
    pub(crate) fn log_decision(&mut self, what: &str, text: &str) {
        self.evaluate(Subject::default(), |evaluator| evaluator.log(what, text));
    }
}

/// A NUL ends a command, as in the original: it cannot travel to other programs.
pub(crate) fn until_nul(mut line: Vec<u8>) -> Vec<u8> {
    if let Some(nul) = line.iter().position(|&b| b == 0) {
        line.truncate(nul);
    }
    line
}
