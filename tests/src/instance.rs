// SPDX-License-Identifier: MIT OR Apache-2.0
//! A private mail system: configuration, spool, mailboxes and processes below one directory.
//!
//! The configuration is the shipped `main.cf` and `master.cf` of this repository with a test's
//! settings put in place. As root the system runs with real users in the namespaces that
//! `scripts/in-namespace` made, and serves port 25 on a loopback address of its own; otherwise it
//! runs as the tester, on a free port.

use crate::message::{self, Message};
use crate::programs::{self, Flavor, repository};
use crate::{Smtp, fault, observe, watch};
use std::fmt::Write as _;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

/// Whether this process has root's power and namespaces of its own.
#[must_use]
pub fn privileged() -> bool {
    std::env::var("POSTHORN_NAMESPACE").is_ok_and(|value| value == "inside")
}

/// What a mail system shall be like before it starts.
#[derive(Debug)]
pub struct Setup {
    flavor: Flavor,
    main: Vec<(String, String)>,
    master: Vec<String>,
    absent: Vec<String>,
    aliases: String,
    files: Vec<(String, String)>,
    disturbed: Option<String>,
}

impl Setup {
    /// Our programs with the shipped configuration.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Flavor::Ours)
    }

    /// The programs of one flavor with the shipped configuration.
    #[must_use]
    pub fn of(flavor: Flavor) -> Self {
        Self {
            flavor,
            main: Vec::new(),
            master: Vec::new(),
            absent: Vec::new(),
            aliases: String::new(),
            files: Vec::new(),
            disturbed: None,
        }
    }

    /// Sets main.cf parameters, one `name = value` a line. `$DIR` is the instance's directory.
    #[must_use]
    pub fn main(mut self, lines: &str) -> Self {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
            self.main.retain(|(known, _)| *known != name);
            self.main.push((name, value));
        }
        self
    }

    /// Adds or replaces master.cf entries (same service name and type), one a line.
    #[must_use]
    pub fn master(mut self, entries: &str) -> Self {
        let lines = entries
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        self.master.extend(lines.map(str::to_owned));
        self
    }

    /// Leaves a service out of master.cf.
    #[must_use]
    pub fn without(mut self, service: &str) -> Self {
        self.absent.push(service.to_owned());
        self
    }

    /// Sets the source of the alias database. `$DIR` is the instance's directory.
    #[must_use]
    pub fn aliases(mut self, text: &str) -> Self {
        text.clone_into(&mut self.aliases);
        self
    }

    /// Writes a file below the configuration directory.
    #[must_use]
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Lets a test disturb one program (see [`crate::fault`]).
    #[must_use]
    pub fn disturbed(mut self, program: &str) -> Self {
        self.disturbed = Some(program.to_owned());
        self
    }

    /// Creates the instance and starts it.
    ///
    /// # Panics
    /// When it does not start; the failure shows the log.
    #[must_use]
    #[track_caller]
    pub fn boot(self) -> Instance {
        let mut instance = self.build();
        instance.start();
        instance
    }

    /// Creates the instance without starting it.
    #[must_use]
    pub fn build(self) -> Instance {
        let directory = tempfile::Builder::new()
            .prefix("posthorn-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("instance directory");
        let address = free_address();
        let instance = Instance {
            flavor: self.flavor,
            directory,
            address,
            master: None,
            running: false,
        };
        self.write(&instance);
        instance
    }

    fn write(&self, instance: &Instance) {
        let root = instance.directory.path();
        for directory in ["etc", "libexec", "bin", "log", "mail", "lib", "spool"] {
            fs::create_dir_all(root.join(directory)).expect("create");
        }
        fs::set_permissions(root.join("mail"), fs::Permissions::from_mode(0o1777)).expect("mode");
        self.link_programs(instance);
        for (name, text) in &self.files {
            let text = text.replace("$DIR", &root.display().to_string());
            fs::write(root.join("etc").join(name), text).expect("configuration file");
        }
        let aliases = self.aliases.replace("$DIR", &root.display().to_string());
        fs::write(root.join("etc/aliases"), aliases).expect("aliases");
        fs::write(root.join("etc/main.cf"), self.main_cf(instance)).expect("main.cf");
        fs::write(root.join("etc/master.cf"), self.master_cf(instance)).expect("master.cf");
        if privileged() {
            chown("postfix", None, &root.join("lib"));
        }
        if self.flavor == Flavor::Theirs {
            instance.create_spool();
        }
        let built = instance
            .command("postalias")
            .arg(root.join("etc/aliases"))
            .output();
        let built = built.expect("postalias");
        assert!(built.status.success(), "postalias: {built:?}");
    }

    fn link_programs(&self, instance: &Instance) {
        let libexec = instance.path("libexec");
        for (name, target) in &programs::daemons(self.flavor) {
            match &self.disturbed {
                Some(disturbed) if disturbed == name => {
                    fault::disguise(&libexec.join(name), target, instance);
                }
                _ => symlink(target, libexec.join(name)).expect("link daemon"),
            }
        }
        let aliases = [("mailq", "sendmail"), ("newaliases", "sendmail")];
        let plain = programs::COMMANDS.iter().map(|&name| (name, name));
        for (name, binary) in plain.chain(aliases) {
            let target = programs::command(self.flavor, binary);
            let mut target = Path::new(target.get_program()).to_path_buf();
            if self.flavor == Flavor::Ours && privileged() && SET_GID.contains(&name) {
                target = set_gid_copies().join(name);
            }
            let target = target.as_path();
            let link = instance.path("bin").join(name);
            match (self.flavor, &self.disturbed) {
                (Flavor::Ours, Some(disturbed)) if disturbed == name => {
                    fault::disguise(&link, target, instance);
                }
                (Flavor::Ours, _) => symlink(target, link).expect("link command"),
                (Flavor::Theirs, _) => {
                    // The original's commands call each other with a clean environment.
                    let root = programs::reference().expect("the original is unpacked");
                    let script = format!(
                        "#!/bin/bash\nLD_LIBRARY_PATH={} exec -a {name} {} \"$@\"\n",
                        programs::reference_libraries(&root),
                        target.display()
                    );
                    fs::write(&link, script).expect("wrapper");
                    fs::set_permissions(&link, fs::Permissions::from_mode(0o755)).expect("mode");
                }
            }
        }
    }

    fn main_cf(&self, instance: &Instance) -> String {
        let root = instance.directory.path();
        let dir = root.display().to_string();
        let mut settings: Vec<(String, String)> = vec![
            ("queue_directory".into(), format!("{dir}/spool")),
            ("data_directory".into(), format!("{dir}/lib")),
            ("daemon_directory".into(), format!("{dir}/libexec")),
            ("command_directory".into(), format!("{dir}/bin")),
            ("sendmail_path".into(), format!("{dir}/bin/sendmail")),
            ("mailq_path".into(), format!("{dir}/bin/mailq")),
            ("newaliases_path".into(), format!("{dir}/bin/newaliases")),
            ("meta_directory".into(), format!("{dir}/etc")),
            ("maillog_file".into(), format!("{dir}/log/mail.log")),
            ("maillog_file_prefixes".into(), dir.clone()),
            ("mail_spool_directory".into(), format!("{dir}/mail")),
            ("alias_maps".into(), format!("hash:{dir}/etc/aliases")),
            ("alias_database".into(), format!("hash:{dir}/etc/aliases")),
            ("myhostname".into(), "mail.example.test".into()),
            (
                "mydestination".into(),
                "$myhostname, localhost.$mydomain, localhost".into(),
            ),
            ("inet_interfaces".into(), instance.address.ip().to_string()),
            ("inet_protocols".into(), "ipv4".into()),
            ("biff".into(), "no".into()),
            // What a resolver says about loopback addresses is not part of a test.
            ("smtpd_peername_lookup".into(), "no".into()),
        ];
        if self.flavor == Flavor::Theirs {
            settings.push(("shlib_directory".into(), "no".into()));
            // The unpacked programs find their libraries by this variable alone.
            settings.push((
                "import_environment".into(),
                "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ POSTLOG_SERVICE POSTLOG_HOSTNAME \
                 LD_LIBRARY_PATH LANG=C"
                    .into(),
            ));
        }
        let me = whoami();
        if privileged() {
            settings.push(("mail_owner".into(), "postfix".into()));
            settings.push(("setgid_group".into(), "postdrop".into()));
        } else {
            settings.push(("mail_owner".into(), me.0));
            settings.push(("setgid_group".into(), me.1));
            // A tester's home is not part of the test.
            settings.push(("forward_path".into(), String::new()));
        }
        for (name, value) in &self.main {
            settings.retain(|(known, _)| known != name);
            settings.push((name.clone(), value.replace("$DIR", &dir)));
        }
        let shipped = fs::read_to_string(repository().join("main.cf")).expect("shipped main.cf");
        let mut text = String::new();
        for line in shipped.lines() {
            let name = line.split('=').next().unwrap_or_default().trim();
            let replaced = settings.iter().any(|(known, _)| known == name);
            if !replaced || line.starts_with(['#', ' ', '\t']) {
                writeln!(text, "{line}").expect("text");
            }
        }
        for (name, value) in settings {
            writeln!(text, "{name} = {value}").expect("text");
        }
        text
    }

    fn master_cf(&self, instance: &Instance) -> String {
        let shipped =
            fs::read_to_string(repository().join("master.cf")).expect("shipped master.cf");
        let key = |line: &str| {
            let mut fields = line.split_whitespace();
            Some((fields.next()?.to_owned(), fields.next()?.to_owned()))
        };
        let mut entries: Vec<String> = Vec::new();
        for line in shipped
            .lines()
            .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        {
            match entries.last_mut() {
                Some(last) if line.starts_with([' ', '\t']) => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ => entries.push(line.to_owned()),
            }
        }
        if self.flavor == Flavor::Theirs {
            // Services the original calls and we do not have yet.
            for (name, limit) in [
                ("tlsmgr", "1"),
                ("verify", "1"),
                ("anvil", "1"),
                ("scache", "1"),
            ] {
                if !entries.iter().any(|entry| entry.starts_with(name)) {
                    entries.push(format!("{name} unix - - n - {limit} {name}"));
                }
            }
        }
        for line in &self.master {
            entries.retain(|known| key(known) != key(line));
            entries.push(line.replace("$DIR", &instance.directory.path().display().to_string()));
        }
        entries.retain(|entry| {
            let name = entry.split_whitespace().next().unwrap_or_default();
            !self.absent.iter().any(|absent| absent == name)
        });
        // Master listens in this order: once the log has its socket all others have theirs.
        entries.sort_by_key(|entry| entry.starts_with("postlog "));
        for entry in &mut entries {
            if let Some(rest) = entry
                .strip_prefix("smtp ")
                .filter(|rest| rest.contains("inet"))
            {
                *entry = format!("{} {rest}", instance.address.port());
            }
        }
        entries.join("\n") + "\n"
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

/// A mail system in a directory of its own; stopped when dropped.
#[derive(Debug)]
pub struct Instance {
    flavor: Flavor,
    directory: tempfile::TempDir,
    /// Where its SMTP server listens.
    pub address: SocketAddr,
    master: Option<Child>,
    running: bool,
}

impl Instance {
    /// A path below the instance's directory.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Whose programs it is made of.
    #[must_use]
    pub fn flavor(&self) -> Flavor {
        self.flavor
    }

    /// A program of this flavor, told to use this instance's configuration.
    #[must_use]
    pub fn command(&self, name: &str) -> Command {
        let installed = self.path("bin").join(name);
        let mut command = match installed.exists() {
            true => Command::new(installed),
            false => programs::command(self.flavor, name),
        };
        command
            .env("MAIL_CONFIG", self.path("etc"))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(&self, name: &str, arguments: &[&str]) -> Output {
        self.command(name)
            .args(arguments)
            .output()
            .unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs a command with text on its standard input.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn feed(&self, name: &str, arguments: &[&str], input: &[u8]) -> Output {
        use std::io::Write;
        let mut child = self
            .command(name)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        // A program that refuses early closes its input; its answer is what counts.
        child.stdin.take().expect("stdin").write_all(input).ok();
        child.wait_with_output().expect("output")
    }

    /// Starts the system and waits until its SMTP server greets.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn start(&mut self) {
        match self.flavor {
            Flavor::Ours => {
                let started = self.run("postfix", &["start"]);
                assert!(
                    started.status.success(),
                    "postfix start: {}\n{}\nlog:\n{}",
                    started.status,
                    String::from_utf8_lossy(&started.stderr),
                    self.log()
                );
            }
            Flavor::Theirs => self.start_master(),
        }
        self.running = true;
        self.wait_greeting();
        let last = self.path("spool/public/postlog");
        let listening = || last.exists().then_some(());
        watch::until(
            &self.path("spool/public"),
            "all services",
            listening,
            || self.log(),
        );
    }

    /// Starts master itself in the foreground as a child of the test, so that the resources all
    /// its processes used are known when it ends. The spool must exist.
    ///
    /// # Panics
    /// When master cannot be run.
    pub fn start_master(&mut self) {
        let errors = fs::File::create(self.path("log/master.err")).expect("log");
        let child = programs::command(self.flavor, "master")
            .env("MAIL_CONFIG", self.path("etc"))
            .stdin(Stdio::null())
            .arg("-d")
            .arg("-c")
            .arg(self.path("etc"))
            .stderr(errors)
            .spawn();
        self.master = Some(child.expect("master"));
        self.running = true;
    }

    /// Sends one message to a system that may die meanwhile; true when the final dot got its 250.
    pub fn try_deliver(&self, from: &str, to: &[&str], message: &str) -> bool {
        let Ok(mut smtp) = Smtp::try_connect(self.address) else {
            return false;
        };
        smtp.reply();
        smtp.deliver(from, to, message)
            .starts_with("250 2.0.0 Ok: queued")
    }

    /// Waits until the SMTP server takes connections.
    #[track_caller]
    pub fn wait_greeting(&self) {
        let address = self.address;
        watch::until(
            &self.path("log"),
            "the SMTP server to listen",
            || std::net::TcpStream::connect(address).ok(),
            || self.log(),
        );
    }

    /// Kills every process of the system at once, as a power cut would.
    pub fn cut_power(&mut self) {
        let Some(master) = self.master_pid() else {
            return;
        };
        let group = nix::unistd::Pid::from_raw(master);
        nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL).ok();
        self.running = false;
        let gone = || nix::sys::signal::kill(group, None).is_err().then_some(());
        watch::until(&self.path("spool"), "master's death", gone, || self.log());
    }

    /// Kills master alone; its processes find out by themselves.
    pub fn kill_master(&mut self) {
        let Some(master) = self.master_pid().map(nix::unistd::Pid::from_raw) else {
            return;
        };
        nix::sys::signal::kill(master, nix::sys::signal::Signal::SIGKILL).ok();
        self.running = false;
        let gone = || nix::sys::signal::kill(master, None).is_err().then_some(());
        watch::until(&self.path("spool"), "master's death", gone, || self.log());
    }

    /// Starts the system as soon as processes of the last one leave it the port.
    #[track_caller]
    pub fn start_again(&mut self) {
        let started = || {
            self.run("postfix", &["start"])
                .status
                .success()
                .then_some(())
        };
        watch::until(&self.path("spool"), "a start", started, || self.log());
        self.running = true;
        self.wait_greeting();
    }

    /// Stops the system and waits for its end.
    pub fn stop(&mut self) {
        if !std::mem::take(&mut self.running) {
            return;
        }
        match self.master.take() {
            None => {
                self.run("postfix", &["stop"]);
            }
            Some(mut master) => {
                let pid = nix::unistd::Pid::from_raw(i32::try_from(master.id()).expect("pid"));
                nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).ok();
                master.wait().ok();
            }
        }
    }

    /// The process id of the running master.
    #[must_use]
    pub fn master_pid(&self) -> Option<i32> {
        fs::read_to_string(self.path("spool/pid/master.pid"))
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// A fresh connection to the SMTP server.
    #[must_use]
    #[track_caller]
    pub fn smtp(&self) -> Smtp {
        Smtp::connect(self.address)
    }

    /// Sends one message over SMTP and returns the final reply.
    #[track_caller]
    pub fn deliver(&self, from: &str, to: &[&str], message: &str) -> String {
        let mut smtp = self.smtp();
        smtp.reply();
        let reply = smtp.deliver(from, to, message);
        smtp.ask("QUIT");
        reply
    }

    /// Sends one message with the sendmail command.
    pub fn sendmail(&self, arguments: &[&str], message: &str) -> Output {
        self.feed("sendmail", arguments, message.as_bytes())
    }

    /// The whole mail log.
    #[must_use]
    pub fn log(&self) -> String {
        let mut log = String::new();
        for name in ["log/mail.log", "log/master.err"] {
            let text = fs::read(self.path(name)).unwrap_or_default();
            log += &String::from_utf8_lossy(&text);
        }
        log
    }

    /// Waits for a log line that contains all given texts, and returns it.
    #[track_caller]
    pub fn wait_log(&self, texts: &[&str]) -> String {
        let find = || {
            let log = self.log();
            log.lines()
                .find(|line| texts.iter().all(|t| line.contains(t)))
                .map(str::to_owned)
        };
        watch::until(
            &self.path("log"),
            &format!("a log line with {texts:?}"),
            find,
            || self.log(),
        )
    }

    /// Whether no message is anywhere in the queue. Two looks: a file that moves to a directory
    /// that was looked at already, or makes way for its own bounce, escapes one.
    #[must_use]
    pub fn is_queue_empty(&self) -> bool {
        self.queue_files().is_empty() && self.queue_files().is_empty()
    }

    /// Waits until the queue is empty: every accepted message has had its outcome. The lines that
    /// tell of it may not be in the log yet.
    #[track_caller]
    pub fn wait_empty_queue(&self) {
        let empty = || self.is_queue_empty().then_some(());
        watch::until(&self.path("log"), "an empty queue", empty, || {
            format!("{:?}\n{}", self.queue_files(), self.log())
        });
    }

    /// Waits until the queue is empty and the log tells each message's story to its end; nothing
    /// that was said before is missing then. Returns the log.
    #[track_caller]
    pub fn settled_log(&self) -> String {
        self.wait_empty_queue();
        let told = || Some(self.log()).filter(|log| observe::stories_end(log));
        let what = "the last line about each message";
        watch::until(&self.path("log"), what, told, || self.log())
    }

    /// Waits until a message lies in the deferred queue. Its log line comes earlier, while the
    /// queue manager still has it in hand: a flush would pass it by.
    #[track_caller]
    pub fn wait_deferred(&self) {
        let deferred = self.path("spool/deferred");
        let waiting = || {
            let mut found = Vec::new();
            files_below(&deferred, &mut found);
            found.pop().map(drop)
        };
        let what = "a message in the deferred queue";
        watch::until(&self.path("log"), what, waiting, || self.log());
    }

    /// Paths of all messages in the queue.
    #[must_use]
    pub fn queue_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for queue in [
            "maildrop", "incoming", "active", "deferred", "hold", "corrupt",
        ] {
            files_below(&self.path("spool").join(queue), &mut found);
        }
        found
    }

    /// Paths of the messages the system has taken on: their files are marked complete.
    #[must_use]
    pub fn accepted_files(&self) -> Vec<PathBuf> {
        // A file that is gone meanwhile may have moved on to another queue.
        let complete = |path: &PathBuf| {
            fs::metadata(path).map_or(true, |known| known.permissions().mode() & 0o100 != 0)
        };
        let mut files = self.queue_files();
        files.retain(complete);
        files
    }

    /// Where messages for an account land: its mbox file in the instance's spool.
    #[must_use]
    pub fn mailbox(&self, user: &str) -> PathBuf {
        self.path("mail").join(user)
    }

    /// Waits for `count` messages in an account's mbox.
    #[track_caller]
    pub fn wait_mail(&self, user: &str, count: usize) -> Vec<Message> {
        let path = self.mailbox(user);
        watch::until(
            &self.path("mail"),
            &format!("{count} messages for {user}"),
            || Some(message::mbox(&path)).filter(|mails| mails.len() >= count),
            || self.log(),
        )
    }

    /// An account that mail can be delivered to: `alice` with root, the tester otherwise.
    #[must_use]
    pub fn account() -> String {
        if privileged() {
            "alice".to_owned()
        } else {
            whoami().0
        }
    }

    /// Creates the queue directories as `postfix start` does.
    ///
    /// # Panics
    /// When that is not possible.
    pub fn create_spool(&self) {
        let spool = self.path("spool");
        let queues = [
            "incoming", "active", "deferred", "hold", "corrupt", "bounce", "defer", "trace",
            "flush", "saved", "private",
        ];
        for name in queues {
            let path = spool.join(name);
            fs::create_dir_all(&path).expect("queue directory");
            chown("postfix", None, &path);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("mode");
        }
        for (name, mode) in [("maildrop", 0o730), ("public", 0o710)] {
            let path = spool.join(name);
            fs::create_dir_all(&path).expect("queue directory");
            chown("postfix", Some("postdrop"), &path);
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode");
        }
        fs::create_dir_all(spool.join("pid")).expect("pid directory");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.stop();
        if std::env::var_os("POSTHORN_KEEP").is_some() {
            let kept = std::mem::replace(&mut self.directory, tempfile::tempdir().expect("dir"));
            #[expect(clippy::print_stderr, reason = "asked for by the developer")]
            {
                eprintln!("kept {}", kept.keep().display());
            }
        }
    }
}

/// The commands that an installation makes set-gid.
const SET_GID: &[&str] = &["postdrop", "postqueue", "postlog"];

/// Copies of the set-gid commands as an installation has them, made once for this process.
fn set_gid_copies() -> &'static Path {
    static COPIES: OnceLock<PathBuf> = OnceLock::new();
    COPIES.get_or_init(|| {
        let directory = tempfile::Builder::new()
            .prefix("posthorn-set-gid-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in("/home")
            .expect("directory")
            .keep();
        for name in SET_GID {
            let copy = directory.join(name);
            fs::copy(programs::built().join(name), &copy).expect("copy");
            let group = nix::unistd::Group::from_name("postdrop")
                .ok()
                .flatten()
                .expect("group");
            nix::unistd::chown(&copy, None, Some(group.gid)).expect("chgrp");
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o2755)).expect("mode");
        }
        directory
    })
}

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// As root each instance gets a loopback address of its own with port 25, otherwise a free port.
fn free_address() -> SocketAddr {
    // All of the same length, since they count in message sizes; in-namespace creates them.
    static NEXT: AtomicU16 = AtomicU16::new(0);
    if privileged() {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let octet = |value: u16| u8::try_from(value).expect("an address for each instance");
        let host = Ipv4Addr::new(127, 0, octet(5 + number / 150), octet(100 + number % 150));
        return SocketAddr::new(IpAddr::V4(host), 25);
    }
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), free_port())
}

