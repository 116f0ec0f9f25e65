//! The Scope over a real database: when it opens, what it lets through, how it ends.
use std::time::Duration;

use ::entity::ids::UserId;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use serde_json::json;
use tithi::db::{Access, Closed, Event, PoolSize, Scope, TenantDb, pool};

use super::wire::Wire;
use crate::support::app::Service;
use crate::support::database::Database;
use crate::support::people::Tenant;

const NAME: &str = "UPDATE app.tenants SET name = 'changed'";
const BROKEN: &str = "SELECT 1 / 0";

/// A business, the service's clock, and a pool whose every word is heard.
struct Set {
    service: Service,
    tenant: Tenant,
    wire: Wire,
    db: TenantDb,
}

impl Set {
    async fn new() -> Self {
        let service = Service::start().await;
        let tenant = service.tenant().await;
        let options = Database::shared().await.options("tithi_app");
        let wire = Wire::new(&options);
        let size = PoolSize { most: 1, wait: Duration::from_secs(5) };
        let db = TenantDb::new(pool(wire.lead(options), "tithi-scope", size), service.clock.clone());
        // the connection is there: what is heard later is the Scope's
        db.ping().await.unwrap();
        wire.take();
        Self { service, tenant, wire, db }
    }

    fn scope(&self, access: Access) -> Scope {
        self.db.scope(self.tenant.id, access)
    }

    async fn name(&self) -> String {
        sqlx::query_scalar("SELECT name FROM app.tenants WHERE id = $1")
            .bind(self.tenant.id.0)
            .fetch_one(&mut self.service.platform().await)
            .await
            .unwrap()
    }

    async fn events(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT event_code FROM app.events_outbox WHERE tenant_id = $1 ORDER BY id")
            .bind(self.tenant.id.0)
            .fetch_all(&mut self.service.platform().await)
            .await
            .unwrap()
    }
}

async fn one(scope: &Scope, sql: &str) -> Result<String, DbErr> {
    let statement = Statement::from_string(scope.get_database_backend(), format!("SELECT ({sql})::text AS one"));
    let row = scope.query_one_raw(statement).await?.unwrap();
    Ok(row.try_get::<Option<String>>("", "one")?.unwrap_or_default())
}

fn event(scope: &Scope, code: &'static str) {
    let (aggregate_id, payload) = (scope.new_id(), json!({}));
    scope.emit(Event { code, tenant: None, aggregate_type: "tests", aggregate_id, payload });
}

#[tokio::test]
async fn nothing_is_opened_before_it_is_needed() {
    let set = Set::new().await;
    for access in [Access::Read, Access::Write] {
        let scope = set.scope(access);
        scope.act_as(UserId(set.tenant.owner.0)).await.unwrap();
        assert_eq!((scope.statements(), scope.commit().await.unwrap()), (0, Closed::Unused));
        let scope = set.scope(access);
        assert_eq!(scope.roll_back().await, Closed::Unused);
    }
    assert!(set.wire.take().is_empty());
}

#[tokio::test]
async fn begin_and_its_context_are_one_message() {
    let set = Set::new().await;
    let (tenant, owner) = (set.tenant.id, set.tenant.owner);
    let scope = set.scope(Access::Write);
    scope.act_as(owner).await.unwrap();
    assert_eq!(one(&scope, "app.current_tenant_id()").await.unwrap(), tenant.to_string());
    assert_eq!(one(&scope, "app.current_user_id()").await.unwrap(), owner.to_string());
    assert_eq!(scope.statements(), 3);
    assert_eq!(scope.commit().await.unwrap(), Closed::Committed);
    assert_eq!(scope.statements(), 4);
    let heard = set.wire.take();
    assert_eq!(heard.len(), 4, "{heard:?}");
    assert_eq!(heard[0], format!("BEGIN; SET LOCAL app.tenant_id='{tenant}'; SET LOCAL app.user_id='{owner}'"));
    assert_eq!(heard[3], "COMMIT");
    // nothing of it stays with the connection
    let next = set.scope(Access::Read);
    assert_eq!(one(&next, "app.current_user_id()").await.unwrap(), "");
    assert!(set.wire.take()[0].starts_with("BEGIN READ ONLY; "));
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let set = Set::new().await;
    let reader = set.scope(Access::Read);
    assert!(reader.execute_unprepared(NAME).await.unwrap_err().to_string().contains("read-only"));
    drop(reader);
    assert_eq!(set.name().await, set.tenant.slug);
    let reader = set.scope(Access::Read);
    one(&reader, "1").await.unwrap();
    assert_eq!(reader.commit().await.unwrap(), Closed::RolledBack);
}

