//! The classic attacks on tokens, each against a pair of keys of ours and each kind of external issuer.

use chrono::TimeDelta;
use jsonwebtoken::jwk::Jwk as LibraryJwk;
use jsonwebtoken::{EncodingKey, encode as library_encode};
use p256::ecdsa::SigningKey;
use p256::pkcs8::EncodePrivateKey;
use serde_json::json;
use uuid::Uuid;

use super::own::encode;
use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OLDER: &str = "fedcba9876543210fedcba9876543210";
const SHARED: &str = "a shared secret of an outside issuer";
const OUTSIDE: &str = "https://issuer.test/";
const RSA: &[u8] = include_bytes!("../../../../fixtures/tokens/rs256_test_only.pem");
const RSA_SHORT: &[u8] = include_bytes!("../../../../fixtures/tokens/rs256_short_test_only.pem");

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_443_800, 250_000_000).unwrap()
}

fn settings() -> TokenSettings {
    TokenSettings {
        secret_key: None,
        secret_key_previous: None,
        token_issuer: "tithi".into(),
        access_token_minutes: 15,
        refresh_token_days: 30,
        external_issuer: Some(OUTSIDE.into()),
        external_audience: Some("authenticated".into()),
        external_hs256_secret: None,
        external_jwks_file: None,
    }
}

fn keys(settings: &TokenSettings) -> TokenKeys {
    TokenKeys::new(settings, &SECRET.into()).unwrap()
}

fn claims() -> Claims {
    Claims {
        user: UserId(Uuid::from_u128(1)),
        session: Some(SessionId(Uuid::from_u128(2))),
        tenant: Some(TenantId(Uuid::from_u128(3))),
        expires_at: DateTime::from_timestamp(1_772_443_800 + 900, 0).unwrap(),
    }
}

fn kid(keys: &TokenKeys) -> String {
    keys.jwks()["keys"][0]["kid"].as_str().unwrap().to_owned()
}

/// A token signed with our key over whatever header and payload.
fn forged(keys: &TokenKeys, header: Value, payload: Value) -> String {
    keys.own.seal(&encode(&header.to_string()), &payload.to_string())
}

fn ours(keys: &TokenKeys) -> Value {
    json!({"alg": "ES256", "typ": "at+jwt", "kid": kid(keys)})
}

/// What stands in a good token of ours; `change` spoils it.
fn payload(change: Value) -> Value {
    let mut payload = json!({
        "iss": "tithi", "aud": "tithi", "sub": claims().user, "sid": claims().session, "exp": now().timestamp() + 900,
        "nbf": now().timestamp(), "iat": now().timestamp(),
    });
    merge(&mut payload, change);
    payload
}

fn outside(change: Value) -> Value {
    let mut payload = json!({
        "iss": OUTSIDE, "aud": "authenticated", "sub": claims().user, "exp": now().timestamp() + 900, "role": "authenticated",
    });
    merge(&mut payload, change);
    payload
}

/// A null removes the member.
fn merge(payload: &mut Value, change: Value) {
    let members = payload.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
}

fn refused(keys: &TokenKeys, token: &str, what: &str) {
    assert_eq!(keys.verify(token, now()), Err(TokenFault::Invalid), "{what}");
}

#[test]
fn a_token_of_ours_says_what_was_signed() {
    let keys = keys(&settings());
    let token = keys.issue(&claims(), now()).unwrap();
    assert_eq!(keys.verify(&token, now()), Ok(claims()));
    assert_eq!(claimed_tenant(&token), claims().tenant);
    let unbound = Claims { tenant: None, ..claims() };
    let token = keys.issue(&unbound, now()).unwrap();
    assert_eq!(keys.verify(&token, now()), Ok(unbound));
    assert_eq!(claimed_tenant(&token), None);
}

#[test]
fn two_tokens_of_one_instant_differ() {
    let keys = keys(&settings());
    assert_ne!(keys.issue(&claims(), now()).unwrap(), keys.issue(&claims(), now()).unwrap());
}

