// SPDX-License-Identifier: MIT OR Apache-2.0
//! A delivery status as programs tell it to each other.
//!
//! *Postfix:* global/dsn_buf(3), dsn_print(3).

use crate::attr::{AttrError, Reader, Writer};
use bstr::ByteSlice as _;
use mail::dsn::{Action, Dsn, Status};

/// Adds a delivery status to a list; without one, the attributes are empty.
pub fn write_dsn(writer: &mut Writer, dsn: Option<&Dsn>) {
    let Some(dsn) = dsn else {
        for name in [
            "status",
            "diag_type",
            "diag_text",
            "mta_type",
            "mta_mname",
            "action",
            "reason",
        ] {
            writer.text(name, "");
        }
        return;
    };
    writer
        .text("status", dsn.status.to_string())
        .text("diag_type", &dsn.diag_type)
        .text("diag_text", &dsn.diag_text)
        .text("mta_type", &dsn.mta_type)
        .text("mta_mname", &dsn.mta_name)
        .text("action", dsn.action.map_or("", Action::as_str))
        .text("reason", &dsn.reason);
}

/// Reads a delivery status; the list goes on. Nothing when the peer had none to tell: then the
/// status and the reason are empty.
///
/// # Errors
/// Those of [`Reader`], or the status is no enhanced status code.
pub fn read_dsn(reader: &mut Reader<'_>) -> Result<Option<Dsn>, AttrError> {
    let status = reader.text("status")?;
    let diag_type = reader.text("diag_type")?;
    let diag_text = reader.text("diag_text")?;
    let mta_type = reader.text("mta_type")?;
    let mta_name = reader.text("mta_mname")?;
    let action = reader.text("action")?;
    let reason = reader.text("reason")?;
    if status.is_empty() && reason.is_empty() {
        return Ok(None);
    }
    let Some(status) = Status::parse(&status) else {
        return Err(AttrError::Misbehaved(format!(
            "malformed delivery status: {:.100}",
            status.as_bstr()
        )));
    };
    let action = Action::parse(&action);
    Ok(Some(Dsn {
        status,
        action,
        diag_type,
        diag_text,
        mta_type,
        mta_name,
        reason,
    }))
}
