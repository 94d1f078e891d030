// SPDX-License-Identifier: MIT OR Apache-2.0
//! The bit sets that travel between programs.
//!
//! *Invariants*: the values are the original's; bits that nobody defined are dropped when a set is
//! received (`from_bits_truncate`), so that a newer peer may say more.
//!
//! *Postfix:* global/cleanup_user, cleanup_strerror(3), deliver_request, sendopts, resolve_clnt,
//! bounce, int_filt(3), util/dict.

mod cleanup;
mod delivery;
mod resolve;
mod table;

pub use cleanup::{CleanupFlags, CleanupStatus, MailSource, StatusDetail};
pub use delivery::{BounceFlags, DeliverFlags, QmgrFlags, RecipientStatus, SendOptions};
pub use resolve::{ResolveFlags, ServerFlags};
pub use table::TableFlags;
