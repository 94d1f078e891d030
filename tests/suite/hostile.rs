// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bad input of every kind gets a clean refusal, within bounds of memory and time, and the system
//! goes on.

use kit::{Instance, Setup, watch};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::Path;
use std::time::Duration;

/// Resident memory that no process of the system may exceed, in KiB.
const CEILING: u64 = 64 * 1024;

/// Bytes without any pattern, the same at each run.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}

/// The largest resident size among the processes of the instance, in KiB.
fn largest(instance: &Instance) -> u64 {
    let group = instance.master_pid().expect("master runs");
    let mut largest = 0;
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let fields = stat.rsplit(") ").next().unwrap_or_default();
        if fields.split(' ').nth(2) != Some(&group.to_string()) {
            continue;
        }
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = resident.and_then(|text| text.split_whitespace().next()?.parse().ok());
        largest = largest.max(kib.unwrap_or(0));
    }
    assert!(largest > 0, "no process was looked at");
    largest
}

/// An honest message still gets through, quickly, and nobody panicked on the way.
#[track_caller]
fn still_serves(instance: &Instance) {
    let user = Instance::account();
    let before = kit::message::mbox(&instance.mailbox(&user)).len();
    let reply = instance.deliver("a@client.example", &[&user], "Subject: honest\n\nbody");
    assert!(
        reply.starts_with("250 2.0.0"),
        "{reply}\n{}",
        instance.log()
    );
    instance.wait_mail(&user, before + 1);
    assert!(!instance.log().contains("panic"), "{}", instance.log());
    assert!(largest(instance) < CEILING, "{} KiB", largest(instance));
}

fn quick() -> Setup {
    Setup::new().main("smtpd_error_sleep_time = 0\nservice_throttle_time = 1s")
}

#[test]
fn binary_noise_on_the_smtp_port() {
    let instance = quick().boot();
    for seed in 1..20 {
        let mut stream = TcpStream::connect(instance.address).expect("connect");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("time limit");
        stream.write_all(&noise(20_000, seed)).ok();
        stream.shutdown(std::net::Shutdown::Write).ok();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).ok();
    }
    still_serves(&instance);
}

#[test]
fn a_line_of_ten_megabytes_as_a_command_and_as_content() {
    let instance = quick().boot();
    let mut smtp = instance.smtp();
    smtp.reply();
    smtp.send(&vec![b'A'; 10 << 20]);
    smtp.send(b"\r\n");
    let reply = smtp.reply();
    assert!(reply.is_empty() || reply.starts_with('5'), "{reply}");
    let user = Instance::account();
    let mut smtp = instance.smtp();
    smtp.reply();
    for command in [
        "HELO client.example",
        "MAIL FROM:<a@client.example>",
        &format!("RCPT TO:<{user}>"),
        "DATA",
    ] {
        smtp.ask(command);
    }
    smtp.send(b"Subject: long\r\n\r\n");
    let line = vec![b'x'; 9 << 20];
    smtp.send(&line);
    smtp.send(b"\r\n.\r\n");
    assert!(smtp.reply().starts_with("250 2.0.0"));
    let mail = instance.wait_mail(&user, 1).remove(0);
    assert_eq!(mail.body().trim_end().len(), line.len());
    still_serves(&instance);
}

#[test]
fn a_message_over_the_size_limit_is_refused_and_leaves_nothing() {
    let instance = quick().main("message_size_limit = 100000").boot();
    let reply = instance.deliver(
        "a@client.example",
        &[&Instance::account()],
        &"x".repeat(200_000),
    );
    assert_eq!(reply, "552 5.3.4 Error: message file too big");
    instance.wait_empty_queue();
    still_serves(&instance);
}

#[test]
fn endless_commands_end_at_the_limit() {
    let instance = quick().main("smtpd_junk_command_limit = 50").boot();
    let mut smtp = instance.smtp();
    smtp.reply();
    smtp.ask("EHLO client.example");
    let refused = (0..200)
        .map(|_| smtp.ask("NOOP"))
        .find(|reply| !reply.starts_with("250"));
    assert_eq!(
        refused.as_deref(),
        Some("421 4.7.0 mail.example.test Error: too many errors")
    );
    still_serves(&instance);
}

#[test]
fn smuggled_ends_of_data_make_one_message_or_none() {
    let instance = quick().main("mynetworks = 192.0.2.0/24").boot();
    let user = Instance::account();
    let ends: [&[u8]; 9] = [
        b"\n.\n",
        b"\r\n.\n",
        b"\n.\r\n",
        b"\r.\r",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\n\n.\r\r\n",
        b"\r\n\x00.\r\n",
        b"\r\n.\r\r\n",
    ];
    for end in ends {
        let mut smtp = instance.smtp();
        smtp.reply();
        smtp.ask("EHLO client.example");
        smtp.ask("MAIL FROM:<a@client.example>");
        smtp.ask(&format!("RCPT TO:<{user}@mail.example.test>"));
        smtp.ask("DATA");
        smtp.send(b"Subject: outer\r\n\r\nbody");
        smtp.send(end);
        smtp.send(
            b"MAIL FROM:<x@y.example>\r\nRCPT TO:<postmaster>\r\nDATA\r\nSubject: inner\r\n\r\nx",
        );
        smtp.send(b"\r\n.\r\n");
        let reply = smtp.reply();
        assert!(
            reply.starts_with("250 2.0.0 Ok: queued") || reply.starts_with('5'),
            "{reply}"
        );
        smtp.send(b"QUIT\r\n");
        let rest = smtp.rest();
        assert!(
            !rest.contains("queued as"),
            "{end:?} made two messages: {rest}"
        );
    }
    still_serves(&instance);
}

