// SPDX-License-Identifier: MIT OR Apache-2.0
//! Deliveries of whole messages, with stand-ins for the other services.

mod expansions;
mod mailboxes;
mod site;
