// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every internal conversation of the mail system: the wire formats, and one module per service
//! that holds both ends of its protocol.
//!
//! Reading order: [`attr`] (attribute lists), [`record`] (queue-file records), [`client`] (how to
//! reach a service), [`trigger`] (requests without a reply), [`flags`] (bit sets that travel),
//! [`services`] (who says what), [`graph`] (who may talk to whom).
//!
//! *Invariants*: parsing is total and bounded: whatever a peer sends, the answer is a value or an
//! error, after a limited number of bytes. A protocol never depends on a parameter; time limits
//! and socket names are arguments. All formats are those of Postfix 3.10 and later, so that either
//! end of any conversation may be the original.

pub mod attr;
pub mod client;
pub mod flags;
pub mod graph;
pub mod record;
pub mod services;
pub mod trigger;
