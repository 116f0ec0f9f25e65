//! Lists of services: filters, order, cursors, the public catalogue.
use serde_json::{Value, json};

use super::{a_service, ids, made, pointers};
use crate::support::app::Service;
use crate::support::client::Client;

const SERVICES: &str = "/api/v1/services";

/// Walks a list to its end and gives the ids; `between` is called after each page.
async fn walk(client: &Client, query: &str, between: impl AsyncFn()) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..100 {
        let page = client.get(&format!("{SERVICES}?{query}{cursor}")).await.expect(200);
        seen.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
        assert_eq!(page["has_more"], true);
        between().await;
    }
    panic!("the list has no end");
}

#[tokio::test]
async fn filters_narrow_and_the_public_sees_what_is_active() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    for (name, category, price, duration, active) in [
        ("Cut 100%", "Hair", 3000, 30, true),
        ("Colour_me", "Hair", 9000, 120, true),
        ("Massage", "Body", 6000, 60, true),
        ("Secret", "Body", 100, 60, false),
    ] {
        let body = json!({"name": name, "category": category, "price_cents": price, "duration_min": duration, "active": active});
        made(&admin, SERVICES, &body).await;
    }
    let names = async |client: &Client, query: &str| -> Vec<String> {
        let list = client.get(&format!("{SERVICES}?sort=name&{query}")).await.expect(200);
        list["data"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&admin, "").await, ["Colour_me", "Cut 100%", "Massage", "Secret"]);
    assert_eq!(names(&admin, "category=Hair").await, ["Colour_me", "Cut 100%"]);
    assert_eq!(names(&admin, "category=Hair&category=Body&active=true").await.len(), 3);
    assert_eq!(names(&admin, "min_price_cents=3000&max_price_cents=6000").await, ["Cut 100%", "Massage"]);
    assert_eq!(names(&admin, "min_duration_min=60&max_duration_min=60").await, ["Massage", "Secret"]);
    assert_eq!(names(&admin, "active=false").await, ["Secret"]);
    assert_eq!(names(&admin, "q=COLOUR").await, ["Colour_me"]);
    assert_eq!(names(&admin, "q=%25").await, ["Cut 100%"], "what was typed is no pattern");
    assert_eq!(names(&admin, "q=r_m").await, ["Colour_me"]);
    let stranger = service.stranger(&tenant);
    assert_eq!(names(&stranger, "").await, ["Colour_me", "Cut 100%", "Massage"]);
    assert_eq!(names(&stranger, "active=false").await.len(), 3, "the public sees what is active");
    let total = admin.get(&format!("{SERVICES}?limit=1&include_total=true&category=Hair")).await.expect(200);
    assert_eq!((&total["total"], total["data"].as_array().unwrap().len()), (&2.into(), 1));
    for (query, pointer) in
        [("sort=id", "query/sort"), ("limit=0", "query/limit"), ("min_price_cents=-1", "query/min_price_cents")]
    {
        let problem = admin.get(&format!("{SERVICES}?{query}")).await.refused(400, "TITHI_VALIDATION_ERROR");
        assert_eq!(pointers(&problem), [pointer]);
    }
}

