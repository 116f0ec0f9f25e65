//! Where the server listens, under which names, and what it bears from one request.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use super::SettingError;

/// What kind of place this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Demo tenants with known logins, a generated secret: for trying it out.
    Demo,
    /// No demo data, a generated secret: for building on it.
    Development,
    /// Refuses default secrets, demo data and a private database.
    Production,
}

/// Settings of the HTTP server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub struct ServerSettings {
    /// What kind of place this is; demo when not said, development when DATABASE_URL is given
    #[arg(long, env = "TITHI_PROFILE", value_enum)]
    pub profile: Option<Profile>,
    /// Address and port to listen on
    #[arg(long, env = "TITHI_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Domain below which each tenant has a subdomain
    #[arg(long, env = "TITHI_BASE_DOMAIN", default_value = "localhost", value_name = "DOMAIN")]
    pub base_domain: String,
    /// Address by which people reach the base domain, when it differs from http://{base domain}:{port}
    #[arg(long, env = "TITHI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Slug of the platform's own tenant, home of people without an organization
    #[arg(long, env = "TITHI_PLATFORM_SLUG", default_value = "tithi-home", value_name = "SLUG")]
    pub platform_slug: String,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas
    #[arg(long, env = "TITHI_TRUSTED_PROXIES", default_value = "", value_name = "CIDR,..")]
    pub trusted_proxies: TrustedProxies,
    /// Largest request body in bytes
    #[arg(long, env = "TITHI_BODY_LIMIT", default_value_t = 1024 * 1024, value_name = "BYTES")]
    pub body_limit: usize,
    /// Seconds a request may take
    #[arg(long, env = "TITHI_REQUEST_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    pub request_timeout: u64,
    /// Seconds that requests in flight get to finish when the server stops
    #[arg(long, env = "TITHI_DRAIN_TIMEOUT", default_value_t = 10, value_name = "SECONDS")]
    pub drain_timeout: u64,
    /// Most connections at a time
    #[arg(long, env = "TITHI_MAX_CONNECTIONS", default_value_t = 10_000, value_name = "COUNT")]
    pub max_connections: usize,
    /// Further origins that may call the API from a browser, for every tenant, separated by commas
    #[arg(long, env = "TITHI_CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGIN,..")]
    pub cors_origins: Vec<String>,
    /// Token that /metrics and /health/detailed ask for; without one they answer loopback only
    #[arg(long, env = "TITHI_METRICS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub metrics_token: Option<String>,
    /// Log lines as JSON
    #[arg(long, env = "TITHI_LOG_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    pub log_json: bool,
    /// What is logged, in the form of tracing's EnvFilter
    #[arg(long, env = "TITHI_LOG", default_value = "info,sqlx=warn,sea_orm_migration=warn", value_name = "FILTER")]
    pub log: String,
}

impl ServerSettings {
    pub(super) fn validate(&self, faults: &mut Vec<SettingError>) {
        let labels = self.base_domain.split('.');
        let named = labels
            .into_iter()
            .all(|l| !l.is_empty() && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        if !named {
            faults.push(SettingError::new(
                "TITHI_BASE_DOMAIN",
                "give a lower-case domain without scheme or port, such as tithi.example",
            ));
        }
        if let Err(fault) = crate::kernel::slug::check(&self.platform_slug) {
            faults.push(SettingError::new(
                "TITHI_PLATFORM_SLUG",
                format!("`{}` {}", self.platform_slug, fault.sentence()),
            ));
        }
        for (setting, value) in
            [("TITHI_REQUEST_TIMEOUT", self.request_timeout), ("TITHI_DRAIN_TIMEOUT", self.drain_timeout)]
        {
            if !(1..=3600).contains(&value) {
                faults.push(SettingError::new(setting, "give 1 to 3600 seconds"));
            }
        }
        if !(1024..=64 * 1024 * 1024).contains(&self.body_limit) {
            faults.push(SettingError::new("TITHI_BODY_LIMIT", "give 1024 to 67108864 bytes"));
        }
        if self.max_connections == 0 {
            faults.push(SettingError::new("TITHI_MAX_CONNECTIONS", "give at least 1"));
        }
        if let Some(url) = &self.public_url
            && !url.starts_with("http://")
            && !url.starts_with("https://")
        {
            faults.push(SettingError::new("TITHI_PUBLIC_URL", "give an address that starts with http:// or https://"));
        }
    }

    /// The address of the base domain, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}:{}", self.base_domain, self.listen.port()),
        }
    }

    /// The address of a tenant's subdomain.
    #[must_use]
    pub fn tenant_url(&self, slug: &str) -> String {
        match self.base_url().split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{slug}.{rest}"),
            None => slug.to_owned(),
        }
    }
}

/// Networks whose forwarding headers are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<(IpAddr, u8)>);

impl TrustedProxies {
    /// Whether the peer is one of them.
    #[must_use]
    pub fn contains(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|(net, bits)| match (net, peer) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => same_prefix(&net.octets(), &ip.octets(), *bits),
            (IpAddr::V6(net), IpAddr::V6(ip)) => same_prefix(&net.octets(), &ip.octets(), *bits),
            _ => false,
        })
    }
}

fn same_prefix(a: &[u8], b: &[u8], bits: u8) -> bool {
    let (whole, rest) = (usize::from(bits / 8), bits % 8);
    a[..whole] == b[..whole] && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0)
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(list: &str) -> Result<Self, String> {
        let mut networks = Vec::new();
        for part in list.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (address, bits) = part.split_once('/').map_or((part, None), |(a, b)| (a, Some(b)));
            let address: IpAddr =
                address.parse().map_err(|_| format!("`{part}` is neither an address nor a network"))?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = match bits {
                None => most,
                Some(bits) => bits
                    .parse()
                    .ok()
                    .filter(|b| *b <= most)
                    .ok_or_else(|| format!("`{part}` has a prefix length over {most}"))?,
            };
            networks.push((address, bits));
        }
        Ok(Self(networks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses() {
        let list: TrustedProxies = "10.0.0.0/9, 127.0.0.1, fd00::/8".parse().unwrap();
        for (ip, inside) in [
            ("10.127.1.1", true),
            ("10.128.0.1", false),
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("fd12::1", true),
            ("::1", false),
        ] {
            assert_eq!(list.contains(ip.parse().unwrap()), inside, "{ip}");
        }
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
    }
}
