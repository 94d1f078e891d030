// SPDX-License-Identifier: MIT OR Apache-2.0
#![doc = include_str!("../smtpd.8.md")]
//!
//! # Reading order
//!
//! [`Smtpd`] is what the runner starts. `site` is what it opens before the jail; `session` holds
//! one conversation with the help of `chat` (lines in, replies out), `commands` (one file each),
//! `transaction` (what MAIL began), `content` and `submit` (what goes to cleanup), and
//! `restrictions` (who may do what).

mod chat;
mod commands;
mod content;
mod dns_lists;
mod encryption;
mod envelope;
mod expand;
mod keywords;
mod login;
mod notices;
mod params;
mod peer;
mod policy;
mod received;
mod restrictions;
mod session;
mod site;
mod statistics;
mod submission;
mod submit;
#[cfg(test)]
mod tests;
mod transaction;

use std::net::SocketAddr;
use std::time::Duration;

use mail::line::BareNewline;
use server::{Client, Jail, Privileges, Program, SingleClient, Startup};

use crate::chat::Chat;
use crate::peer::Peer;
use crate::session::Session;
use crate::site::Site;

/// The SMTP server.
pub struct Smtpd {
    site: Site,
}

impl Program for Smtpd {
    const NAME: &'static str = "smtpd";

    /// Unprivileged and chrooted if master.cf says so. It talks to strangers; it opens access
    /// tables before the jail, and in it the sockets of cleanup, trivial-rewrite and flush, and
    /// the name servers. Only `-S` (`sendmail -bs`) starts a program: postdrop, as the person who
    /// runs it.
    const PRIVILEGES: Privileges = Privileges::MAIL_OWNER;

    fn prepare(start: &Startup) -> Result<Smtpd, String> {
        let by_hand = start.transport.is_none();
        let site = Site::open(&start.main_cf, by_hand && !runs_as_owner(&start.main_cf))?;
        Ok(Smtpd { site })
    }

    fn in_jail(&mut self, jail: &Jail) -> Result<(), String> {
        let service = self.site.params.rewrite_service_name.clone();
        self.site.set_rewrite(jail.private(&service));
        Ok(())
    }

    fn changed_table(&mut self) -> Option<String> {
        self.site.changed_table()
    }
}

impl SingleClient for Smtpd {
    fn idle(&mut self) -> Option<Duration> {
        self.site.close_old_connections();
        None
    }

    fn rest(&mut self) {
        self.site.close_old_connections();
    }

    fn serve(&mut self, client: Client, jail: &Jail) {
        self.site.dns_lists.forget();
        let mut peer = peer(&client);
        if self.site.params.smtpd_peername_lookup
            && peer.name == peer::UNKNOWN
            && let Some(resolver) = &mut self.site.resolver
        {
            peer.find_name(resolver);
        }
        let chat = Chat::new(client.stream, self.site.rules(), BareNewline::Reject);
        let mut session = Session::new(&mut self.site, jail, chat, peer);
        session.chat.bare_newlines = session.bare_newline_policy();
        session.serve();
    }
}

/// Whoever runs `sendmail -bs` submits as a person, unless it is the mail system itself.
fn runs_as_owner(main_cf: &config::MainCf) -> bool {
    let owner = main_cf.load::<config::params::mail_owner>().ok();
    let owner = owner.and_then(|name| sys::users::by_name(&name).ok().flatten());
    owner.is_some_and(|owner| owner.uid == sys::users::real_uid())
}

/// Who is at the other end: a socket says so, whoever passed the connection on says so, or it is
/// a person at standard input.
fn peer(client: &Client) -> Peer {
    let attribute = |name: &[u8]| {
        let found = client.attributes.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| String::from_utf8(value.clone()).ok())
    };
    let socket_address = |address: &[u8], port: &[u8]| {
        let (address, port) = (
            attribute(address)?.parse().ok()?,
            attribute(port)?.parse().ok()?,
        );
        Some(SocketAddr::new(address, port))
    };
    let passed = socket_address(b"client_address", b"client_port")
        .zip(socket_address(b"server_address", b"server_port"));
    match (passed, client.peer) {
        (Some((client, server)), _) => Peer::of_addresses(client, server),
        (None, Some(address)) => Peer::of_socket(&client.stream, address),
        (None, None) => Peer::standard_input(),
    }
}

/// Runs the program.
pub fn main() -> ! {
    server::run_single_client::<Smtpd>()
}
