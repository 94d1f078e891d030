// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes to single records of a queue file that is already complete.
//!
//! Each change overwrites bytes in place without moving anything, so that a crash leaves the old
//! or the new record. The old record is checked first: a wrong offset changes nothing.
//!
//! *Postfix:* global/deliver_completed(3), rec_put_type in record(3), and qmgr's update of the
//! delay warning time.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use ipc::record::RecordType;

/// Marks a recipient as done: the record at `offset` turns from `R` to `D`. Returns whether it
/// was a recipient that was still to be delivered. Offset zero means "not in a file" and does
/// nothing. Not synced: a lost mark means a second delivery, a lost log entry a lost recipient.
pub fn mark_done(file: &File, offset: u64) -> io::Result<bool> {
    replace_type(
        file,
        offset,
        RecordType::Recipient,
        RecordType::DoneRecipient,
    )
}

/// Marks a recipient as canceled: `R` becomes `/`.
pub fn mark_canceled(file: &File, offset: u64) -> io::Result<bool> {
    replace_type(
        file,
        offset,
        RecordType::Recipient,
        RecordType::CanceledRecipient,
    )
}

/// Disables a record but keeps its value: its type becomes `K`.
pub fn kill(file: &File, offset: u64, expected: RecordType) -> io::Result<bool> {
    replace_type(file, offset, expected, RecordType::Killed)
}

/// Sets the time (seconds since the epoch) of the next delayed-mail notice in the `W` record at
/// `offset`. Returns false when there is no such record of the expected length.
pub fn set_warning_time(file: &File, offset: u64, seconds: u64) -> io::Result<bool> {
    let value = format!("{seconds:15}");
    let mut head = [0u8; 2];
    if read_at(file, &mut head, offset)? != head.len()
        || head != [RecordType::WarningTime as u8, 15]
        || value.len() != 15
    {
        return Ok(false);
    }
    let Some(at) = offset.checked_add(2) else {
        return Ok(false);
    };
    file.write_all_at(value.as_bytes(), at)?;
    Ok(true)
}

fn replace_type(file: &File, offset: u64, old: RecordType, new: RecordType) -> io::Result<bool> {
    let mut now = [0u8; 1];
    if offset == 0 || read_at(file, &mut now, offset)? != 1 || now != [old as u8] {
        return Ok(false);
    }
    file.write_all_at(&[new as u8], offset)?;
    Ok(true)
}

fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    loop {
        match file.read_at(buffer, offset) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
