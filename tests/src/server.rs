// SPDX-License-Identifier: MIT OR Apache-2.0
//! Servers of databases from Debian, one of each kind for all tests of a process.
//!
//! They run without power in a private directory, on a local socket and a loopback port, and end
//! with the process that started them: a shell holds them, and its standard input.
//!
//! *Errors*: a server that is not installed is a failure that names its package.

use crate::instance::{free_port, privileged};
use crate::watch;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A running server.
#[derive(Debug)]
pub struct Server {
    directory: TempDir,
    /// Its port on 127.0.0.1.
    pub port: u16,
    holder: Option<Child>,
}

/// Runs a command line in a directory, holds it as long as standard input is open, then ends it and
/// removes the directory.
const HOLD: &str = "\"$@\" <&- & server=$!; read -r line; kill -TERM $server; wait $server; \
    cd /; rm -rf \"$0\"";

impl Server {
    pub(crate) fn new(port: u16) -> Server {
        // The private /home of a namespace goes with it.
        let parent = match privileged() {
            true => PathBuf::from("/home"),
            false => std::env::temp_dir(),
        };
        let directory = tempfile::Builder::new()
            .prefix("posthorn-server-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in(parent)
            .expect("directory");
        if is_root() {
            let nobody = nix::unistd::User::from_name("nobody").ok().flatten();
            let uid = nobody.expect("nobody").uid;
            nix::unistd::chown(directory.path(), Some(uid), None).expect("chown");
        }
        Server {
            directory,
            port,
            holder: None,
        }
    }

    /// A path in the server's directory.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a program of the server to its end.
    fn run(&self, program: &Path, arguments: &[&str], input: &str) -> String {
        let mut child = without_power(program)
            .args(arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        let output = child.wait_with_output().expect("output");
        assert!(
            output.status.success(),
            "{}: {}{}",
            program.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Issues `server.pem` for localhost and `client.pem`, by `authority.pem`, and a stranger's
    /// `other.pem`, with keys beside them.
    fn issue_certificates(&self) {
        let openssl = program("openssl", &["/usr/bin/openssl"]);
        let run = |arguments: &str| {
            let arguments: Vec<&str> = arguments.split_whitespace().collect();
            self.run(&openssl, &arguments, "");
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        for name in ["authority", "other"] {
            run(&format!(
                "req -x509 {key} -days 30 -subj /CN={name} -keyout {name}.key -out {name}.pem"
            ));
        }
        let usage = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
        fs::write(self.path("usage.cnf"), usage).expect("usage.cnf");
        for name in ["server", "client"] {
            run(&format!(
                "req -new {key} -subj /CN={name} -keyout {name}.key -out {name}.csr"
            ));
            run(&format!(
                "x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
                 -days 30 -extfile usage.cnf -out {name}.pem"
            ));
        }
    }

    /// Starts the server, and waits until its local socket takes connections.
    pub(crate) fn hold(&mut self, program: &Path, arguments: &[&str], socket: &str) {
        let log = fs::File::create(self.directory.path().join("log")).expect("log");
        let mut shell = without_power(Path::new("/bin/sh"));
        let shell = shell
            .args(["-c", HOLD])
            .arg(self.directory.path())
            .arg(program)
            .args(arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("log"))
            .stderr(log);
        self.holder = Some(shell.spawn().expect("sh"));
        let socket = self.path(socket);
        watch::until(
            socket.parent().expect("directory"),
            "a server",
            || UnixStream::connect(&socket).ok(),
            || fs::read_to_string(self.path("log")).unwrap_or_default(),
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut holder) = self.holder.take() {
            drop(holder.stdin.take());
            holder.wait().ok();
        }
    }
}

pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// A command that runs as nobody, if we are root.
fn without_power(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"])
        .arg(program);
    command
}

/// A program of a package; they are not all in `$PATH`.
pub(crate) fn program(package: &str, candidates: &[&str]) -> PathBuf {
    candidates
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .unwrap_or_else(|| {
            panic!("install Debian's package {package} (scripts/prerequisites test)")
        })
}

/// PostgreSQL, of whatever version Debian has.
#[derive(Debug)]
pub struct PostgreSql {
    server: Server,
    psql: PathBuf,
}

/// Where a server listens that nobody told us about.
const POSTGRESQL_PORT: u16 = 5432;

impl PostgreSql {
    /// The server of this process, which has the tables that `tests/suite` and others expect. As
    /// root (in a network of our own) it listens on the usual port.
    pub fn shared() -> &'static PostgreSql {
        static SHARED: OnceLock<PostgreSql> = OnceLock::new();
        SHARED.get_or_init(|| {
            let port = match privileged() {
                true => POSTGRESQL_PORT,
                false => free_port(),
            };
            PostgreSql::start(port)
        })
    }

    fn start(port: u16) -> PostgreSql {
        let versions = fs::read_dir("/usr/lib/postgresql");
        let versions = versions.into_iter().flatten().flatten();
        let newest = versions.map(|entry| entry.path().join("bin")).max();
        let binaries = newest.unwrap_or_default();
        let tool = |name: &str| {
            let path = binaries.join(name);
            program("postgresql", &[&path.display().to_string()])
        };
        let mut server = Server::new(port);
        let data = server.path("data").display().to_string();
        server.run(
            &tool("initdb"),
            &[
                "-D",
                &data,
                "-U",
                "admin",
                "-A",
                "trust",
                "--auth-host=md5",
                "-E",
                "UTF8",
                "-N",
            ],
            "",
        );
        server.issue_certificates();
        let directory = server.directory.path().display().to_string();
        let number = port.to_string();
        let file = |kind: &str, name: &str| format!("ssl_{kind}_file={directory}/{name}");
        server.hold(
            &tool("postgres"),
            &[
                "-D",
                &data,
                "-k",
                &directory,
                "-p",
                &number,
                "-h",
                "127.0.0.1",
                "-F",
                "-c",
                "max_connections=200",
                "-c",
                "ssl=on",
                "-c",
                &file("cert", "server.pem"),
                "-c",
                &file("key", "server.key"),
                "-c",
                &file("ca", "authority.pem"),
            ],
            &format!(".s.PGSQL.{port}"),
        );
        // Its socket takes connections earlier, and refuses them.
        let log = || fs::read_to_string(server.path("log")).unwrap_or_default();
        let ready = || log().contains("ready to accept connections").then_some(());
        watch::until(server.directory.path(), "PostgreSQL", ready, log);
        let psql = tool("psql");
        PostgreSql { server, psql }
    }

    /// The directory of its local socket, and of certificates: `authority.pem`, `client.pem`,
    /// `client.key`, and `other.pem`, an authority that issued none of them.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.server.directory.path()
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// Runs SQL as the administrator.
    pub fn execute(&self, database: &str, sql: &str) -> String {
        let directory = self.directory().display().to_string();
        let port = self.port().to_string();
        let arguments = [
            "-h",
            &directory,
            "-p",
            &port,
            "-U",
            "admin",
            "-d",
            database,
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            "-",
        ];
        self.server.run(&self.psql, &arguments, sql)
    }
}

/// memcached on a local socket.
#[derive(Debug)]
pub struct Memcached {
    server: Server,
}

impl Memcached {
    /// The server of this process.
    pub fn shared() -> &'static Memcached {
        static SHARED: OnceLock<Memcached> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut server = Server::new(free_port());
            let memcached = program("memcached", &["/usr/bin/memcached"]);
            let socket = server.path("memcached.sock").display().to_string();
            server.hold(&memcached, &["-s", &socket, "-a", "777"], "memcached.sock");
            Memcached { server }
        })
    }

    /// Its local socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.path("memcached.sock")
    }
}

