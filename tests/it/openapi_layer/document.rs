//! What is published.
use poem_openapi::{OpenApiService, types::Example};
use serde_json::{Value, json};
use tithi::server::openapi::{self, document_30, document_31, duplicate_keys, lint};

use super::sample::{self, BookingCreate};

fn modern() -> Value {
    document_31(sample::parsed())
}

#[test]
fn two_blocks_on_one_path_keep_all_operations() {
    let naive = OpenApiService::new((sample::Reading, sample::Writing), "Sample", "1.0").spec();
    assert!(!duplicate_keys(&naive).is_empty(), "poem-openapi merges by itself now: drop Merged");
    assert_eq!(duplicate_keys(&sample::raw()), Vec::<String>::new());
    let document = modern();
    let methods = |path: &str| document["paths"][path].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(methods("/v1/bookings"), ["get", "post"]);
    assert_eq!(methods("/v1/bookings/{id}"), ["delete", "get", "patch"]);
}

#[test]
fn the_document_passes_its_own_bar() {
    assert_eq!(lint(&modern()), Vec::<String>::new());
}

#[test]
fn the_bar_finds_what_is_wrong() {
    let break_it = |change: &dyn Fn(&mut Value)| {
        let mut document = modern();
        change(&mut document);
        lint(&document).join("\n")
    };
    let post = |document: &mut Value, key: &str, value: Value| {
        document["paths"]["/v1/bookings"]["post"][key] = value;
    };
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: [(Change<'_>, &str); 9] = [
        (&|d| post(d, "operationId", json!("booking_list")), "has the operationId of"),
        (&|d| post(d, "operationId", json!("bookingCreate")), "not snake_case"),
        (&|d| post(d, "summary", json!("")), "has no summary"),
        (&|d| post(d, "tags", json!([])), "has no tag"),
        (
            &|d| {
                d["paths"]["/v1/bookings"]["post"].as_object_mut().unwrap().remove("security");
            },
            "security",
        ),
        (
            &|d| {
                d["components"]["schemas"].as_object_mut().unwrap().remove("Channel");
            },
            "leads nowhere",
        ),
        (
            &|d| {
                d["paths"]["/v1/bookings"]["post"]["requestBody"]["content"]["application/json"]["example"]["channel"] =
                    json!("x");
            },
            "does not fit its schema",
        ),
        (
            &|d| {
                let item = d["paths"]["/v1/bookings/{id}"].take();
                d["paths"]["/v1/Booking/{id}"] = item;
            },
            "not kebab-case",
        ),
        (
            &|d| {
                let item = d["paths"]["/v1/bookings/{id}"].take();
                d["paths"]["/v1/booking/{id}"] = item;
            },
            "not a plural",
        ),
    ];
    for (change, finding) in cases {
        let found = break_it(change);
        assert!(found.contains(finding), "{finding}: {found}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(modern().to_string(), modern().to_string());
    let parse = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    assert_eq!(document_31(parse(sample::raw())), modern());
}

#[test]
fn null_and_references_are_those_of_3_1() {
    let document = modern();
    let schemas = &document["components"]["schemas"];
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(schemas["Booking"]["properties"]["notes"]["type"], json!(["string", "null"]));
    assert_eq!(schemas["BookingCreate"]["properties"]["customer"]["$ref"], "#/components/schemas/CustomerDetails");
    assert_eq!(schemas["BookingCreate"]["properties"]["customer"]["description"], "Who comes.");
    let cleared = &schemas["BookingUpdate"]["properties"]["customer"]["anyOf"];
    assert_eq!(cleared, &json!([{"$ref": "#/components/schemas/CustomerDetails"}, {"type": "null"}]));
    assert_eq!(schemas["BookingCreate"]["properties"]["attendee_count"]["format"], "int32");
    assert_eq!(schemas["Payment"].get("type"), None);
}

#[test]
fn bodies_are_closed_and_answers_open() {
    let document = modern();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["BookingCreate"]["additionalProperties"], json!(false));
    assert_eq!(schemas["Booking"].get("additionalProperties"), None);
    assert_eq!(schemas["Problem"].get("additionalProperties"), None);
}

#[test]
fn every_operation_shares_problems_and_headers() {
    let document = modern();
    let post = &document["paths"]["/v1/bookings"]["post"];
    assert_eq!(post["responses"]["409"]["$ref"], "#/components/responses/Conflict");
    assert_eq!(post["responses"]["default"]["$ref"], "#/components/responses/AnyProblem");
    let headers = post["responses"]["201"]["headers"].as_object().unwrap();
    for name in ["ETag", "Location", "X-Request-ID", "RateLimit", "Idempotent-Replayed"] {
        assert!(headers.contains_key(name), "{name} in {headers:?}");
    }
    let patch = &document["paths"]["/v1/bookings/{id}"]["patch"];
    assert_eq!(patch["responses"]["412"]["$ref"], "#/components/responses/PreconditionFailed");
    assert!(patch["parameters"].as_array().unwrap().iter().any(|p| p["name"] == "If-Match"));
    let keys = |operation: &Value| {
        let parameters = operation["parameters"].as_array().unwrap();
        parameters.iter().map(|p| p["name"].as_str().or(p["$ref"].as_str()).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(keys(post), ["Idempotency-Key"], "as the signature says, and once");
    assert_eq!(keys(patch), ["id", "If-Match", "#/components/parameters/IdempotencyKey"]);
}

#[test]
fn a_list_documents_its_paging() {
    let document = modern();
    let list = &document["paths"]["/v1/bookings"]["get"];
    let schema = &list["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/BookingList");
    let parameters = list["parameters"].to_string();
    for name in ["Limit", "Cursor", "IncludeTotal"] {
        assert!(parameters.contains(&format!("#/components/parameters/{name}")), "{parameters}");
    }
}

#[test]
fn an_example_is_the_authors_own() {
    let document = modern();
    let given = &document["paths"]["/v1/bookings"]["post"]["requestBody"]["content"]["application/json"]["example"];
    let own = poem_openapi::types::ToJSON::to_json(&BookingCreate::example()).unwrap();
    assert_eq!(given, &own);
    let curl = document["paths"]["/v1/bookings"]["post"]["x-codeSamples"][0]["source"].as_str().unwrap();
    assert!(curl.starts_with("curl -X POST \"$TITHI_URL/v1/bookings\""), "{curl}");
    assert!(curl.contains("-H 'Idempotency-Key: "), "{curl}");
    assert!(curl.contains(r#""email":"ada@example.com""#), "{curl}");
}

#[test]
fn the_old_document_has_nothing_new() {
    let document = document_30(sample::parsed());
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(document["info"].get("summary"), None);
    let text = document.to_string();
    for word in ["application/problem+json", "\"examples\"", "\"null\"", "unevaluatedProperties"] {
        assert!(!text.contains(word), "{word}");
    }
    let notes = &document["components"]["schemas"]["Booking"]["properties"]["notes"];
    assert_eq!((&notes["type"], &notes["nullable"]), (&json!("string"), &json!(true)));
    assert_eq!(document["components"]["schemas"]["BookingUpdate"]["properties"]["customer"]["nullable"], true);
}

#[test]
fn keys_given_twice_are_found_in_the_text() {
    assert_eq!(duplicate_keys(r#"{"a": {"b": 1, "b": 2}}"#).len(), 1);
    assert_eq!(openapi::sample(&json!({"type": "integer", "minimum": 5}), &serde_json::Map::new()), json!(5));
}
