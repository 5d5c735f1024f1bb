//! What stands in front of this program: proxies whose word about a client's address counts, and the names by which
//! readers know the site.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use ipnet::IpNet;

use super::base::Base;
use super::sentence::sentence_page;

/// Where the site stands, as its administrator says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Front {
    pub(crate) proxies: Arc<[IpNet]>,
    /// Without a port, in lower case; none: by any name.
    pub(crate) hosts: Arc<[String]>,
    /// Under which path of the proxy's it stands.
    pub(crate) base: Base,
}

/// `10.0.0.5`, `10.0.0.0/24`.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let single = |address: IpAddr| IpNet::from(address);
    text.trim()
        .parse::<IpNet>()
        .or_else(|_| text.trim().parse().map(single))
        .map_err(|_: std::net::AddrParseError| "应为代理的 IP 地址或网段，例如 10.0.0.5 或 10.0.0.0/24".to_owned())
}

/// `jigai.fz.gov.cn`, in lower case.
pub(crate) fn host_name(text: &str) -> Result<String, String> {
    let name = text.trim().to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    match !name.is_empty() && name.chars().all(plain) {
        true => Ok(name),
        false => Err("应为域名或 IP 地址，不带 https://、端口和斜杠，例如 jigai.fz.gov.cn".to_owned()),
    }
}

impl Front {
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.proxies.iter().any(|network| network.contains(&address))
    }

    /// Who asked: of what the proxies wrote down the last address that is none of theirs. What stands before it anybody
    /// may have written.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        if !self.trusts(peer) {
            return client;
        }
        let sent = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
        let written: Vec<&str> = sent.flat_map(|line| line.split(',')).map(str::trim).collect();
        for text in written.into_iter().rev() {
            let Some(address) = address_of(text) else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }

    fn knows_host(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|c| c.is_ascii_digit()));
        let name = name.map_or(host, |(name, _)| name).to_ascii_lowercase();
        self.hosts.is_empty() || self.hosts.contains(&name)
    }
}

/// With or without a port: `203.0.113.7`, `203.0.113.7:5000`, `[2001:db8::1]:5000`.
fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
}

/// `https://host:port` of an address, without a name and password that may stand in it.
fn origin_of(referer: &HeaderValue) -> Option<HeaderValue> {
    let uri: axum::http::Uri = referer.to_str().ok()?.parse().ok()?;
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{}://{}{port}", uri.scheme_str()?, uri.host()?)).ok()
}

pub(crate) async fn face(State(front): State<Front>, mut request: Request, next: Next) -> Response<Body> {
    // What watches this machine asks by its address.
    let watched = matches!(request.uri().path(), "/healthz" | "/readyz");
    if !watched && !front.knows_host(request.headers()) {
        let sentence = "这个网址不是本站的。请核对网址，或由系统管理员在启动参数 --host 里加上它。";
        return sentence_page(StatusCode::MISDIRECTED_REQUEST, "没有这个网站", sentence);
    }
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = front.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    // Older browsers and some proxies send neither: then the address of the page that was sent from says which site.
    let headers = request.headers();
    let silent = !headers.contains_key(header::ORIGIN) && !headers.contains_key("sec-fetch-site");
    if silent && let Some(origin) = headers.get(header::REFERER).and_then(origin_of) {
        request.headers_mut().insert(header::ORIGIN, origin);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(proxies: &[&str]) -> Front {
        let proxies: Vec<IpNet> = proxies.iter().map(|text| network(text).unwrap()).collect();
        Front { proxies: proxies.into(), hosts: ["jigai.fz.gov.cn".to_owned()].into(), base: Base::default() }
    }

    fn check_client(front: &Front, peer: &str, sent: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for line in sent {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let client = front.client(peer.parse().unwrap(), &headers);
        assert_eq!(client.to_string(), expected, "{peer} {sent:?}");
    }

    #[test]
    fn only_a_trusted_proxys_word_counts() {
        let one = front(&["127.0.0.1", "10.0.0.0/24"]);
        check_client(&one, "203.0.113.7", &["1.1.1.1"], "203.0.113.7");
        check_client(&one, "10.0.0.5", &["203.0.113.7"], "203.0.113.7");
        check_client(&one, "10.0.0.5", &["203.0.113.7:5000"], "203.0.113.7");
        check_client(&one, "10.0.0.5", &["[2001:db8::1]:5000"], "2001:db8::1");
        check_client(&one, "::ffff:10.0.0.5", &["203.0.113.7"], "203.0.113.7");
        // What a client wrote itself stands before what the proxy added.
        check_client(&one, "10.0.0.5", &["1.1.1.1, 203.0.113.7"], "203.0.113.7");
        check_client(&one, "10.0.0.5", &["1.1.1.1", "203.0.113.7, 10.0.0.9"], "203.0.113.7");
        check_client(&one, "10.0.0.5", &["1.1.1.1, unknown"], "10.0.0.5");
        check_client(&one, "10.0.0.5", &[], "10.0.0.5");
        check_client(&front(&[]), "127.0.0.1", &["1.1.1.1"], "127.0.0.1");
    }

    #[test]
    fn a_site_answers_by_its_names() {
        let front = front(&[]);
        for (host, known) in
            [("jigai.fz.gov.cn", true), ("JIGAI.fz.gov.cn:8021", true), ("evil.example", false), ("", false)]
        {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_str(host).unwrap())]);
            assert_eq!(front.knows_host(&headers), known, "{host}");
        }
        assert!(Front::default().knows_host(&HeaderMap::new()));
    }

    #[test]
    fn a_name_is_a_name_alone() {
        assert_eq!(host_name(" JIGAI.fz.gov.cn"), Ok("jigai.fz.gov.cn".to_owned()));
        for wrong in ["", "https://jigai.fz.gov.cn", "jigai.fz.gov.cn:443", "jigai.fz.gov.cn/", "技改.cn"] {
            assert!(host_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_referer_says_its_site_and_no_more() {
        let origin =
            |text: &'static str| origin_of(&HeaderValue::from_static(text)).map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(origin("https://jigai.fz.gov.cn/login?next=/"), Some("https://jigai.fz.gov.cn".to_owned()));
        assert_eq!(origin("http://jigai:pw@evil.example:8021/x"), Some("http://evil.example:8021".to_owned()));
        assert_eq!(origin("/login"), None);
    }
}
