// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address extensions: `user+extension` (recipient_delimiter).

/// Splits a local part at the first of the delimiter characters: the bare name, and the
/// delimiter with the extension. Nothing is split off addresses that must stay whole
/// (`mailer-daemon`, `postmaster`, `double-bounce`, `owner-x`, `x-request` when the delimiter
/// is a hyphen), and the bare name is never empty.
pub fn split_extension<'a>(
    local: &'a [u8],
    delimiters: &[u8],
) -> (&'a [u8], Option<(u8, &'a [u8])>) {
    let _ = delimiters;
    (local, None)
}

/// The whole address without its extension, or `None` when it has none.
pub fn strip_extension(address: &[u8], delimiters: &[u8]) -> Option<Vec<u8>> {
    let _ = (address, delimiters);
    None
}