#[test]
fn time_is_the_callers() {
    let keys = keys(&settings());
    let token = keys.issue(&claims(), now()).unwrap();
    let after = |seconds| keys.verify(&token, now() + TimeDelta::seconds(seconds));
    assert_eq!(after(904), Ok(claims()), "within the leeway");
    assert_eq!(after(905), Err(TokenFault::Expired));
    assert_eq!(after(1_000_000), Err(TokenFault::Expired));
    assert_eq!(after(-5), Ok(claims()), "another instance's clock is a little ahead");
    assert_eq!(after(-6), Err(TokenFault::Invalid), "not yet");
}

#[test]
fn the_classic_attacks_are_refused() {
    let keys = keys(&settings());
    let good = forged(&keys, ours(&keys), payload(json!({})));
    assert!(keys.verify(&good, now()).is_ok(), "the forge itself works");

    for alg in ["none", "None", "NONE", "nOnE"] {
        let header = encode(&json!({"alg": alg, "typ": "at+jwt", "kid": kid(&keys)}).to_string());
        let body = encode(&payload(json!({})).to_string());
        refused(&keys, &format!("{header}.{body}."), alg);
        refused(&keys, &format!("{header}.{body}"), alg);
        refused(&keys, &format!("{header}.{}", good.split_once('.').unwrap().1), alg);
    }

    // the public key as an HMAC secret, in the spellings in which people have it
    let jwk = &keys.jwks()["keys"][0];
    let coordinates = ["x", "y"].map(|name| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap());
    let point = [&[4][..], &coordinates[0], &coordinates[1]].concat();
    for secret in [point.as_slice(), jwk.to_string().as_bytes(), keys.jwks().to_string().as_bytes()] {
        let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
        header.kid = Some(kid(&keys));
        header.typ = Some("at+jwt".into());
        let token = library_encode(&header, &payload(json!({})), &EncodingKey::from_secret(secret)).unwrap();
        refused(&keys, &token, "HS256 under the public key");
    }

    for (what, change) in [
        ("another audience", json!({"aud": "somebody"})),
        ("a list without us", json!({"aud": ["a", "b"]})),
        ("no audience", json!({"aud": null})),
        ("another issuer", json!({"iss": "nobody"})),
        ("no issuer", json!({"iss": null})),
        ("no end", json!({"exp": null})),
        ("an end that is no number", json!({"exp": "tomorrow"})),
        ("an end beyond time", json!({"exp": 1e300})),
        ("no subject", json!({"sub": null})),
        ("a subject that is no id", json!({"sub": "ana@example.com"})),
        ("no session", json!({"sid": null})),
        ("a tenant that is no id", json!({"tenant": "salon"})),
        ("not yet", json!({"nbf": now().timestamp() + 60})),
    ] {
        refused(&keys, &forged(&keys, ours(&keys), payload(change)), what);
    }

    for (what, change) in [
        ("unknown kid", json!({"kid": "unknown"})),
        ("no kid", json!({"kid": null})),
        ("another typ", json!({"typ": "JWT"})),
        ("no typ", json!({"typ": null})),
        ("an extension to be understood", json!({"crit": ["b64"], "b64": false})),
        ("another algorithm of the family", json!({"alg": "ES384"})),
        ("RS256", json!({"alg": "RS256"})),
        ("an algorithm that does not exist", json!({"alg": "ES999"})),
    ] {
        let mut header = ours(&keys);
        merge(&mut header, change);
        refused(&keys, &forged(&keys, header, payload(json!({}))), what);
    }
}

