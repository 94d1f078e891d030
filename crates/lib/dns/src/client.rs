// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is at the other end: the name of an address, and whether the name agrees.
//!
//! *Postfix:* the lookups of `smtpd_peer`: the hosts file and DNS are both asked, and a name
//! is trusted only when its own addresses contain the client's.

use std::net::IpAddr;

use crate::failure::{Failure, FailureKind};
use crate::resolver::{Families, Resolver};

/// Why an address has no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// There is no name, or it is not a valid one.
    Permanent,
    /// The name service did not answer.
    Temporary,
}

/// What the addresses of the client's name say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forward {
    /// The name resolves to the client's address.
    Verified,
    /// The name has no address; the failure says why.
    NoAddress(Failure),
    /// The name has addresses, and the client's is not among them.
    Mismatch,
}

/// The name of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientName {
    /// No usable name.
    Unknown(Unnamed),
    /// A name, and what became of its check.
    Named {
        /// The name the address claims, unverified.
        reverse: String,
        /// The outcome of the check.
        forward: Forward,
    },
}

impl ClientName {
    /// The verified name, if there is one.
    #[must_use]
    pub fn verified(&self) -> Option<&str> {
        match self {
            ClientName::Named {
                reverse,
                forward: Forward::Verified,
            } => Some(reverse),
            ClientName::Named { .. } | ClientName::Unknown(_) => None,
        }
    }
}

impl Resolver {
    /// Looks up and checks the name of `address`.
    pub fn client_name(&mut self, address: IpAddr) -> ClientName {
        let address = address.to_canonical();
        let reverse = match self.native_name(address) {
            Ok(name) => name,
            Err(failure) if failure.kind == FailureKind::Retry => {
                return ClientName::Unknown(Unnamed::Temporary);
            }
            Err(_) => return ClientName::Unknown(Unnamed::Permanent),
        };
        let family = if address.is_ipv4() {
            Families::V4
        } else {
            Families::V6
        };
        let forward = match self.native_addresses(&reverse, family) {
            Ok(found) if found.contains(&address) => Forward::Verified,
            Ok(_) => Forward::Mismatch,
            Err(failure) => Forward::NoAddress(failure),
        };
        ClientName::Named { reverse, forward }
    }
}
