//! The caller's address. `X-Forwarded-For` is believed from the right, as long as each hop is one of
//! our own proxies; the first that is not is the caller.

use std::net::{IpAddr, Ipv4Addr};

use poem::Request;

use crate::config::TrustedProxies;

/// For whom a page of this process asks. It travels with the request's extensions, which nobody outside can set.
#[derive(Clone, Copy, Debug)]
pub struct AskedFor(pub IpAddr);

/// The address to count and to log.
#[must_use]
pub fn of(request: &Request, trusted: &TrustedProxies) -> IpAddr {
    if let Some(AskedFor(peer)) = request.extensions().get() {
        return *peer;
    }
    let direct =
        request.remote_addr().as_socket_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |addr| addr.ip().to_canonical());
    let hops: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .collect();
    walk(direct, &hops, trusted)
}

fn walk(direct: IpAddr, hops: &[&str], trusted: &TrustedProxies) -> IpAddr {
    let mut peer = direct;
    for hop in hops.iter().rev() {
        if !trusted.contains(peer) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(next) => peer = next.to_canonical(),
            Err(_) => break,
        }
    }
    peer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ours: TrustedProxies = "10.0.0.0/8".parse().unwrap();
        let ip = |s: &str| s.parse::<IpAddr>().unwrap();
        assert_eq!(walk(ip("10.0.0.1"), &["6.6.6.6", "1.2.3.4", "10.0.0.2"], &ours), ip("1.2.3.4"));
        assert_eq!(walk(ip("9.9.9.9"), &["1.2.3.4"], &ours), ip("9.9.9.9"));
        assert_eq!(walk(ip("10.0.0.1"), &["nonsense"], &ours), ip("10.0.0.1"));
    }
}
