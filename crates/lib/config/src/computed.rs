// SPDX-License-Identifier: MIT OR Apache-2.0
//! Defaults that depend on the system: host name, domain, networks, process.
//!
//! *Invariants*: the system is asked once per process, and only when a value is needed.
//!
//! *Postfix:* `global/mail_params.c`, `global/mynetworks`, `global/own_inet_addr`.

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs};
use std::path::Path;

use runtime::net::cidr::{Block, prefix_of_netmask};

use crate::error::{ConfigError, reason};
use crate::main_cf::MainCf;
use crate::params;
use crate::value::words;

/// What the system says, asked when needed.
#[derive(Clone, Default)]
pub(crate) struct System {
    host_name: OnceCell<String>,
    interfaces: OnceCell<Vec<(IpAddr, IpAddr)>>,
    /// Set while the default of `mydomain` is computed: `myhostname` may refer to it.
    in_mydomain: Cell<bool>,
}

impl System {
    fn host_name(&self) -> &str {
        self.host_name.get_or_init(sys::users::host_name)
    }

    fn interfaces(&self) -> Result<&[(IpAddr, IpAddr)], ConfigError> {
        if let Some(known) = self.interfaces.get() {
            return Ok(known);
        }
        let found = sys::socket::interfaces().map_err(|error| {
            ConfigError::Value(format!(
                "cannot list network interfaces: {}",
                reason(&error)
            ))
        })?;
        Ok(self.interfaces.get_or_init(|| found))
    }
}

#[cfg(test)]
impl MainCf {
    /// Puts a host name and interfaces in the place of the system's.
    pub(crate) fn pretend(&self, host_name: &str, interfaces: &[(&str, &str)]) {
        let parse = |text: &str| text.parse().expect("an address");
        let interfaces = interfaces
            .iter()
            .map(|(a, m)| (parse(a), parse(m)))
            .collect();
        self.system
            .host_name
            .set(host_name.to_string())
            .expect("not asked yet");
        self.system
            .interfaces
            .set(interfaces)
            .expect("not asked yet");
    }
}

/// The computed default of the parameter `name`, if it is one of those.
pub(crate) fn default_of(main_cf: &MainCf, name: &str) -> Result<Option<String>, ConfigError> {
    Ok(Some(match name {
        "myhostname" => my_host_name(main_cf)?,
        "mydomain" => my_domain(main_cf)?,
        "mynetworks" => my_networks(main_cf)?,
        "process_id" => std::process::id().to_string(),
        "process_name" => process_name(),
        "config_directory" => main_cf.dir().display().to_string(),
        _ => return Ok(None),
    }))
}

/// The base name that this process was started under.
fn process_name() -> String {
    let name = std::env::args_os().next().unwrap_or_default();
    Path::new(&name)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The system's host name, made fully qualified.
fn my_host_name(main_cf: &MainCf) -> Result<String, ConfigError> {
    let name = main_cf.system.host_name();
    if name.contains('.') {
        return Ok(name.to_string());
    }
    let domain = main_cf.user_defined("mydomain")?;
    Ok(format!(
        "{name}.{}",
        domain.as_deref().unwrap_or("localdomain")
    ))
}

/// `myhostname` without its first label.
fn my_domain(main_cf: &MainCf) -> Result<String, ConfigError> {
    if main_cf.system.in_mydomain.replace(true) {
        return Ok(String::new());
    }
    let host = main_cf.evaluate("myhostname");
    main_cf.system.in_mydomain.set(false);
    let host = host?.unwrap_or_default();
    Ok(host
        .split_once('.')
        .map_or("localdomain", |(_, domain)| domain)
        .to_string())
}

/// The address families that `inet_protocols` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Families {
    /// IPv4.
    pub ipv4: bool,
    /// IPv6.
    pub ipv6: bool,
}

impl Families {
    /// Reads `inet_protocols`.
    pub fn load(main_cf: &MainCf) -> Result<Families, ConfigError> {
        let text = main_cf.load::<params::inet_protocols>()?;
        let mut families = Families {
            ipv4: false,
            ipv6: false,
        };
        for word in words(&text) {
            match word {
                "all" => {
                    families = Families {
                        ipv4: true,
                        ipv6: true,
                    }
                }
                "ipv4" => families.ipv4 = true,
                "ipv6" => families.ipv6 = true,
                _ => {
                    let why = format!("unknown inet_protocols value \"{word}\" in \"{text}\"");
                    return Err(main_cf.located("inet_protocols", &why));
                }
            }
        }
        Ok(families)
    }

    /// Whether an address is of one of the families.
    pub fn contains(self, address: IpAddr) -> bool {
        if address.is_ipv4() {
            self.ipv4
        } else {
            self.ipv6
        }
    }
}