#[tokio::test]
async fn a_failed_statement_forbids_the_commit() {
    let set = Set::new().await;
    let scope = set.scope(Access::Write);
    scope.execute_unprepared(NAME).await.unwrap();
    event(&scope, "NEVER");
    scope.execute_unprepared(BROKEN).await.unwrap_err();
    assert!(scope.commit().await.unwrap_err().to_string().contains("cannot be committed"));
    assert_eq!((set.name().await, set.events().await), (set.tenant.slug.clone(), vec![]));
}

/// A statement that was given up may have failed, and its failure was heard by nobody.
#[tokio::test]
async fn an_answer_that_was_not_waited_for_forbids_the_commit() {
    let set = Set::new().await;
    let scope = set.scope(Access::Write);
    scope.execute_unprepared(NAME).await.unwrap();
    let slow = scope.execute_unprepared("SELECT pg_sleep(1), 1 / (random() * 0)::int");
    assert!(tokio::time::timeout(Duration::from_millis(50), slow).await.is_err());
    assert!(scope.commit().await.is_err());
    assert_eq!(set.name().await, set.tenant.slug);
}

#[tokio::test]
async fn a_savepoint_takes_back_what_it_tried_and_nothing_else() {
    let set = Set::new().await;
    let scope = set.scope(Access::Write);
    scope.execute_unprepared(NAME).await.unwrap();
    event(&scope, "BEFORE");
    let refused: Result<(), DbErr> = scope
        .savepoint(async |scope| {
            scope.execute_unprepared("UPDATE app.tenants SET name = 'outer'").await?;
            event(scope, "OUTER");
            let inner: Result<(), DbErr> = scope
                .savepoint(async |scope| {
                    scope.execute_unprepared("UPDATE app.tenants SET name = 'inner'").await?;
                    event(scope, "INNER");
                    scope.after_commit(async { panic!("what was taken back has no consequence") });
                    scope.execute_unprepared(BROKEN).await.map(|_| ())
                })
                .await;
            inner.unwrap_err();
            assert_eq!(one(scope, "SELECT name FROM app.tenants").await?, "outer");
            Err(DbErr::Custom("a refusal".into()))
        })
        .await;
    assert_eq!(refused.unwrap_err().to_string(), "Custom Error: a refusal");
    let kept: Result<i32, DbErr> = scope
        .savepoint(async |scope| {
            event(scope, "KEPT");
            Ok(7)
        })
        .await;
    assert_eq!(kept.unwrap(), 7);
    assert_eq!(one(&scope, "SELECT name FROM app.tenants").await.unwrap(), "changed");
    assert_eq!(scope.commit().await.unwrap(), Closed::Committed);
    assert_eq!((set.name().await, set.events().await), ("changed".to_owned(), vec!["BEFORE".into(), "KEPT".into()]));
}

#[tokio::test]
async fn after_its_end_a_scope_refuses_loudly() {
    let set = Set::new().await;
    for end in 0..2 {
        let scope = set.scope(Access::Write);
        let task = scope.clone();
        one(&scope, "1").await.unwrap();
        let closed = if end == 0 { scope.commit().await.unwrap() } else { scope.roll_back().await };
        assert_eq!(closed, if end == 0 { Closed::Committed } else { Closed::RolledBack });
        assert!(one(&task, "1").await.unwrap_err().to_string().contains("outlived"));
        assert!(task.act_as(set.tenant.owner).await.is_err());
        assert_eq!(task.commit().await.unwrap(), Closed::Unused);
    }
    // ended before it began, too
    let scope = set.scope(Access::Write);
    scope.roll_back().await;
    assert!(one(&scope, "1").await.is_err());
    assert_eq!(one(&scope.fresh(), "1").await.unwrap(), "1");
}