/// MariaDB.
#[derive(Debug)]
pub struct MariaDb {
    server: Server,
}

impl MariaDb {
    /// The server of this process, which executes `sql` when it starts.
    pub fn shared(sql: &str) -> &'static MariaDb {
        static SHARED: OnceLock<MariaDb> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut server = Server::new(free_port());
            let mariadbd = program("mariadb-server-core", &["/usr/sbin/mariadbd"]);
            let data = format!("--datadir={}", server.path("data").display());
            // The program that usually does this wants more packages.
            let mut tables = "create database mysql;\nuse mysql;\n".to_owned();
            for name in ["mysql_system_tables.sql", "mysql_performance_tables.sql"] {
                let path = Path::new("/usr/share/mysql").join(name);
                tables += &fs::read_to_string(path).expect("mariadb-server-core's SQL");
            }
            server.run(Path::new("/bin/mkdir"), &["data"], "");
            let small = ["--no-defaults", &data, "--innodb-log-file-size=4M"];
            let bootstrap = [&small[..], &["--bootstrap", "--log-warnings=0"]].concat();
            server.run(&mariadbd, &bootstrap, &tables);
            fs::write(server.path("first.sql"), sql).expect("first.sql");
            let socket = server.path("mysqld.sock").display().to_string();
            let first = server.path("first.sql").display().to_string();
            let port = server.port.to_string();
            server.issue_certificates();
            let file =
                |kind: &str, name: &str| format!("--ssl-{kind}={}", server.path(name).display());
            let (certificate, key) = (file("cert", "server.pem"), file("key", "server.key"));
            let authority = file("ca", "authority.pem");
            server.hold(
                &mariadbd,
                &[
                    "--no-defaults",
                    &data,
                    "--socket",
                    &socket,
                    "--port",
                    &port,
                    "--bind-address=127.0.0.1",
                    "--init-file",
                    &first,
                    "--skip-name-resolve",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=8M",
                    "--skip-log-bin",
                    "--pid-file=pid",
                    &certificate,
                    &key,
                    &authority,
                ],
                "mysqld.sock",
            );
            MariaDb { server }
        })
    }

    /// Its local socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.path("mysqld.sock")
    }

    /// The directory with its certificates: `authority.pem`, `client.pem`, `client.key`, and
    /// `other.pem`, an authority that issued none of them.
    #[must_use]
    pub fn certificates(&self) -> &Path {
        self.server.directory.path()
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }
}

