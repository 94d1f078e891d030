// SPDX-License-Identifier: MIT OR Apache-2.0
//! The first lines: the server's greeting, our name, what the server offers.
//!
//! *Errors*: whatever goes wrong was reported to the [`Progress`]; the caller tries the next
//! server.
//!
//! *Postfix:* smtp_helo of smtp_proto(3).

use std::time::{Duration, SystemTime};

use mail::dsn::{Dsn, Status};
use mail::smtp::ehlo::{Features, Offer};
use mail::smtp::reply::Reply;
use runtime::log;

use super::{Rules, ServerQuirks};
use crate::pix::Workarounds;
use crate::progress::{Progress, Scope};
use crate::session::{Lost, Session};

/// Who is greeted, and what is known about it.
pub(crate) struct Greeting<'a> {
    /// How to speak.
    pub(crate) rules: &'a Rules,
    /// What to ignore.
    pub(crate) quirks: ServerQuirks,
    /// What to do about a firewall that hides the server's greeting.
    pub(crate) pix: Workarounds,
    /// Meeting ourselves is a loop (the port is that of public servers).
    pub(crate) detect_loop: bool,
}

/// The greeting failed; everything is reported.
#[derive(Debug)]
pub(crate) struct Unusable;

impl Greeting<'_> {
    /// Exchanges names with the server.
    pub(crate) fn exchange(
        &self,
        progress: &mut Progress<'_>,
        session: &mut Session,
    ) -> Result<(), Unusable> {
        let mut stage = "receiving the initial server greeting";
        match self.converse(progress, session, &mut stage) {
            Ok(outcome) => outcome,
            Err(lost) => {
                progress.lost(session, lost, stage);
                Err(Unusable)
            }
        }
    }

    fn converse(
        &self,
        progress: &mut Progress<'_>,
        session: &mut Session,
        stage: &mut &'static str,
    ) -> Result<Result<(), Unusable>, Lost> {
        session.limit(self.rules.limits.helo);
        let id = progress.queue_id();
        let greeting = session.reply(id)?;
        if greeting.class() != 2 {
            let soften = greeting.class() == 5 && self.rules.skip_5xx_greeting;
            progress.unwelcome(session, &greeting, soften);
            return Ok(Err(Unusable));
        }
        let mut extended = self.wants_ehlo(&greeting, session);
        if Workarounds::are_needed(&greeting.text) {
            extended &= !self.work_around(progress, session);
        }
        let name = self.rules.helo_name.as_bytes();
        if extended {
            let verb: &[u8] = if self.rules.lmtp { b"LHLO " } else { b"EHLO " };
            *stage = if self.rules.lmtp {
                "performing the LHLO handshake"
            } else {
                "performing the EHLO handshake"
            };
            session.limit(self.rules.limits.helo);
            session.command(&[verb, name].concat())?;
            let reply = session.reply(id)?;
            if reply.class() == 2 {
                return Ok(self.offered(progress, session, &reply));
            }
            if reply.code == 421 || self.rules.lmtp {
                progress.unwelcome(session, &reply, false);
                return Ok(Err(Unusable));
            }
        }
        *stage = "performing the HELO handshake";
        session.limit(self.rules.limits.helo);
        session.command(&[b"HELO ", name].concat())?;
        let reply = session.reply(id)?;
        if reply.class() != 2 {
            progress.unwelcome(session, &reply, false);
            return Ok(Err(Unusable));
        }
        Ok(Ok(()))
    }

    fn wants_ehlo(&self, greeting: &Reply, session: &Session) -> bool {
        if self.rules.lmtp {
            return true;
        }
        let first = greeting.text.get(3..).unwrap_or_default();
        let first = first.strip_prefix(b"-").unwrap_or(first);
        let mut words = first
            .split(|b| b.is_ascii_whitespace())
            .filter(|word| !word.is_empty());
        let name = words.next().unwrap_or_default();
        if self.detect_loop && name.eq_ignore_ascii_case(self.rules.myhostname.as_bytes()) {
            log::warning(format_args!(
                "host {} greeted me with my own hostname {}",
                session.names.relay, self.rules.myhostname
            ));
        }
        let says_so = words.any(|word| word.eq_ignore_ascii_case(b"ESMTP"));
        (says_so || self.rules.always_ehlo) && !self.rules.never_ehlo
    }

    /// Arranges for a firewall that blinds out the greeting; whether EHLO is out of question.
    fn work_around(&self, progress: &Progress<'_>, session: &mut Session) -> bool {
        let arrival = progress.message.request.stats.incoming_arrival;
        let waited = arrival.and_then(|at| SystemTime::now().duration_since(at).ok());
        let active = self.pix.for_age(waited.unwrap_or(Duration::ZERO));
        if !active.is_empty() {
            let (id, relay) = (progress.queue_id(), &session.names.relay);
            log::info(format_args!(
                "{id}: enabling PIX workarounds: {active} for {relay}"
            ));
        }
        session.pause_before_dot = active.delay_dotcrlf;
        active.disable_esmtp
    }

    fn offered(
        &self,
        progress: &mut Progress<'_>,
        session: &mut Session,
        reply: &Reply,
    ) -> Result<(), Unusable> {
        let offer = Offer::parse(&reply.text);
        if offer
            .host
            .eq_ignore_ascii_case(self.rules.myhostname.as_bytes())
            && self.detect_loop
        {
            log::warning(format_args!(
                "host {} replied to HELO/EHLO with my own hostname {}",
                session.names.relay, self.rules.myhostname
            ));
            // The best server being ourselves is wrong for good; a backup may be wrong today.
            let class = if session.is_best { 5 } else { 4 };
            let nexthop = String::from_utf8_lossy(&progress.message.request.nexthop).into_owned();
            let text = format!("mail for {nexthop} loops back to myself");
            let dsn = Dsn::simple(Status::new(class, 4, 6), text);
            session.reusable = false;
            let names = session.names.clone();
            progress.fail(Some(&names), dsn, Scope::Site);
            return Err(Unusable);
        }
        let discarded = offer.features & self.quirks.discard;
        if !discarded.is_empty() && !self.quirks.silently {
            log::info(format_args!(
                "discarding EHLO keywords: {}",
                keywords(discarded)
            ));
        }
        for limit in &offer.bad_size_limits {
            log::warning(format_args!(
                "bad EHLO SIZE limit \"{}\" from {}",
                String::from_utf8_lossy(limit),
                session.names.relay
            ));
        }
        session.features = offer.features - self.quirks.discard;
        session.size_limit = if session.offers(Features::SIZE) {
            offer.size_limit
        } else {
            0
        };
        if session.offers(Features::SMTPUTF8) && !session.offers(Features::EIGHT_BIT_MIME) {
            log::info(format_args!(
                "host {} offers SMTPUTF8 support, but not 8BITMIME",
                session.names.with_address
            ));
            session.features |= Features::EIGHT_BIT_MIME;
        }
        Ok(())
    }
}

