// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the address resolver says about an address, in bits.

use bitflags::bitflags;

bitflags! {
    /// What trivial-rewrite found out about a recipient.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct ResolveFlags: u32 {
        /// Unused by current servers.
        const FINAL = 1;
        /// There is routing left of the last domain: another `@`, a `%` or a `!`.
        const ROUTED = 2;
        /// The address is not valid.
        const ERROR = 4;
        /// A table could not be asked; try again later.
        const FAIL = 8;
        /// The domain is in `mydestination` or is an address of this machine.
        const CLASS_LOCAL = 256;
        /// The domain is in `virtual_alias_domains`.
        const CLASS_ALIAS = 512;
        /// The domain is in `virtual_mailbox_domains`.
        const CLASS_VIRTUAL = 1024;
        /// The domain is in `relay_domains`.
        const CLASS_RELAY = 2048;
        /// None of these.
        const CLASS_DEFAULT = 4096;

        /// Classes for which this machine is the final destination.
        const CLASS_FINAL = Self::CLASS_LOCAL.bits()
            | Self::CLASS_ALIAS.bits()
            | Self::CLASS_VIRTUAL.bits();
        /// All classes.
        const CLASS_ANY = Self::CLASS_FINAL.bits()
            | Self::CLASS_RELAY.bits()
            | Self::CLASS_DEFAULT.bits();
    }
}

bitflags! {
    /// What a long-lived server says about itself in each reply.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct ServerFlags: u32 {
        /// Disconnect soon: the server is about to restart.
        const SHUTDOWN = 1;
    }
}
