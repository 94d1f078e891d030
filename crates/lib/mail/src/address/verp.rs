// SPDX-License-Identifier: MIT OR Apache-2.0
//! Variable envelope return paths: the recipient inside the sender address.
//!
//! *Postfix:* global/verp_sender(3).

use super::split_at_last_at;

/// `prefix@origin` and recipient `user@domain` with delimiters `+=` give
/// `prefix+user=domain@origin`. Internal forms. Parts that are not there are left out.
pub fn verp_sender(delimiters: [u8; 2], sender: &[u8], recipient: &[u8]) -> Vec<u8> {
    let (prefix, origin) = split_at_last_at(sender);
    let (user, domain) = split_at_last_at(recipient);
    let mut out = prefix.to_vec();
    out.push(delimiters[0]);
    out.extend_from_slice(user);
    if let Some(domain) = domain {
        out.push(delimiters[1]);
        out.extend_from_slice(domain);
    }
    if let Some(origin) = origin {
        out.push(b'@');
        out.extend_from_slice(origin);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipient_goes_into_the_sender() {
        assert_eq!(
            verp_sender(*b"+=", b"list@origin.com", b"user@domain.com"),
            b"list+user=domain.com@origin.com"
        );
        assert_eq!(verp_sender(*b"+=", b"list", b"user"), b"list+user");
    }
}