/// The extensions that `smtp_discard_ehlo_keywords` may name, as people write them.
const KEYWORDS: [(&str, Features); 9] = [
    ("8BITMIME", Features::EIGHT_BIT_MIME),
    ("PIPELINING", Features::PIPELINING),
    ("SIZE", Features::SIZE),
    ("STARTTLS", Features::STARTTLS),
    ("AUTH", Features::AUTH),
    ("DSN", Features::DSN),
    ("SMTPUTF8", Features::SMTPUTF8),
    ("CHUNKING", Features::CHUNKING),
    ("ENHANCEDSTATUSCODES", Features::ENHANCED_STATUS_CODES),
];

fn keywords(features: Features) -> String {
    let named = KEYWORDS
        .iter()
        .filter(|(_, feature)| features.intersects(*feature));
    let mut words: Vec<&str> = named.map(|(name, _)| *name).collect();
    if features.intersects(xforward_all()) {
        words.push("XFORWARD");
    }
    words.join(" ")
}

fn xforward_all() -> Features {
    Features::XFORWARD_NAME
        | Features::XFORWARD_ADDR
        | Features::XFORWARD_PORT
        | Features::XFORWARD_PROTO
        | Features::XFORWARD_HELO
        | Features::XFORWARD_IDENT
        | Features::XFORWARD_SOURCE
}

/// Reads a list of keywords to ignore; unknown words are warned about.
pub(crate) fn quirks(list: &str, parameter: &str) -> ServerQuirks {
    let mut quirks = ServerQuirks::default();
    for word in crate::destination::words(list) {
        let known = KEYWORDS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word));
        match (word.to_ascii_lowercase().as_str(), known) {
            ("silent-discard", _) => quirks.silently = true,
            ("xforward", _) => quirks.discard |= xforward_all(),
            (_, Some((_, feature))) => quirks.discard |= *feature,
            // Offered by servers, but not used by this client in any case.
            ("verp" | "xverp" | "etrn" | "vrfy" | "xclient" | "requiretls", None) => {}
            (_, None) => log::warning(format_args!("{parameter}: unknown keyword \"{word}\"")),
        }
    }
    quirks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_read_without_regard_to_case() {
        let quirks = quirks(
            "dsn, Pipelining silent-discard",
            "smtp_discard_ehlo_keywords",
        );
        assert_eq!(quirks.discard, Features::DSN | Features::PIPELINING);
        assert!(quirks.silently);
        assert_eq!(keywords(quirks.discard), "PIPELINING DSN");
    }
}
