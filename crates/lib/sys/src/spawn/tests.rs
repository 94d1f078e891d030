// SPDX-License-Identifier: MIT OR Apache-2.0
//! Children that show what they were given.

use std::io::Read;
use std::os::fd::AsRawFd;

use super::*;

fn output_of(build: impl FnOnce(Spawn) -> Spawn, script: &str) -> (String, Ended) {
    let (reader, writer) = crate::fd::pipe().unwrap();
    let child = build(Spawn::new("/bin/sh").args(["-c", script]))
        .fd(1, writer)
        .spawn()
        .unwrap();
    let mut text = String::new();
    std::fs::File::from(reader)
        .read_to_string(&mut text)
        .unwrap();
    (text, wait(child.pid, None).unwrap().unwrap())
}

#[test]
fn arguments_environment_directory_and_status_arrive() {
    let (text, ended) = output_of(
        |spawn| {
            spawn
                .arg0("name")
                .env_clear()
                .env("A", "b c")
                .current_dir("/")
        },
        "echo $0-$A-$PWD-$HOME; exit 7",
    );
    assert_eq!(text, "name-b c-/-\n");
    assert_eq!(ended, Ended::Exited(7));
}

#[test]
fn descriptors_may_change_places() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, name).unwrap();
        OwnedFd::from(std::fs::File::open(path).unwrap())
    };
    // Whatever numbers the sources have, the targets overlap them.
    let (text, _) = output_of(
        |spawn| (3..12).fold(spawn, |spawn, n| spawn.fd(n, file(&n.to_string()))),
        "for n in 3 4 5 6 7 8 9; do cat <&$n; done; cat /proc/self/fd/11",
    );
    assert_eq!(text, "345678911");
}

#[test]
fn other_descriptors_do_not_reach_the_child() {
    let (reader, _writer) = crate::fd::pipe().unwrap();
    let script = format!(
        "test -e /proc/self/fd/{} || echo closed",
        reader.as_raw_fd()
    );
    let (text, _) = output_of(|spawn| spawn, &script);
    assert_eq!(text, "closed\n");
}

#[test]
fn a_missing_program_is_an_error_of_spawn() {
    let error = Spawn::new("/no/such/program").spawn().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    let (reader, _writer) = crate::fd::pipe().unwrap();
    let error = Spawn::new("/no/such/program")
        .fd(9, reader)
        .spawn()
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_child_that_runs_on_can_be_waited_for_and_killed() {
    let child = Spawn::new("/bin/sleep")
        .arg("1000")
        .process_group()
        .spawn()
        .unwrap();
    assert!(exists(child.pid));
    assert_eq!(
        wait(child.pid, Some(Duration::from_millis(5))).unwrap(),
        None
    );
    kill_group(child.pid, Signal::SIGTERM).unwrap();
    let ended = wait(child.pid, Some(Duration::from_secs(60))).unwrap();
    assert_eq!(ended, Some(Ended::Signaled(15)));
    assert!(!exists(child.pid));
}

#[test]
fn process_numbers_that_mean_groups_are_refused() {
    assert!(kill(0, Signal::SIGTERM).is_err());
    assert!(kill(u32::MAX, Signal::SIGTERM).is_err());
    assert!(wait(u32::MAX, None).is_err());
}

#[test]
fn signals_blocked_here_are_not_blocked_in_the_child() {
    let _signals = crate::signal::Signals::new(&[Signal::SIGUSR2]).unwrap();
    let (text, ended) = output_of(|spawn| spawn, "kill -USR2 $$; echo survived");
    assert_eq!((text.as_str(), ended), ("", Ended::Signaled(12)));
}
