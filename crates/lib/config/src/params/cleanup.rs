// SPDX-License-Identifier: MIT OR Apache-2.0
//! Copies that cleanup adds.

use crate::table::parameters;

parameters! {
    /// One address that receives a copy of every message entering from outside; added as
    /// NOTIFY=NONE.
    always_bcc: Text = "";
    /// Recipient → bcc address (one), searched by address forms, added as NOTIFY=NONE.
    recipient_bcc_maps: Tables = "", since "2.1";
    /// Sender → bcc address.
    sender_bcc_maps: Tables = "", since "2.1";
}