#[test]
fn a_key_in_the_header_is_not_used() {
    let keys = keys(&settings());
    let strange = TokenKeys::new(&settings(), &"f".repeat(32).into()).unwrap();
    for header in [
        json!({"alg": "ES256", "typ": "at+jwt", "kid": kid(&keys), "jwk": strange.jwks()["keys"][0]}),
        json!({"alg": "ES256", "typ": "at+jwt", "kid": kid(&strange), "jwk": strange.jwks()["keys"][0]}),
        json!({"alg": "ES256", "typ": "at+jwt", "kid": kid(&keys), "jku": "https://evil.test/jwks.json"}),
        json!({"alg": "ES256", "typ": "at+jwt", "kid": kid(&keys), "x5u": "https://evil.test/chain.pem"}),
    ] {
        refused(&keys, &forged(&strange, header, payload(json!({}))), "a key of the caller's");
    }
}

#[test]
fn every_changed_character_is_seen() {
    let keys = keys(&settings());
    let token = keys.issue(&claims(), now()).unwrap();
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        refused(&keys, std::str::from_utf8(&bytes).unwrap(), &format!("character {at}"));
    }
    for what in
        ["", ".", "..", "a.b.c", "....", &"a".repeat(100_000), &format!("{token}.{token}"), &format!(" {token}")]
    {
        refused(&keys, what, what.get(..20).unwrap_or(what));
    }
}

#[test]
fn the_key_before_verifies_and_does_not_sign() {
    let before = TokenKeys::new(&settings(), &OLDER.into()).unwrap();
    let token = before.issue(&claims(), now()).unwrap();
    refused(&keys(&settings()), &token, "nobody knows the older key");
    let both = keys(&TokenSettings { secret_key_previous: Some(OLDER.into()), ..settings() });
    assert_eq!(both.verify(&token, now()), Ok(claims()));
    let new = both.issue(&claims(), now()).unwrap();
    refused(&before, &new, "the present key signs");
    assert_eq!(keys(&settings()).verify(&new, now()), Ok(claims()));
}

#[test]
fn the_key_set_is_public_and_named_by_its_thumbprint() {
    let both = keys(&TokenSettings { secret_key_previous: Some(OLDER.into()), ..settings() });
    let set = both.jwks();
    let listed = set["keys"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["kid"], kid(&keys(&settings())));
    for key in listed {
        assert!(key.get("d").is_none());
        let jwk: LibraryJwk = serde_json::from_value(key.clone()).unwrap();
        let thumbprint = jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
        assert_eq!(key["kid"], thumbprint, "an independent reckoning of RFC 7638");
    }
}

fn outside_token(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, payload: &Value) -> String {
    let mut header = jsonwebtoken::Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    library_encode(&header, payload, key).unwrap()
}

#[test]
fn an_outside_issuer_with_a_shared_secret() {
    let keys = keys(&TokenSettings { external_hs256_secret: Some(SHARED.into()), ..settings() });
    let sign = |change, key: &str| {
        let key = EncodingKey::from_secret(key.as_bytes());
        outside_token(Algorithm::HS256, None, &key, &outside(change))
    };
    let found = keys.verify(&sign(json!({"sid": claims().session, "exp": 1_772_444_700.75}), SHARED), now()).unwrap();
    assert_eq!(found, Claims { session: None, tenant: None, ..claims() }, "an outsider's session means nothing here");
    let found = keys.verify(&sign(json!({"tenant_id": claims().tenant, "aud": ["x", "authenticated"]}), SHARED), now());
    assert_eq!(found.unwrap().tenant, claims().tenant);

    refused(&keys, &sign(json!({}), "another secret, just as long as it is"), "another secret");
    for change in [
        json!({"aud": null}),
        json!({"aud": "tithi"}),
        json!({"iss": "tithi"}),
        json!({"sub": "auth0|7"}),
        json!({"exp": null}),
        json!({"nbf": now().timestamp() + 60}),
    ] {
        refused(&keys, &sign(change.clone(), SHARED), &change.to_string());
    }
    let late = sign(json!({"exp": now().timestamp() - 5}), SHARED);
    assert_eq!(keys.verify(&late, now()), Err(TokenFault::Expired));
    let longer = EncodingKey::from_secret(SHARED.as_bytes());
    refused(&keys, &outside_token(Algorithm::HS512, None, &longer, &outside(json!({}))), "another algorithm");
    // what the outsider signs never passes for ours
    let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
    header.kid = Some(kid(&keys));
    header.typ = Some("at+jwt".into());
    refused(&keys, &library_encode(&header, &payload(json!({})), &longer).unwrap(), "our kid under the shared secret");
}

