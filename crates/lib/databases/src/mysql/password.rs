// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a password is proved without being told.
//!
//! *Postfix:* what the client library does for dict_mysql(3).

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The method of MySQL 4.1 to 5.7, and of MariaDB.
pub(super) const NATIVE: &[u8] = b"mysql_native_password";

/// The method of MySQL 8.
pub(super) const CACHING: &[u8] = b"caching_sha2_password";

/// The whole password, for servers that ask another system; only over a local socket.
pub(super) const CLEAR: &[u8] = b"mysql_clear_password";

/// The proof for a method, given the server's challenge; `None` for a method that we lack.
pub(super) fn proof(method: &[u8], password: &[u8], challenge: &[u8]) -> Option<Vec<u8>> {
    match method {
        NATIVE | CACHING if password.is_empty() => Some(Vec::new()),
        NATIVE => Some(native(password, challenge)),
        CACHING => Some(caching(password, challenge)),
        _ => None,
    }
}

/// `SHA1(password) xor SHA1(challenge, SHA1(SHA1(password)))`
fn native(password: &[u8], challenge: &[u8]) -> Vec<u8> {
    let once = Sha1::digest(password);
    let twice = Sha1::digest(once);
    let mixed = Sha1::new().chain_update(challenge).chain_update(twice);
    xor(&once, &mixed.finalize())
}

/// `SHA256(password) xor SHA256(SHA256(SHA256(password)), challenge)`
fn caching(password: &[u8], challenge: &[u8]) -> Vec<u8> {
    let once = Sha256::digest(password);
    let twice = Sha256::digest(once);
    let mixed = Sha256::new().chain_update(twice).chain_update(challenge);
    xor(&once, &mixed.finalize())
}

fn xor(one: &[u8], two: &[u8]) -> Vec<u8> {
    one.iter().zip(two).map(|(one, two)| one ^ two).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_are_those_that_servers_expect() {
        // The server knows SHA1(SHA1(password)), and undoes the exclusive or.
        let challenge = b"01234567890123456789";
        let proof = proof(NATIVE, b"secret", challenge).unwrap();
        let stored = Sha1::digest(Sha1::digest(b"secret"));
        let mixed = Sha1::new().chain_update(challenge).chain_update(stored);
        let once = xor(&proof, &mixed.finalize());
        assert_eq!(Sha1::digest(once), stored);
    }

    #[test]
    fn an_empty_password_needs_no_proof_and_an_unknown_method_has_none() {
        assert_eq!(proof(CACHING, b"", b"x"), Some(Vec::new()));
        assert_eq!(proof(b"dialog", b"x", b"x"), None);
        assert_eq!(proof(CACHING, b"x", b"x").unwrap().len(), 32);
    }
}
