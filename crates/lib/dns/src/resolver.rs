// SPDX-License-Identifier: MIT OR Apache-2.0
//! The resolver: one question at a time, blocking, with a time limit.
//!
//! Questions of mail delivery are asked for the name exactly as given (no search list);
//! `native` questions ask the hosts file, then DNS with the search list, like the C library.
//!
//! *Bugs*: `res_defnames`, `res_dnsrch` and the DNS reply filter are not here yet.

use std::fs;
use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ProtocolConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf;
use runtime::log;
use tokio::runtime::Runtime;

use crate::failure::{Failure, FailureKind};
use crate::hosts::Hosts;
use crate::name;
use crate::settings::Settings;

/// At most this many records of one answer are used; the rest is dropped with a warning.
pub const RECORD_LIMIT: usize = 100;
/// More of a resolv.conf than this is not read, bytes.
const CONF_LIMIT: u64 = 1 << 20;

/// A mail exchanger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mx {
    /// Lower is better.
    pub preference: u16,
    /// A host name, or an address in text form that somebody wrote in its place.
    pub host: String,
}

/// The address families that may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
    /// Both.
    Both,
}

impl Families {
    fn types(self) -> &'static [RecordType] {
        match self {
            Families::V4 => &[RecordType::A],
            Families::V6 => &[RecordType::AAAA],
            Families::Both => &[RecordType::A, RecordType::AAAA],
        }
    }

    /// Whether `address` belongs to one of these families.
    #[must_use]
    pub fn contain(self, address: &IpAddr) -> bool {
        match self {
            Families::V4 => address.is_ipv4(),
            Families::V6 => address.is_ipv6(),
            Families::Both => true,
        }
    }
}

/// The process's way to the name service.
pub struct Resolver {
    settings: Settings,
    conf: Vec<u8>,
    conf_time: Option<SystemTime>,
    hosts: Option<(Instant, Hosts)>,
    engine: Option<Engine>,
}

/// How long the hosts file is taken for unchanged: a busy server asks it for every client.
const HOSTS_FRESH: Duration = Duration::from_secs(5);

struct Engine {
    runtime: Runtime,
    resolver: TokioResolver,
}