/// A port that nobody listens on and that no other test of this process was given. It lies below
/// the ports the kernel hands out by itself, so that no outgoing connection takes it meanwhile.
///
/// # Panics
/// When none is left.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 10_000 + u16::try_from(std::process::id() % 100).unwrap_or(0) * 200;
    (0..200)
        .map(|_| start + NEXT.fetch_add(1, Ordering::Relaxed) % 200)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free port")
}

/// Name and group of the account that runs the tests.
pub(crate) fn whoami() -> (String, String) {
    let uid = nix::unistd::geteuid();
    let user = nix::unistd::User::from_uid(uid)
        .ok()
        .flatten()
        .expect("the tester's account");
    let group = nix::unistd::Group::from_gid(user.gid)
        .ok()
        .flatten()
        .expect("the tester's group");
    (user.name, group.name)
}

fn chown(user: &str, group: Option<&str>, path: &Path) {
    if !privileged() {
        // Everything belongs to the tester.
        return;
    }
    let user = nix::unistd::User::from_name(user)
        .ok()
        .flatten()
        .expect("account");
    let group = group.map(|name| {
        nix::unistd::Group::from_name(name)
            .ok()
            .flatten()
            .expect("group")
            .gid
    });
    nix::unistd::chown(path, Some(user.uid), group.or(Some(user.gid))).expect("chown");
}
