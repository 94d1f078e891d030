// SPDX-License-Identifier: MIT OR Apache-2.0
//! Speed, side by side: smtp-source → us → discard, and smtp-source → us → smtp-sink, with the
//! original from Debian's packages as load generator and as the other runner, on the same disk in
//! the same run.
//!
//! Prints messages a second, processor time a message, and the ratios ours ÷ theirs; beside them
//! the [`floor`], below which no mail system gets. Machines are noisy: only the ratios of one run
//! mean something. `scripts/bench` builds and starts it.

mod floor;
mod processor;

use kit::instance::privileged;
use kit::programs::{self, Flavor};
use kit::{Instance, Setup, watch};
use processor::Time;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How many sessions the load generator keeps open.
const SESSIONS: usize = 10;

/// One run's figures.
struct Figures {
    per_second: f64,
    /// For one message.
    cpu: Time,
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
        say(&format!(
            "smtp-source -s {SESSIONS} -m {messages} -l 4000, {name}:"
        ));
        let mut rounds: Vec<(Flavor, Figures)> = Vec::new();
        for _ in 0..2 {
            // In turns, so that a slow spell of the machine hits both.
            for flavor in [Flavor::Theirs, Flavor::Ours] {
                if flavor == Flavor::Ours || theirs {
                    rounds.push((flavor, round(flavor, messages, sink)));
                }
            }
        }
        report(&rounds, floor(messages).total());
    }
}

fn report(rounds: &[(Flavor, Figures)], floor: f64) {
    let best = |flavor, name| {
        let mine = || rounds.iter().filter(|(whose, _)| *whose == flavor);
        let speed = mine().map(|(_, f)| f.per_second).fold(0.0, f64::max);
        let cpu = mine()
            .map(|(_, f)| f.cpu)
            .min_by(|a, b| a.total().total_cmp(&b.total()))?;
        say(&format!(
            "  {name} {speed:7.0} messages/s  {:6.2} ms processor/message ({:.2} user, {:.2} system)",
            cpu.total(),
            cpu.user,
            cpu.system
        ));
        Some((speed, cpu.total()))
    };
    let ours = best(Flavor::Ours, "ours   ");
    let theirs = best(Flavor::Theirs, "Postfix");
    say(&format!(
        "  floor   {floor:27.2} ms: one program that receives and keeps as durably"
    ));
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        say(&format!(
            "  ratio   {:7.2} times the messages, {:.2} of the processor time, {:.2} above the floor",
            ours.0 / theirs.0,
            ours.1 / theirs.1,
            (ours.1 - floor) / (theirs.1 - floor)
        ));
    }
}

/// What a message costs at least, on the same disk.
fn floor(messages: u32) -> Time {
    let directory = tempfile::tempdir().expect("directory");
    let address = floor::start(SESSIONS, directory.path());
    let before = processor::of_process(std::process::id());
    load(address, messages);
    (processor::of_process(std::process::id()) - before).per(messages)
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
    load(instance.address, 1);
    instance.wait_empty_queue();
    let begin = Instant::now();
    load(instance.address, messages);
    drained(&instance);
    let elapsed = begin.elapsed();
    let master = instance.master_pid().expect("master runs");
    let cpu = processor::of_family(master.unsigned_abs());
    instance.stop();
    if let Some(mut sink) = sink {
        sink.kill().ok();
        sink.wait().ok();
    }
    Figures {
        per_second: f64::from(messages) / elapsed.as_secs_f64(),
        cpu: cpu.per(messages),
    }
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

fn load(address: SocketAddr, messages: u32) {
    let status = original("smtp-source")
        .args(["-s", &SESSIONS.to_string(), "-l", "4000"])
        .args(["-m", &messages.to_string()])
        .args(["-f", "sender@client.example"])
        .args(["-t", "recipient@elsewhere.example"])
        .arg(format!("{}:{}", address.ip(), address.port()))
        .status()
        .expect("smtp-source");
    assert!(status.success(), "smtp-source: {status}");
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
