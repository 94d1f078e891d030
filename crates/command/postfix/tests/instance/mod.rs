// SPDX-License-Identifier: MIT OR Apache-2.0
//! A private mail system whose programs are fakes: they note that they were called.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sys::signal::Signal;
use sys::spawn::{Child, Ended, Spawn};

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Programs that postfix(1) starts.
const PROGRAMS: [&str; 8] = [
    "bin/postsuper",
    "bin/postqueue",
    "bin/postconf",
    "bin/postdrop",
    "bin/postlog",
    "libexec/master",
    "libexec/postlogd",
    "libexec/qmgr",
];

/// The second half of the fake master.
const MASTER: &str = r#"
rm -f $at/ready
case $2 in -s) exec $at/daemon ;; esac
setsid $at/daemon >/dev/null 2>&1 &
while ! [ -e $at/ready ]; do sleep 0.01; done
"#;

/// What the fake master becomes.
const DAEMON: &str = r#"
exec 9<>$at/queue/pid/master.pid
flock -n -x 9 || exit 1
printf '%32d\n' $$ >$at/queue/pid/master.pid
trap 'echo SIGHUP >>$at/calls' HUP
trap 'kill $!; exit 0' TERM
if [ -e $at/FAKE_STUBBORN ]; then trap '' TERM; fi
: >$at/ready
while :; do sleep 1000 9>&- & wait $!; done
"#;

pub(crate) struct Instance {
    directory: tempfile::TempDir,
    pub(crate) owner: u32,
    pub(crate) group: u32,
}

impl Instance {
    pub(crate) fn build() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let me = sys::users::real_uid();
        // Root keeps the accounts apart; an ordinary user has one.
        let user = |name: &str| sys::users::by_name(name).unwrap().unwrap();
        let (owner, privileges, group) = if me == 0 {
            let group = sys::users::group_by_name("mail").unwrap().unwrap();
            (user("nobody"), "daemon".to_owned(), group)
        } else {
            let user = sys::users::by_uid(me).unwrap().unwrap();
            (user.clone(), user.name, user.gid)
        };
        let group_name = sys::users::group_name(group).unwrap().unwrap();
        let instance = Self {
            directory,
            owner: owner.uid,
            group,
        };
        for name in ["config", "queue", "bin", "libexec"] {
            let path = instance.path(name);
            std::fs::create_dir(&path).unwrap();
            std::fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
        }
        let at = instance.directory.path().display();
        let main_cf = format!(
            "compatibility_level = 3.12\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
             daemon_directory = {at}/libexec\ncommand_directory = {at}/bin\n\
             meta_directory = {at}/config\nmail_owner = {}\ndefault_privs = {privileges}\n\
             setgid_group = {group_name}\nmaillog_file = {at}/maillog\nmyhostname = test.example\n\
             maillog_file_prefixes = /\n",
            owner.name
        );
        let master_cf = "qmgr unix n - n 300 1 qmgr\npostlog unix-dgram n - n - 1 postlogd\n";
        instance.write("config/main.cf", &main_cf, 0o644);
        instance.write("config/master.cf", master_cf, 0o644);
        for program in PROGRAMS {
            instance.fake(program);
        }
        instance.write("daemon", &format!("#!/bin/sh\nat={at}\n{DAEMON}"), 0o755);
        if me == 0 {
            for name in ["bin/postdrop", "bin/postqueue", "bin/postlog"] {
                let path = instance.path(name);
                std::os::unix::fs::chown(&path, None, Some(group)).unwrap();
                std::fs::set_permissions(path, Permissions::from_mode(0o2755)).unwrap();
            }
        }
        instance
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    /// Programs are scripts; the fake master is one that holds the lock until a signal comes.
    fn fake(&self, program: &str) {
        let at = self.directory.path().display();
        let role = program.rsplit('/').next().unwrap();
        let mut script = format!(
            "#!/bin/sh\nat={at}\nset -- {role} \"$@\"\necho \"$*\" >>$at/calls\n\
             if [ -e $at/FAKE_BROKEN_{role} ]; then exit 7; fi\n"
        );
        if role == "master" {
            script.push_str(MASTER);
        }
        self.write(program, &script, 0o755);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Tells the fakes to behave in a certain way.
    pub(crate) fn set(&self, behavior: &str) {
        std::fs::write(self.path(behavior), "").unwrap();
    }

    pub(crate) fn add_to_main_cf(&self, lines: &str) {
        let text = std::fs::read_to_string(self.path("config/main.cf")).unwrap();
        std::fs::write(self.path("config/main.cf"), text + lines).unwrap();
    }

    fn postfix(&self, arguments: &[&str]) -> Spawn {
        Spawn::new(env!("CARGO_BIN_EXE_postfix"))
            .arg0("postfix")
            .args(["-c", self.path("config").to_str().unwrap()])
            .args(arguments)
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.postfix(arguments).spawn().unwrap()
    }

    /// Runs postfix(1) to its end: exit status and standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let errors = self.path("stderr");
        let file = std::fs::File::create(&errors).unwrap();
        let child = self.postfix(arguments).fd(2, file.into()).spawn().unwrap();
        match sys::spawn::wait(child.pid, Some(PATIENCE)).unwrap() {
            Some(Ended::Exited(status)) => (status, std::fs::read_to_string(errors).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("maillog")).unwrap()
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub(crate) fn forget_calls(&self) {
        std::fs::remove_file(self.path("calls")).unwrap();
    }

    /// Waits for these calls; what runs side by side may come in any order.
    #[track_caller]
    pub(crate) fn wait_for_calls(&self, wanted: &[&str]) {
        let sorted = |mut list: Vec<String>| {
            list.sort();
            list
        };
        let wanted = sorted(wanted.iter().map(|call| (*call).to_owned()).collect());
        wait_until(
            || sorted(self.calls()) == wanted,
            || format!("{:?}", self.calls()),
        );
    }

    pub(crate) fn names_beginning_with(&self, start: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(start)).collect()
    }

    fn pid_file(&self) -> PathBuf {
        self.path("queue/pid/master.pid")
    }

    pub(crate) fn master_pid(&self) -> u32 {
        std::fs::read_to_string(self.pid_file())
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }

    fn is_running(&self) -> bool {
        let Ok(file) = std::fs::File::open(self.pid_file()) else {
            return false;
        };
        !sys::lock::try_lock(&file, sys::lock::Kind::Shared).unwrap()
    }

    #[track_caller]
    pub(crate) fn wait_until_stopped(&self) {
        wait_until(|| !self.is_running(), || "it runs".to_owned());
    }

    #[track_caller]
    pub(crate) fn wait_until_running(&self) {
        wait_until(|| self.is_running(), || "it does not run".to_owned());
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.is_running() {
            let _ = sys::spawn::kill_group(self.master_pid(), Signal::SIGKILL);
        }
    }
}

#[track_caller]
fn wait_until(condition: impl Fn() -> bool, what: impl Fn() -> String) {
    let until = Instant::now() + PATIENCE;
    let (reader, _writer) = sys::fd::pipe().unwrap();
    while !condition() {
        assert!(Instant::now() < until, "{}", what());
        let _ = sys::fd::wait_readable(&reader, Some(Duration::from_millis(5)));
    }
}