/// OpenLDAP.
#[derive(Debug)]
pub struct OpenLdap {
    server: Server,
    encrypted_port: u16,
}

impl OpenLdap {
    /// The server of this process, which holds the entries of `ldif` below `suffix`. The
    /// administrator is `cn=admin,SUFFIX` with the password `secret`.
    pub fn shared(suffix: &str, ldif: &str) -> &'static OpenLdap {
        static SHARED: OnceLock<OpenLdap> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut server = Server::new(free_port());
            let slapd = program("slapd", &["/usr/sbin/slapd"]);
            let directory = server.directory.path().display().to_string();
            let configuration = format!(
                "include /etc/ldap/schema/core.schema\n\
                 include /etc/ldap/schema/cosine.schema\n\
                 include /etc/ldap/schema/inetorgperson.schema\n\
                 modulepath /usr/lib/ldap\nmoduleload back_mdb\n\
                 TLSCertificateFile {directory}/server.pem\n\
                 TLSCertificateKeyFile {directory}/server.key\n\
                 TLSCACertificateFile {directory}/authority.pem\nTLSVerifyClient try\n\
                 database mdb\nmaxsize 10485760\nsuffix \"{suffix}\"\n\
                 rootdn \"cn=admin,{suffix}\"\nrootpw secret\ndirectory {directory}/data\n\
                 access to attrs=userPassword by anonymous auth\n\
                 access to dn.subtree=\"ou=hidden,{suffix}\" by users read by * none\n\
                 access to dn.subtree=\"ou=sealed,{suffix}\" by tls_ssf=64 anonymous read by * none\n\
                 access to * by * read\n"
            );
            fs::write(server.path("slapd.conf"), configuration).expect("slapd.conf");
            fs::write(server.path("first.ldif"), ldif).expect("first.ldif");
            server.run(Path::new("/bin/mkdir"), &["data"], "");
            server.issue_certificates();
            let (conf, first) = (server.path("slapd.conf"), server.path("first.ldif"));
            let (conf, first) = (conf.display().to_string(), first.display().to_string());
            // A program with several names: the first says which one it is.
            let slapadd = program("slapd", &["/usr/sbin/slapadd"]);
            server.run(&slapadd, &["-q", "-f", &conf, "-l", &first], "");
            let encrypted_port = free_port();
            let urls = format!(
                "ldapi://{} ldap://127.0.0.1:{} ldaps://127.0.0.1:{encrypted_port}",
                format!("{directory}/ldapi").replace('/', "%2F"),
                server.port
            );
            server.hold(&slapd, &["-h", &urls, "-f", &conf, "-d", "0"], "ldapi");
            OpenLdap {
                server,
                encrypted_port,
            }
        })
    }

    /// Its local socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.path("ldapi")
    }

    /// The directory with its certificates: `authority.pem`, `client.pem`, `client.key`, and
    /// `other.pem`, an authority that issued none of them.
    #[must_use]
    pub fn certificates(&self) -> &Path {
        self.server.directory.path()
    }

    /// Its port on 127.0.0.1 where TLS begins with the first byte.
    #[must_use]
    pub fn encrypted_port(&self) -> u16 {
        self.encrypted_port
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }
}
