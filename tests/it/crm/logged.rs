//! What the audit log holds of customers: who changed what kind of thing and when, and nothing personal. Also in a
//! database that was there before.
use migration::{POLICIES, STEPS};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::database::Database;

const STEP: &str = "m0012_crm";

/// What the test writes to, guarded as it was.
const GUARDED: &str = "
CALL app.apply_root_policies('app.tenants');
CALL app.apply_directory_policies('app.tenant_directory');
CALL app.apply_tenant_policies('app.customers');
CALL app.apply_tenant_policies('app.audit_logs', 'append');
GRANT EXECUTE ON FUNCTION app.uuid_v7() TO tithi_platform";

async fn run(owner: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(owner).await.unwrap();
}

#[tokio::test]
async fn what_was_logged_before_is_forgotten_by_the_step() {
    let database = Database::empty().await;
    let mut owner = database.connect("tithi_owner").await;
    run(&mut owner, "BEGIN; SET LOCAL search_path = app, pg_temp").await;
    let before = STEPS.iter().take_while(|step| step.name != STEP);
    for step in before {
        run(&mut owner, step.sql).await;
    }
    for file in POLICIES.iter().filter(|file| ["010_context.sql", "020_template.sql"].contains(&file.name)) {
        run(&mut owner, file.sql).await;
    }
    run(&mut owner, GUARDED).await;
    run(&mut owner, "COMMIT").await;

    let mut platform = database.connect("tithi_platform").await;
    for (tenant, slug) in [(1, "salon"), (2, "studio")] {
        let id = format!("01900000-0000-7000-8000-00000000000{tenant}");
        let sql = format!(
            "INSERT INTO app.tenants (id, slug, name) VALUES ('{id}', '{slug}', 'Old');
             INSERT INTO app.customers (tenant_id, id, display_name, email, email_normalized, phone)
             VALUES ('{id}', '{id}', 'Ana Zanzibar', 'a@zanzibar.example', 'a@zanzibar.example', 'zanzibar');
             UPDATE app.customers SET display_name = 'Zanzibar', marketing_opt_in = true WHERE tenant_id = '{id}';"
        );
        run(&mut platform, &sql).await;
    }
    assert_eq!(logged(&mut platform).await, (4, 4));

    run(&mut owner, "BEGIN; SET LOCAL search_path = app, pg_temp").await;
    let step = STEPS.iter().find(|step| step.name == STEP).unwrap();
    run(&mut owner, step.sql).await;
    run(&mut owner, "COMMIT").await;
    assert_eq!(logged(&mut platform).await, (4, 0), "the entries stay, without who it was");
    let kept: Vec<Value> = sqlx::query_scalar(
        "SELECT new_data -> 'marketing_opt_in' FROM app.audit_logs WHERE table_name = 'customers'
         ORDER BY tenant_id, operation",
    )
    .fetch_all(&mut platform)
    .await
    .unwrap();
    assert_eq!(kept, [false, true, false, true].map(Value::from), "and the rest of what changed");
}

/// How many entries there are of customers, and how many say who it was.
async fn logged(platform: &mut PgConnection) -> (i64, i64) {
    sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE (old_data::text || new_data::text) ILIKE '%zanzibar%' OR
                                                new_data::text ILIKE '%zanzibar%')
         FROM app.audit_logs WHERE table_name = 'customers'",
    )
    .fetch_one(platform)
    .await
    .unwrap()
}