#[test]
fn a_hundred_thousand_recipients() {
    let instance = quick()
        .main("smtpd_recipient_limit = 200000\nrecipient_delimiter = +")
        .boot();
    let user = Instance::account();
    let mut smtp = instance.smtp();
    smtp.reply();
    smtp.ask("EHLO client.example");
    smtp.ask("MAIL FROM:<>");
    for batch in 0..100 {
        let commands: String = (0..1000)
            .map(|n| format!("RCPT TO:<{user}+{batch}.{n}@mail.example.test>\r\n"))
            .collect();
        smtp.send(commands.as_bytes());
        for _ in 0..1000 {
            let reply = smtp.reply();
            assert!(
                reply.starts_with("250") || reply.starts_with("550"),
                "{reply}"
            );
        }
    }
    still_serves(&instance);
}

#[test]
fn sendmail_with_a_hundred_thousand_recipients_on_stdin() {
    let instance = quick().main("default_transport = discard:x").boot();
    let to: Vec<String> = (0..100_000)
        .map(|n| format!("r{n}@elsewhere.example"))
        .collect();
    let message = format!("To: {}\nSubject: many\n\nbody\n", to.join(",\n "));
    let sent = instance.sendmail(&["-t", "-f", ""], &message);
    assert!(matches!(sent.status.code(), Some(0 | 65 | 75)), "{sent:?}");
    still_serves(&instance);
}

#[test]
fn forged_files_in_the_maildrop_are_thrown_away() {
    let instance = quick().boot();
    let maildrop = instance.path("spool/maildrop");
    let mut forged: Vec<Vec<u8>> = (0..20).map(|seed| noise(3000, seed + 100)).collect();
    forged.push(Vec::new());
    // A record that claims to be longer than the file, an attribute only daemons may set, a
    // recipient with a line break, and a file that ends in the middle.
    forged.push(b"T\xff\xff\xff\x7fx".to_vec());
    forged.push(b"S\x00A\x12log_client_name=x\x00R\x05a@b.cM\x00X\x00E\x00".to_vec());
    forged.push(b"S\x00R\x08a@b\nR: xM\x00N\x01xX\x00E\x00".to_vec());
    forged.push(b"S\x00R\x05a@b.cM\x00N\x01x".to_vec());
    for (number, bytes) in forged.iter().enumerate() {
        let path = maildrop.join(format!("F0000{number:05}"));
        std::fs::write(&path, bytes).expect("forged file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o744)).expect("mode");
        if kit::instance::privileged() {
            std::os::unix::fs::chown(&path, Some(1951), None).expect("alice's file");
        }
    }
    instance.run("postkick", &["public", "pickup", "W"]);
    let left = || {
        let count = std::fs::read_dir(&maildrop).map_or(0, Iterator::count);
        (count == 0).then_some(())
    };
    watch::until(&maildrop, "an empty maildrop", left, || instance.log());
    still_serves(&instance);
    instance.wait_empty_queue();
}

#[test]
fn damaged_queue_files_are_set_aside() {
    let mut instance = quick().boot();
    let user = Instance::account();
    // A good file of our own making, cut at many places.
    instance.run("postfix", &["stop"]);
    instance.stop();
    let incoming = instance.path("spool/incoming");
    for seed in 0..20u64 {
        let path = incoming.join(format!("ABCDE{:05}", seed));
        let mut bytes = format!(
            "C{}{:>15} {:>15} {:>15} {:>15} {:>15} {:>15}",
            '\x5f', 9, 97, 1, 0, 9, 0
        )
        .into_bytes();
        bytes.extend(noise(200 * usize::try_from(seed).expect("small"), seed + 7));
        std::fs::write(&path, bytes).expect("queue file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("mode");
        if kit::instance::privileged() {
            std::os::unix::fs::chown(&path, Some(951), Some(951)).expect("owner");
        }
    }
    instance.start();
    still_serves(&instance);
    let gone = || {
        let count = std::fs::read_dir(&incoming).map_or(0, Iterator::count);
        (count == 0).then_some(())
    };
    watch::until(&incoming, "an empty incoming queue", gone, || {
        instance.log()
    });
    assert_eq!(kit::message::mbox(&instance.mailbox(&user)).len(), 1);
}

#[test]
fn noise_on_every_unix_socket() {
    let instance = quick().main("max_idle = 5s").boot();
    for directory in ["public", "private"] {
        let sockets = std::fs::read_dir(instance.path("spool").join(directory)).expect("sockets");
        for socket in sockets.flatten() {
            let path = socket.path();
            if !socket.file_type().expect("type").is_socket() {
                continue;
            }
            for seed in 0..3 {
                shout(&path, &noise(5000, seed));
            }
            shout(&path, b"");
            shout(&path, &[b'a'; 100_000]);
        }
    }
    still_serves(&instance);
}

fn shout(path: &Path, bytes: &[u8]) {
    if let Ok(mut stream) = UnixStream::connect(path) {
        stream.set_write_timeout(Some(Duration::from_secs(5))).ok();
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok();
        stream.write_all(bytes).ok();
        stream.shutdown(std::net::Shutdown::Write).ok();
        let mut heard = [0; 4096];
        // Whatever it says; what counts is that it goes on.
        let _heard = stream.read(&mut heard);
    } else if let Ok(socket) = UnixDatagram::unbound() {
        socket
            .send_to(bytes.get(..4000).unwrap_or(bytes), path)
            .ok();
    }
}