impl Resolver {
    /// Reads the configuration now (so that a jail needs no copy of it), asks nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Resolver {
        let mut resolver = Resolver {
            settings,
            conf: Vec::new(),
            conf_time: None,
            hosts: None,
            engine: None,
        };
        resolver.reload();
        resolver
    }

    /// The mail exchangers of `domain`, in the order received.
    ///
    /// # Errors
    /// [`FailureKind::NullMx`] for a domain that takes no mail, and the others.
    pub fn mx(&mut self, domain: &str) -> Result<Vec<Mx>, Failure> {
        let mut hosts = Vec::new();
        let mut seen = 0;
        for data in self.ask(domain, RecordType::MX, true)? {
            let RData::MX(mx) = data else { continue };
            seen += 1;
            if mx.exchange.is_root() {
                // "MX 0 ." is a statement; any other preference is a mistake.
                if mx.preference == 0 && seen == 1 {
                    return Err(Failure::null_mx(domain));
                }
                continue;
            }
            if let Some(host) = acceptable_target(&mx.exchange, "MX", domain) {
                hosts.push(Mx {
                    preference: mx.preference,
                    host,
                });
            }
        }
        match (hosts.is_empty(), seen) {
            (true, 0) => Err(no_data(domain, "MX")),
            (true, _) => Err(Failure::malformed(domain, "MX")),
            (false, _) => Ok(hosts),
        }
    }

    /// The name servers of `domain`.
    ///
    /// # Errors
    /// Not found, malformed, or no answer.
    pub fn name_servers(&mut self, domain: &str) -> Result<Vec<String>, Failure> {
        let mut hosts = Vec::new();
        for data in self.ask(domain, RecordType::NS, true)? {
            if let RData::NS(server) = data {
                hosts.extend(acceptable_target(&server.0, "NS", domain));
            }
        }
        if hosts.is_empty() {
            Err(Failure::malformed(domain, "NS"))
        } else {
            Ok(hosts)
        }
    }

    /// The texts that TXT records give to `name`: the first string of each record, with spaces
    /// in the place of what cannot be printed.
    ///
    /// # Errors
    /// Not found, or no answer.
    pub fn texts(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        let records = self.ask(name, RecordType::TXT, true)?;
        let texts = records.iter().filter_map(|data| match data {
            RData::TXT(text) => text.txt_data.first(),
            _ => None,
        });
        let shown = |bytes: &u8| match bytes {
            b' '..=b'~' => char::from(*bytes),
            _ => ' ',
        };
        Ok(texts.map(|text| text.iter().map(shown).collect()).collect())
    }

    /// The addresses of `host` by DNS alone, IPv4 before IPv6.
    ///
    /// # Errors
    /// When no family has an address: a temporary failure wins over a permanent one.
    pub fn addresses(&mut self, host: &str, families: Families) -> Result<Vec<IpAddr>, Failure> {
        self.addresses_by_dns(host, families, true)
    }

    /// The addresses of `host` as the C library would find them: hosts file, then DNS.
    ///
    /// # Errors
    /// As [`Resolver::addresses`].
    pub fn native_addresses(
        &mut self,
        host: &str,
        families: Families,
    ) -> Result<Vec<IpAddr>, Failure> {
        let hosts = self.hosts();
        let known = hosts.addresses(host).iter().filter(|a| families.contain(a));
        let known: Vec<IpAddr> = known.copied().collect();
        if known.is_empty() {
            self.addresses_by_dns(host, families, false)
        } else {
            Ok(known)
        }
    }

    /// The name of `address` as the C library would find it: hosts file, then PTR.
    ///
    /// # Errors
    /// Not found, not a valid name, or no answer.
    pub fn native_name(&mut self, address: IpAddr) -> Result<String, Failure> {
        let name = self.hosts().name(address).map(str::to_owned);
        let name = match name {
            Some(name) => name,
            None => self.names(address)?.into_iter().next().unwrap_or_default(),
        };
        if name::is_acceptable(&name) {
            Ok(name)
        } else {
            Err(Failure::invalid_name(&name))
        }
    }

    /// What the hosts file says, not long ago.
    fn hosts(&mut self) -> &Hosts {
        let known = self.hosts.take();
        let fresh = known.filter(|(read, _)| read.elapsed() < HOSTS_FRESH);
        let path = &self.settings.hosts;
        let entry = fresh.unwrap_or_else(|| (Instant::now(), Hosts::read(path)));
        &self.hosts.insert(entry).1
    }

    /// The names that PTR records give to `address`.
    ///
    /// # Errors
    /// Not found, malformed, or no answer.
    pub fn names(&mut self, address: IpAddr) -> Result<Vec<String>, Failure> {
        let question = name::reverse_name(address);
        let mut names = Vec::new();
        for data in self.ask(&question, RecordType::PTR, true)? {
            if let RData::PTR(ptr) = data {
                names.extend(acceptable_target(&ptr.0, "PTR", &question));
            }
        }
        if names.is_empty() {
            Err(Failure::malformed(&question, "PTR"))
        } else {
            Ok(names)
        }
    }

    fn addresses_by_dns(
        &mut self,
        host: &str,
        families: Families,
        exact: bool,
    ) -> Result<Vec<IpAddr>, Failure> {
        let mut found = Vec::new();
        let mut worst: Option<Failure> = None;
        for record_type in families.types() {
            match self.ask(host, *record_type, exact) {
                Ok(records) => found.extend(records.iter().filter_map(RData::ip_addr)),
                Err(failure) => {
                    if worst
                        .as_ref()
                        .is_none_or(|known| known.kind <= failure.kind)
                    {
                        worst = Some(failure);
                    }
                }
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        Err(worst.unwrap_or_else(|| no_data(host, "A")))
    }

    /// Asks for the records of one type. `exact` names are not completed by a search list.
    fn ask(
        &mut self,
        text: &str,
        record_type: RecordType,
        exact: bool,
    ) -> Result<Vec<RData>, Failure> {
        let type_name = record_type.to_string();
        if !name::is_acceptable(text) {
            return Err(Failure::invalid_name(text));
        }
        let mut question = Name::from_ascii(text).map_err(|_| Failure::invalid_name(text))?;
        if exact {
            question.set_fqdn(true);
        }
        self.reload();
        let limit = self.settings.limit;
        let engine = match self.engine.take() {
            Some(engine) => engine,
            None => Engine::start(&self.settings, &self.conf)
                .map_err(|error| Failure::from_net(&error, text, &type_name))?,
        };
        let answer = engine.runtime.block_on(async {
            tokio::time::timeout(limit, engine.resolver.lookup(question, record_type)).await
        });
        self.engine = Some(engine);
        let lookup = match answer {
            Ok(Ok(lookup)) => lookup,
            Ok(Err(error)) => return Err(Failure::from_net(&error, text, &type_name)),
            Err(_) => return Err(Failure::from_net(&NetError::Timeout, text, &type_name)),
        };
        let records = lookup
            .answers()
            .iter()
            .filter(|r| r.record_type() == record_type);
        let mut records: Vec<RData> = records
            .map(|r| r.data.clone())
            .take(RECORD_LIMIT + 1)
            .collect();
        if records.len() > RECORD_LIMIT {
            log::warning(format_args!(
                "DNS record count limit ({RECORD_LIMIT}) exceeded -- dropping excess record(s) \
                 after qname={text} qtype={type_name}"
            ));
            records.truncate(RECORD_LIMIT);
        }
        if records.is_empty() {
            Err(no_data(text, &type_name))
        } else {
            Ok(records)
        }
    }

    /// Takes over a changed resolv.conf. A file that cannot be seen changes nothing.
    fn reload(&mut self) {
        let path = &self.settings.resolv_conf;
        let Ok(time) = fs::metadata(path).and_then(|meta| meta.modified()) else {
            return;
        };
        if self.conf_time == Some(time) {
            return;
        }
        self.conf_time = Some(time);
        let Ok(file) = fs::File::open(path) else {
            return;
        };
        let mut conf = Vec::new();
        if std::io::Read::read_to_end(&mut std::io::Read::take(file, CONF_LIMIT), &mut conf).is_ok()
            && conf != self.conf
        {
            self.conf = conf;
            self.engine = None;
        }
    }
}

#[cfg(any(test, feature = "fixture"))]
impl Resolver {
    /// Runs a task on the resolver's executor, which gets its turns during lookups.
    pub(crate) fn spawn_for_test<F>(&mut self, task: impl FnOnce() -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let started = self.engine.take();
        let engine = started
            .map_or_else(|| Engine::start(&self.settings, &self.conf), Ok)
            .expect("a resolver for tests");
        {
            let _context = engine.runtime.enter();
            engine.runtime.spawn(task());
        }
        self.engine = Some(engine);
    }

    /// The configuration in use, after a look at the file.
    #[cfg(test)]
    pub(crate) fn conf_for_test(&mut self) -> &[u8] {
        self.reload();
        &self.conf
    }
}

impl Engine {
    fn start(settings: &Settings, conf: &[u8]) -> Result<Engine, NetError> {
        let (config, mut options) = configuration(settings, conf);
        options.use_hosts_file = ResolveHosts::Never;
        options.edns0 = true;
        // resolv.conf counts tries, hickory counts what follows the first.
        options.attempts = options.attempts.saturating_sub(1);
        // Answers live as long as their own time to live, at most a minute; "no" is not kept.
        options.cache_size = 64;
        options.positive_max_ttl = Some(std::time::Duration::from_secs(60));
        options.negative_max_ttl = Some(std::time::Duration::ZERO);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let mut builder =
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        *builder.options_mut() = options;
        let resolver = builder.build()?;
        Ok(Engine { runtime, resolver })
    }
}

fn configuration(settings: &Settings, conf: &[u8]) -> (ResolverConfig, ResolverOpts) {
    if settings.name_servers.is_empty() {
        return system_conf::parse_resolv_conf(conf).unwrap_or_else(|_| {
            // As the C library without a usable file: the server on this host.
            let local = NameServerConfig::udp_and_tcp(IpAddr::from([127, 0, 0, 1]));
            (
                ResolverConfig::from_name_servers(vec![local]),
                ResolverOpts::default(),
            )
        });
    }
    let server = |address: &std::net::SocketAddr| {
        let with_port = |protocol| {
            let mut connection = ConnectionConfig::new(protocol);
            connection.port = address.port();
            connection
        };
        let connections = vec![
            with_port(ProtocolConfig::Udp),
            with_port(ProtocolConfig::Tcp),
        ];
        NameServerConfig::new(address.ip(), true, connections)
    };
    let servers = settings.name_servers.iter().map(server).collect();
    (
        ResolverConfig::from_name_servers(servers),
        ResolverOpts::default(),
    )
}

fn no_data(name: &str, record_type: &str) -> Failure {
    let reason = "Host found but no data record of requested type";
    Failure::about(FailureKind::NotFound, name, record_type, reason)
}

/// The text of a name inside an answer. Numbers in place of names are let through, since
/// they "work" elsewhere; anything else that is not a host name is dropped with a warning.
fn acceptable_target(target: &Name, record_type: &str, question: &str) -> Option<String> {
    let text = plain_text(target);
    let numeric = text.parse::<IpAddr>().is_ok();
    let accepted = numeric || name::is_acceptable(&text);
    if numeric || !accepted {
        let gripe = if numeric {
            "numeric domain name"
        } else {
            "malformed domain name"
        };
        let shown: String = text.chars().take(100).map(printable).collect();
        log::warning(format_args!(
            "{gripe} in resource data of {record_type} record for {question}: {shown}"
        ));
    }
    accepted.then_some(text)
}

/// The labels as they are, without the escapes of zone files. A label with a dot or with bytes
/// that are no text makes a name that is not acceptable.
fn plain_text(name: &Name) -> String {
    let label = |label: &[u8]| match std::str::from_utf8(label) {
        Ok(text) if !text.contains('.') => text.to_owned(),
        _ => "?".to_owned(),
    };
    name.iter().map(label).collect::<Vec<_>>().join(".")
}

fn printable(c: char) -> char {
    if c.is_ascii_graphic() { c } else { '?' }
}