fn set_file(keys: &[Value]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
    (folder, file)
}

fn public(key: &EncodingKey, algorithm: Algorithm, kid: &str) -> Value {
    let mut jwk = serde_json::to_value(LibraryJwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    merge(&mut jwk, json!({"kid": kid, "use": "sig"}));
    jwk
}

fn elliptic() -> EncodingKey {
    let key = SigningKey::from_slice(&[9; 32]).unwrap();
    EncodingKey::from_ec_der(key.to_pkcs8_der().unwrap().as_bytes())
}

#[test]
fn an_outside_issuer_with_a_key_set() {
    let (rsa, ec) = (EncodingKey::from_rsa_pem(RSA).unwrap(), elliptic());
    let jwks = [
        public(&rsa, Algorithm::RS256, "r1"),
        public(&ec, Algorithm::ES256, "e1"),
        json!({"kty": "oct", "kid": "o1", "k": "AAAA"}),
    ];
    let (_folder, file) = set_file(&jwks);
    let keys = keys(&TokenSettings { external_jwks_file: Some(file), ..settings() });
    let expected = Claims { session: None, tenant: None, ..claims() };
    let good = outside(json!({}));
    assert_eq!(keys.verify(&outside_token(Algorithm::RS256, Some("r1"), &rsa, &good), now()), Ok(expected.clone()));
    assert_eq!(keys.verify(&outside_token(Algorithm::ES256, Some("e1"), &ec, &good), now()), Ok(expected));

    refused(&keys, &outside_token(Algorithm::RS256, Some("e1"), &rsa, &good), "another key's name");
    refused(&keys, &outside_token(Algorithm::RS256, Some("r2"), &rsa, &good), "an unknown name");
    refused(&keys, &outside_token(Algorithm::RS256, None, &rsa, &good), "no name");
    refused(&keys, &outside_token(Algorithm::RS384, Some("r1"), &rsa, &good), "another hash");
    refused(&keys, &outside_token(Algorithm::PS256, Some("r1"), &rsa, &good), "another padding");
    let empty = EncodingKey::from_secret(&[0, 0, 0]);
    refused(&keys, &outside_token(Algorithm::HS256, Some("o1"), &empty, &good), "a symmetric key in a public set");
    for secret in [RSA, jwks[0].to_string().as_bytes(), jwks[0]["n"].as_str().unwrap().as_bytes()] {
        let key = EncodingKey::from_secret(secret);
        refused(&keys, &outside_token(Algorithm::HS256, Some("r1"), &key, &good), "HS256 under the public key");
    }
    let token = outside_token(Algorithm::RS256, Some("r1"), &rsa, &outside(json!({"aud": null})));
    refused(&keys, &token, "no audience");
}

#[test]
fn a_key_set_without_a_usable_key_is_refused_at_start() {
    let short = EncodingKey::from_rsa_pem(RSA_SHORT).unwrap();
    let nameless = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"});
    let mut sealing = public(&elliptic(), Algorithm::ES256, "e1");
    sealing["use"] = "enc".into();
    let (_folder, file) = set_file(&[public(&short, Algorithm::RS256, "short"), nameless, sealing]);
    for file in [file, "/nowhere/jwks.json".into()] {
        let settings = TokenSettings { external_jwks_file: Some(file), ..settings() };
        let fault = TokenKeys::new(&settings, &SECRET.into()).err().unwrap();
        assert_eq!(fault.setting, "TITHI_EXTERNAL_JWKS_FILE");
    }
}