#[tokio::test]
async fn a_walk_sees_each_row_once_while_others_come_and_go() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    let mut expected = Vec::new();
    // four prices for 23 services: most keys are equal
    for at in 0..23 {
        let body = json!({"name": format!("Service {at:02}"), "duration_min": 30, "price_cents": at % 4 * 100});
        expected.push(made(&admin, SERVICES, &body).await);
    }
    expected.sort();
    for sort in ["price_cents", "-price_cents", "sort_order", "-name", "created_at"] {
        for limit in [1, 4, 23] {
            let mut seen = walk(&admin, &format!("limit={limit}&sort={sort}"), async || {}).await;
            seen.sort();
            assert_eq!(seen, expected, "{sort} by {limit}");
        }
    }
    let everything = ids(&admin.get(&format!("{SERVICES}?limit=100&sort=-price_cents")).await.expect(200));
    let paged = walk(&admin, "limit=5&sort=-price_cents", async || {}).await;
    assert_eq!(paged, everything, "pages put together are the list");

    // a row in front, one behind and one deleted after each page: of the first rows none is missing or doubled
    let seen = walk(&admin, "limit=4&sort=price_cents", async || {
        let cheap = json!({"name": "Front", "duration_min": 30, "price_cents": 0});
        made(&admin, SERVICES, &cheap).await;
        let gone = made(&admin, SERVICES, &json!({"name": "Gone", "duration_min": 30, "price_cents": 900})).await;
        admin.delete(&format!("{SERVICES}/{gone}")).await.expect(204);
    })
    .await;
    for id in &expected {
        assert_eq!(seen.iter().filter(|s| *s == id).count(), 1);
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let service = Service::start().await;
    let (tenant, other) = (service.tenant().await, service.tenant().await);
    let (admin, elsewhere) = (service.admin_of(&tenant).await, service.admin_of(&other).await);
    for client in [&admin, &elsewhere] {
        for name in ["A", "B", "C"] {
            made(client, SERVICES, &a_service(name)).await;
        }
    }
    let page = admin.get(&format!("{SERVICES}?limit=1&sort=name&category=")).await;
    drop(page.refused(400, "TITHI_VALIDATION_ERROR"));
    let page = admin.get(&format!("{SERVICES}?limit=1&sort=name&active=true")).await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = admin.get(&format!("{SERVICES}?limit=2&sort=name&active=true&cursor={cursor}")).await.expect(200);
    assert_eq!(
        (&next["data"][0]["name"], &next["has_more"]),
        (&"B".into(), &false.into()),
        "another limit is no other list"
    );

    let refused = async |client: &Client, query: String| {
        let problem = client.get(&format!("{SERVICES}?{query}")).await.refused(400, "TITHI_CURSOR_INVALID");
        assert_eq!(pointers(&problem), ["query/cursor"]);
    };
    refused(&admin, format!("sort=-name&active=true&cursor={cursor}")).await;
    refused(&admin, format!("sort=name&cursor={cursor}")).await;
    refused(&elsewhere, format!("sort=name&active=true&cursor={cursor}")).await;
    refused(&service.stranger(&tenant), format!("sort=name&active=true&cursor={cursor}")).await;
    let mut forged = cursor.to_owned();
    let last = if forged.ends_with('A') { "B" } else { "A" };
    forged.replace_range(forged.len() - 2..forged.len() - 1, last);
    refused(&admin, format!("sort=name&active=true&cursor={forged}")).await;
    refused(&admin, "sort=name&active=true&cursor=AAAA".to_owned()).await;
}

#[tokio::test]
async fn the_public_catalogue_is_sent_again_only_when_it_changed() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let admin = service.admin_of(&tenant).await;
    made(&admin, SERVICES, &a_service("Cut")).await;
    let mut hidden = a_service("Hidden");
    hidden["active"] = false.into();
    made(&admin, SERVICES, &hidden).await;

    let path = format!("/v1/{}/services", tenant.slug);
    let visitor = service.visitor();
    let first = visitor.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "public, no-cache");
    let first = first.expect(200);
    assert_eq!(first["data"].as_array().unwrap().len(), 1);
    assert_eq!(first["tenant_info"]["slug"], tenant.slug.as_str());
    assert_eq!(first["tenant_info"]["timezone"], "America/New_York");
    assert_eq!((&first["has_more"], &first["next_cursor"]), (&false.into(), &Value::Null));

    let keeper = visitor.clone().with("if-none-match", &tag);
    let again = keeper.get(&path).await;
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
    made(&admin, SERVICES, &a_service("Colour")).await;
    let changed = keeper.get(&path).await;
    assert_ne!(changed.header("etag"), tag);
    assert_eq!(changed.expect(200)["data"].as_array().unwrap().len(), 2, "seen at once");

    // the owner's token changes nothing on a public address
    let with_token = visitor.bearer(&service.token(tenant.owner, Some(tenant.id)).await).get(&path).await.expect(200);
    assert!(with_token["data"][0].get("active").is_none());
    let members = admin.get(SERVICES).await;
    assert_eq!(members.header("cache-control"), "private, no-cache");
}
