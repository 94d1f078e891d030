// SPDX-License-Identifier: MIT OR Apache-2.0
//! The search orders for addresses in tables.

pub mod address;