#[tokio::test]
async fn the_actor_is_named_once_and_before_the_first_statement() {
    let set = Set::new().await;
    let scope = set.scope(Access::Write);
    one(&scope, "1").await.unwrap();
    assert!(scope.act_as(set.tenant.owner).await.is_err());
    assert_eq!(one(&scope, "app.current_user_id()").await.unwrap(), "");
    drop(scope);
    let scope = set.scope(Access::Write);
    scope.act_as(set.tenant.owner).await.unwrap();
    assert!(scope.act_as(set.tenant.staff).await.is_err());
    let fresh = scope.fresh();
    assert_eq!(one(&fresh, "app.current_user_id()").await.unwrap(), set.tenant.owner.to_string());
}

#[tokio::test]
async fn what_is_dropped_is_rolled_back_and_what_is_noted_waits_for_the_commit() {
    let set = Set::new().await;
    let (told, hears) = std::sync::mpsc::channel();
    for end in ["dropped", "rolled back", "committed"] {
        let scope = set.scope(Access::Write);
        scope.execute_unprepared(NAME).await.unwrap();
        event(&scope, "HAPPENED");
        let told = told.clone();
        scope.after_commit(async move { told.send(end).unwrap() });
        assert!(hears.try_recv().is_err());
        match end {
            "dropped" => drop(scope),
            "rolled back" => assert_eq!(scope.roll_back().await, Closed::RolledBack),
            _ => assert_eq!(scope.commit().await.unwrap(), Closed::Committed),
        }
        let committed = end == "committed";
        assert_eq!(set.events().await.len(), usize::from(committed), "{end}");
        assert_eq!(set.name().await == "changed", committed, "{end}");
    }
    assert_eq!(hears.try_iter().collect::<Vec<_>>(), ["committed"]);
}

/// A request that goes away while BEGIN is under way must not leave its context to the next.
#[tokio::test]
async fn a_begin_that_was_given_up_leaves_nothing() {
    let set = Set::new().await;
    for micros in (0..40).map(|step| step * 25) {
        let scope = set.scope(Access::Read);
        scope.act_as(set.tenant.owner).await.unwrap();
        let _ = tokio::time::timeout(Duration::from_micros(micros), one(&scope, "1")).await;
        drop(scope);
        let next = set.scope(Access::Write);
        assert_eq!(one(&next, "app.current_user_id()").await.unwrap(), "", "after {micros} us");
        next.execute_unprepared(NAME).await.unwrap();
        next.roll_back().await;
    }
}

/// A caller who goes away while COMMIT is under way takes nothing with them that must follow it.
#[tokio::test]
async fn what_follows_a_commit_needs_no_caller() {
    let set = Set::new().await;
    let before = set.scope(Access::Read).version().await;
    let mut gone = false;
    // on a busy machine the commit may be done before anybody looks: then nobody has gone away yet
    for _ in 0..50 {
        let scope = set.scope(Access::Write);
        scope.execute_unprepared(NAME).await.unwrap();
        let (done, followed) = tokio::sync::oneshot::channel();
        scope.after_commit(async move { done.send(()).unwrap() });
        gone = tokio::time::timeout(Duration::ZERO, scope.commit()).await.is_err();
        tokio::time::timeout(Duration::from_secs(10), followed).await.unwrap().unwrap();
        if gone {
            break;
        }
    }
    assert!(gone, "nobody waits for it");
    assert_eq!(set.name().await, "changed");
    assert_ne!(set.scope(Access::Read).version().await, before);
}

#[tokio::test]
async fn a_commit_makes_a_version_and_nothing_else_does() {
    let set = Set::new().await;
    let version = async || set.scope(Access::Read).version().await;
    let first = version().await;
    assert!(first.is_some());
    for access in [Access::Read, Access::Write] {
        let scope = set.scope(access);
        one(&scope, "SELECT 'x'").await.unwrap();
        scope.roll_back().await;
    }
    let aside = set.scope(Access::Write);
    aside.write_aside();
    aside.execute_unprepared(NAME).await.unwrap();
    assert_eq!(aside.commit().await.unwrap(), Closed::Committed);
    assert_eq!(version().await, first);
    let writes = set.scope(Access::Write);
    assert_eq!(writes.version().await, None, "who writes reads for himself");
    writes.execute_unprepared(NAME).await.unwrap();
    writes.commit().await.unwrap();
    assert_ne!(version().await, first);
}