/// The addresses that `inet_interfaces` names, with their netmasks: where the mail system
/// listens, and what it takes for itself. Must be called before the jail.
pub fn own_addresses(main_cf: &MainCf) -> Result<Vec<(IpAddr, IpAddr)>, ConfigError> {
    named_addresses(
        main_cf,
        "inet_interfaces",
        &main_cf.load::<params::inet_interfaces>()?,
    )
}

/// The addresses of `proxy_interfaces`: those of a proxy or translator in front of this host.
pub fn proxy_addresses(main_cf: &MainCf) -> Result<Vec<IpAddr>, ConfigError> {
    let text = main_cf.load::<params::proxy_interfaces>()?;
    let found = named_addresses(main_cf, "proxy_interfaces", &text)?;
    Ok(found.into_iter().map(|(address, _)| address).collect())
}

fn named_addresses(
    main_cf: &MainCf,
    parameter: &str,
    text: &str,
) -> Result<Vec<(IpAddr, IpAddr)>, ConfigError> {
    let families = Families::load(main_cf)?;
    let interfaces = main_cf.system.interfaces()?;
    let mut found: Vec<(IpAddr, IpAddr)> = Vec::new();
    for word in words(text) {
        let named: Vec<IpAddr> = match word.to_ascii_lowercase().as_str() {
            "all" => interfaces.iter().map(|(address, _)| *address).collect(),
            "loopback-only" => {
                let all = interfaces.iter().map(|(address, _)| *address);
                all.filter(IpAddr::is_loopback).collect()
            }
            name => resolve(name).map_err(|why| {
                main_cf.located(
                    parameter,
                    &format!("config variable {parameter}: {why}: {word}"),
                )
            })?,
        };
        for address in named
            .into_iter()
            .filter(|address| families.contains(*address))
        {
            let mask = interfaces
                .iter()
                .find(|(own, _)| *own == address)
                .map(|(_, mask)| *mask);
            let mask = mask.unwrap_or_else(|| single_host_mask(address));
            if !found.iter().any(|(known, _)| *known == address) {
                found.push((address, mask));
            }
        }
    }
    Ok(found)
}

/// The addresses of a host name or of an address, with or without brackets.
fn resolve(name: &str) -> Result<Vec<IpAddr>, &'static str> {
    let bare = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(name);
    if let Ok(address) = bare.parse() {
        return Ok(vec![address]);
    }
    match (bare, 0).to_socket_addrs() {
        Ok(found) => Ok(found.map(|socket| socket.ip()).collect()),
        Err(_) => Err("host not found"),
    }
}

fn single_host_mask(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => IpAddr::from([0xff; 4]),
        IpAddr::V6(_) => IpAddr::from([0xff; 16]),
    }
}

/// The networks that `mynetworks_style` makes of the own addresses.
fn my_networks(main_cf: &MainCf) -> Result<String, ConfigError> {
    let style = main_cf.load::<params::mynetworks_style>()?;
    let mut networks = Vec::new();
    for (address, mask) in own_addresses(main_cf)? {
        let full = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match (style.as_str(), address) {
            ("host", _) => full,
            ("subnet", _) | ("class", IpAddr::V6(_)) => prefix_of_netmask(mask),
            ("class", IpAddr::V4(address)) => class_prefix(address),
            _ => {
                let why = format!("unknown mynetworks mask style value \"{style}\" in \"{style}\"");
                return Err(main_cf.located("mynetworks_style", &why));
            }
        };
        let network = Block::around(address, prefix).network();
        let text = match network {
            IpAddr::V4(network) => format!("{network}/{prefix}"),
            IpAddr::V6(network) => format!("[{network}]/{prefix}"),
        };
        if !networks.contains(&text) {
            networks.push(text);
        }
    }
    Ok(networks.join(" "))
}

/// The prefix length of the historical class of an address.
fn class_prefix(address: Ipv4Addr) -> u8 {
    match address.octets() {
        [0..=127, ..] => 8,
        [128..=191, ..] => 16,
        [192..=223, ..] => 24,
        _ => 32,
    }
}

/// The name in a file like `/etc/mailname`: Debian lets `myorigin` name such a file.
pub(crate) fn read_name_file(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |error| {
        let why = format!("{}: cannot open file: {}", path.display(), reason(&error));
        ConfigError::Value(why)
    };
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(1024)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    let name = text.lines().map(str::trim).find(|line| !line.is_empty());
    let empty = || ConfigError::Value(format!("{}: file is empty", path.display()));
    name.map(str::to_string).ok_or_else(empty)
}
