// SPDX-License-Identifier: MIT OR Apache-2.0
//! Speed, side by side: smtp-source → us → discard, and smtp-source → us → smtp-sink, with the
//! original from Debian's packages as load generator and as the other runner, on the same disk in
//! the same run.
//!
//! Prints messages a second, processor time a message, and the ratios ours ÷ theirs. Machines are
//! noisy: only the ratios of one run mean something. `scripts/bench` builds and starts it.

use kit::instance::privileged;
use kit::programs::{self, Flavor};
use kit::{Instance, Setup, watch};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// One run's figures.
struct Figures {
    per_second: f64,
    cpu_milliseconds: f64,
}

fn main() {
    let messages: u32 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(2000);
    let theirs = privileged();
    if !theirs {
        say("without root only our own figures can be measured");
    }
    for (name, sink) in [("to discard", false), ("relayed to smtp-sink", true)] {
        say(&format!("smtp-source -s 10 -m {messages} -l 4000, {name}:"));
        let mut rounds: Vec<(Flavor, Figures)> = Vec::new();
        for _ in 0..2 {
            // In turns, so that a slow spell of the machine hits both.
            for flavor in [Flavor::Theirs, Flavor::Ours] {
                if flavor == Flavor::Ours || theirs {
                    rounds.push((flavor, round(flavor, messages, sink)));
                }
            }
        }
        report(&rounds);
    }
}

fn report(rounds: &[(Flavor, Figures)]) {
    let best = |flavor| {
        let mine = || {
            rounds
                .iter()
                .filter(|(whose, _)| *whose == flavor)
                .map(|(_, f)| f)
        };
        let speed = mine().map(|f| f.per_second).fold(0.0, f64::max);
        let cpu = mine()
            .map(|f| f.cpu_milliseconds)
            .fold(f64::INFINITY, f64::min);
        (speed, cpu)
    };
    let (our_speed, our_cpu) = best(Flavor::Ours);
    say(&format!(
        "  ours    {our_speed:7.0} messages/s  {our_cpu:6.2} ms processor/message"
    ));
    if rounds.iter().any(|(flavor, _)| *flavor == Flavor::Theirs) {
        let (speed, cpu) = best(Flavor::Theirs);
        say(&format!(
            "  Postfix {speed:7.0} messages/s  {cpu:6.2} ms processor/message"
        ));
        say(&format!(
            "  ratio   {:7.2} times the messages, {:.2} of the processor time",
            our_speed / speed,
            our_cpu / cpu
        ));
    }
}

fn round(flavor: Flavor, messages: u32, relayed: bool) -> Figures {
    let port = 10_000 + u16::try_from(std::process::id() % 20_000).unwrap_or(0);
    let sink = relayed.then(|| start_sink(port));
    let main = if relayed {
        format!("relayhost = [127.0.0.1]:{port}")
    } else {
        "default_transport = discard:measured".to_owned()
    };
    let quiet = "smtpd_peername_lookup = no\nsmtpd_client_connection_count_limit = 0";
    let mut instance = Setup::of(flavor).main(&main).main(quiet).build();
    instance.create_spool();
    instance.start_master();
    instance.wait_greeting();
    // One message first: processes are started before the clock is.
    load(&instance, 1);
    instance.wait_empty_queue();
    let begin = Instant::now();
    load(&instance, messages);
    drained(&instance);
    let elapsed = begin.elapsed();
    let cpu = used(instance.master_pid().expect("master runs"));
    instance.stop();
    if let Some(mut sink) = sink {
        sink.kill().ok();
        sink.wait().ok();
    }
    Figures {
        per_second: f64::from(messages) / elapsed.as_secs_f64(),
        cpu_milliseconds: cpu / f64::from(messages),
    }
}

/// Milliseconds of processor time of master and its children: of the living, and of the ended
/// that it has reaped. (What wait(2) tells of master itself leaves out children that it does
/// not wait for when it stops.)
fn used(master: i32) -> f64 {
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc").expect("proc").flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let Some((head, tail)) = stat.rsplit_once(") ") else {
            continue;
        };
        let fields: Vec<i64> = tail
            .split(' ')
            .map(|field| field.parse().unwrap_or_default())
            .collect();
        // After the name: state, parent … utime and stime, then those of reaped children.
        let itself = head.split(' ').next() == Some(&master.to_string());
        if itself || fields.get(1) == Some(&i64::from(master)) {
            ticks += fields.get(11..13).map_or(0, |own| own.iter().sum::<i64>());
            if itself {
                ticks += fields
                    .get(13..15)
                    .map_or(0, |reaped| reaped.iter().sum::<i64>());
            }
        }
    }
    let per_second = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK);
    let per_second = per_second.ok().flatten().unwrap_or(100);
    Duration::from_millis(ticks.unsigned_abs() * 1000 / per_second.unsigned_abs()).as_secs_f64()
        * 1000.0
}

fn drained(instance: &Instance) {
    let empty = || instance.queue_files().is_empty().then_some(());
    let limit = Duration::from_secs(300);
    assert!(
        watch::within(limit, &instance.path("spool/active"), empty).is_some(),
        "the queue does not drain:\n{}",
        instance.log()
    );
}

fn load(instance: &Instance, messages: u32) {
    let address = instance.address;
    let status = original("smtp-source")
        .args(["-s", "10", "-l", "4000", "-m", &messages.to_string()])
        .args([
            "-f",
            "sender@client.example",
            "-t",
            "recipient@elsewhere.example",
        ])
        .arg(format!("{}:{}", address.ip(), address.port()))
        .status()
        .expect("smtp-source");
    assert!(
        status.success(),
        "smtp-source: {status}\n{}",
        instance.log()
    );
}

fn start_sink(port: u16) -> Child {
    let mut sink = original("smtp-sink");
    sink.args(["-u", "nobody", &format!("127.0.0.1:{port}"), "200"]);
    if !privileged() {
        sink = original("smtp-sink");
        sink.args([&format!("127.0.0.1:{port}"), "200"]);
    }
    sink.stdin(Stdio::null()).spawn().expect("smtp-sink")
}

/// A load generator of the original.
fn original(name: &str) -> Command {
    programs::command(Flavor::Theirs, name)
}

#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
fn say(text: &str) {
    println!("{text}");
}
