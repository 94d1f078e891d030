// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is at the other end of the connection.
//!
//! *Invariants*: the name is `unknown` unless the client's address has a name and that name has
//! the client's address.
//!
//! *Postfix:* smtpd_peer(3).

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsFd;

use dns::{ClientName, FailureKind, Forward, Resolver, Unnamed};
use runtime::event::Client;
use runtime::log;

/// What stands for a name, address or port that is not known.
pub(crate) const UNKNOWN: &str = "unknown";

/// How the client's name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameStatus {
    /// It is verified.
    Good,
    /// The name service did not answer.
    Temporary,
    /// There is none, or it is not the client's.
    Permanent,
}

/// The client, as this session sees it; XCLIENT may change it.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// The verified name, or `unknown`.
    pub(crate) name: String,
    /// The name that the address claims, or `unknown`.
    pub(crate) reverse_name: String,
    /// How the name was found.
    pub(crate) name_status: NameStatus,
    /// How the reverse name was found.
    pub(crate) reverse_status: NameStatus,
    /// The address in digits, or `unknown`.
    pub(crate) address: String,
    /// The same as an address.
    pub(crate) ip: Option<IpAddr>,
    /// The client's port, or `unknown`.
    pub(crate) port: String,
    /// Where it connected to: address and port.
    pub(crate) server_address: String,
    pub(crate) server_port: String,
}

impl Peer {
    /// The person at the other end of standard input (`sendmail -bs`).
    pub(crate) fn standard_input() -> Peer {
        let localhost = IpAddr::from([127, 0, 0, 1]);
        Peer {
            name: "localhost".to_owned(),
            reverse_name: "localhost".to_owned(),
            name_status: NameStatus::Good,
            reverse_status: NameStatus::Good,
            address: localhost.to_string(),
            ip: Some(localhost),
            port: "0".to_owned(),
            server_address: localhost.to_string(),
            server_port: "0".to_owned(),
        }
    }

    /// A client about whom nothing is known.
    pub(crate) fn unknown() -> Peer {
        Peer {
            name: UNKNOWN.to_owned(),
            reverse_name: UNKNOWN.to_owned(),
            name_status: NameStatus::Permanent,
            reverse_status: NameStatus::Permanent,
            address: UNKNOWN.to_owned(),
            ip: None,
            port: UNKNOWN.to_owned(),
            server_address: UNKNOWN.to_owned(),
            server_port: UNKNOWN.to_owned(),
        }
    }

    /// The client of a socket, not yet with its name.
    pub(crate) fn of_socket(socket: impl AsFd, client: SocketAddr) -> Peer {
        let mut peer = Peer::unknown();
        peer.set_address(client.ip());
        peer.port = client.port().to_string();
        if let Some(server) = sys::socket::local_address(socket).ok().flatten() {
            peer.server_address = server.ip().to_canonical().to_string();
            peer.server_port = server.port().to_string();
        }
        peer
    }

    /// A client whose addresses are given by whoever accepted the connection.
    pub(crate) fn of_addresses(client: SocketAddr, server: SocketAddr) -> Peer {
        let mut peer = Peer::unknown();
        peer.set_address(client.ip());
        peer.port = client.port().to_string();
        peer.server_address = server.ip().to_canonical().to_string();
        peer.server_port = server.port().to_string();
        peer
    }

    /// Changes the address; IPv4 addresses in IPv6 form become IPv4 addresses.
    pub(crate) fn set_address(&mut self, address: IpAddr) {
        let address = address.to_canonical();
        self.address = address.to_string();
        self.ip = Some(address);
    }

    /// Looks up the name of the address, and checks it.
    pub(crate) fn find_name(&mut self, resolver: &mut Resolver) {
        let Some(ip) = self.ip else { return };
        let address = &self.address;
        let status = |unnamed| match unnamed {
            Unnamed::Temporary => NameStatus::Temporary,
            Unnamed::Permanent => NameStatus::Permanent,
        };
        match resolver.client_name(ip) {
            ClientName::Unknown(unnamed) => {
                self.name_status = status(unnamed);
                self.reverse_status = status(unnamed);
            }
            ClientName::Named { reverse, forward } => {
                self.reverse_status = NameStatus::Good;
                match forward {
                    Forward::Verified => {
                        self.name.clone_from(&reverse);
                        self.name_status = NameStatus::Good;
                    }
                    Forward::Mismatch => log::warning(format_args!(
                        "hostname {reverse} does not resolve to address {address}"
                    )),
                    Forward::NoAddress(failure) => {
                        let (reason, status) = words(failure.kind);
                        self.name_status = status;
                        log::warning(format_args!(
                            "hostname {reverse} does not resolve to address {address}: {reason}"
                        ));
                    }
                }
                self.reverse_name = reverse;
            }
        }
    }

    /// The client as log lines name it.
    pub(crate) fn client(&self, with_port: bool) -> Client {
        let client = Client::new(self.name.as_str(), self.address.as_str());
        if with_port {
            client.with_port(self.port.as_str())
        } else {
            client
        }
    }

    /// `name[address]`.
    pub(crate) fn name_and_address(&self) -> String {
        format!("{}[{}]", self.name, self.address)
    }

    /// The address as `Received:` spells it: IPv6 addresses with a tag.
    pub(crate) fn tagged_address(&self) -> impl fmt::Display {
        let tag = if self.ip.is_some_and(|ip| ip.is_ipv6()) {
            "IPv6:"
        } else {
            ""
        };
        format!("{tag}{}", self.address)
    }

    /// The number of the address family in queue files: that of the operating system.
    pub(crate) fn family(&self) -> u32 {
        match self.ip {
            Some(IpAddr::V4(_)) => 2,
            Some(IpAddr::V6(_)) => 10,
            None => 0,
        }
    }
}

/// The words of the C library for a name without address.
fn words(kind: FailureKind) -> (&'static str, NameStatus) {
    match kind {
        FailureKind::Retry => (
            "Temporary failure in name resolution",
            NameStatus::Temporary,
        ),
        FailureKind::Fail => (
            "Non-recoverable failure in name resolution",
            NameStatus::Permanent,
        ),
        FailureKind::NotFound | FailureKind::NullMx | FailureKind::Invalid => {
            ("Name or service not known", NameStatus::Permanent)
        }
    }
}
