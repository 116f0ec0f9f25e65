//! The Scope: one request's lazy transaction. No connection is taken until somebody reads or writes;
//! then BEGIN and the context go out in one message. The context is transaction-local, so nothing
//! of it can leak through the pool.
//!
//! What must stay true: the context is set once, before BEGIN; only uuids are formatted into it;
//! after `close` every further statement fails loudly; a statement that failed, or whose answer nobody
//! waited for, forbids the commit; a request that goes away while BEGIN is under way leaves no open
//! transaction behind in the pool.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError};

use ::entity::ids::{TenantId, UserId};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgPool, Postgres, SqlSafeStr, Transaction};
use tokio::sync::{Mutex, MutexGuard};
use tracing::Instrument;
use uuid::Uuid;

use super::outbox::{Event, Outbox};
use super::version::{Version, Versions};
use crate::kernel::clock::Clock;
use crate::kernel::ids;

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `BEGIN READ ONLY`: a GET that writes fails.
    Read,
    /// `BEGIN`.
    Write,
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nobody read or wrote, so there was none.
    Unused,
    /// Committed.
    Committed,
    /// Rolled back, or dropped with nothing to keep.
    RolledBack,
}

/// One request's transaction, bound to a tenant or (`tenant` is `None`) to the platform.
#[derive(Clone)]
pub struct Scope(Arc<Inner>);

struct Inner {
    pool: PgPool,
    access: Access,
    tenant: Option<TenantId>,
    user: OnceLock<UserId>,
    clock: Clock,
    state: Mutex<State>,
    failed: AtomicBool,
    statements: AtomicU32,
    outbox: Outbox,
    versions: Versions,
    aside: AtomicBool,
    after: std::sync::Mutex<Vec<BoxFuture<'static, ()>>>,
}

enum State {
    Idle,
    Open(Box<Transaction<'static, Postgres>>),
    Closed,
}

impl Scope {
    /// A Scope over a pool; takes no connection. `db::TenantDb` and `db::PlatformDb` call it.
    pub(super) fn new(
        pool: PgPool,
        tenant: Option<TenantId>,
        access: Access,
        clock: Clock,
        versions: Versions,
    ) -> Self {
        Self(Arc::new(Inner {
            pool,
            access,
            tenant,
            user: OnceLock::new(),
            clock,
            state: Mutex::new(State::Idle),
            failed: AtomicBool::new(false),
            statements: AtomicU32::new(0),
            outbox: Outbox::default(),
            versions,
            aside: AtomicBool::new(false),
            after: std::sync::Mutex::default(),
        }))
    }

    /// The same tenant and actor with a transaction of its own, not begun yet.
    #[must_use]
    pub fn fresh(&self) -> Self {
        let Inner { pool, tenant, access, clock, versions, .. } = &*self.0;
        let fresh = Self::new(pool.clone(), *tenant, *access, clock.clone(), versions.clone());
        if let Some(user) = self.user() {
            let _ = fresh.0.user.set(user);
        }
        fresh
    }

    /// The tenant whose rows are seen.
    ///
    /// # Errors
    /// `DbErr::Custom` in a platform Scope, which has none.
    pub fn tenant(&self) -> Result<TenantId, DbErr> {
        self.0.tenant.ok_or_else(|| DbErr::Custom("a platform scope has no tenant".into()))
    }

    /// The person who acts, once auth has said so.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.0.user.get().copied()
    }

    /// Says who acts. Must come before the first statement: the context goes out with BEGIN.
    ///
    /// # Errors
    /// When a transaction is already open or somebody is already named.
    pub async fn act_as(&self, user: UserId) -> Result<(), DbErr> {
        if !matches!(*self.0.state.lock().await, State::Idle) {
            return Err(DbErr::Custom("the actor must be known before the transaction begins".into()));
        }
        self.0.user.set(user).map_err(|_| DbErr::Custom("a scope has one actor".into()))
    }

    /// The present instant of this request's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// A new id for a row.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        ids::new_id(self.now())
    }

    /// Notes a fact; it is written to the outbox in this transaction, with all others in one statement.
    pub fn emit(&self, event: Event) {
        self.0.outbox.push(event);
    }

    /// Work inside this process that must wait for the commit, such as forgetting a cached row. It is
    /// done before the answer goes out, and never when the transaction is given up.
    pub fn after_commit(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.after().push(Box::pin(work));
    }

    /// Says that nothing of what this transaction writes is ever kept by a reader: it makes no new version.
    pub fn write_aside(&self) {
        self.0.aside.store(true, Ordering::Relaxed);
    }

    /// The version of the tenant's rows, under which what is read after this may be kept. None when there is none to
    /// agree on, and in a transaction that writes: that one reads for itself.
    pub async fn version(&self) -> Option<Version> {
        match (self.0.access, self.0.tenant) {
            (Access::Read, Some(tenant)) => self.0.versions.current(tenant).await,
            _ => None,
        }
    }

    /// Statements sent so far, BEGIN and COMMIT included.
    #[must_use]
    pub fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Runs `work` in a savepoint, so that an expected refusal of the database does not end the transaction.
    /// What `work` noted (events, work for after the commit) goes with its effect.
    ///
    /// # Errors
    /// Those of `work`, after rolling back to the savepoint, and those of the savepoint itself.
    pub async fn savepoint<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbErr>,
        F: AsyncFnOnce(&Self) -> Result<T, E>,
    {
        self.execute_unprepared("SAVEPOINT attempt").await?;
        let before = self.0.failed.load(Ordering::SeqCst);
        let (events, after) = (self.0.outbox.len(), self.after().len());
        let unanswered = Unanswered::new(&self.0.failed);
        match work(self).await {
            Ok(done) => {
                unanswered.answered();
                self.execute_unprepared("RELEASE SAVEPOINT attempt").await?;
                Ok(done)
            }
            Err(refusal) => {
                unanswered.answered();
                // released too: a savepoint around this one has the same name and must be found again
                self.execute_unprepared("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt").await?;
                self.0.failed.store(before, Ordering::SeqCst);
                self.0.outbox.forget_from(events);
                self.after().truncate(after);
                Err(refusal)
            }
        }
    }

    /// Writes the outbox and commits. A Scope that nobody used costs nothing.
    ///
    /// Whatever a tenant's transaction wrote, the tenant gets a new version: nobody has to remember it. It gets one
    /// beside the commit already, so that a process that dies before the one after it leaves next to nothing that
    /// others take for the present.
    ///
    /// # Errors
    /// When a statement failed before (PostgreSQL would answer COMMIT with a silent ROLLBACK), or the commit does.
    pub async fn commit(&self) -> Result<Closed, DbErr> {
        let changed = self.changed();
        if !self.0.failed.load(Ordering::SeqCst) {
            self.0.outbox.write(self).await?;
        }
        let State::Open(tx) = self.take().await else { return Ok(Closed::Unused) };
        if self.0.failed.load(Ordering::SeqCst) {
            return Err(DbErr::Custom("a statement of this transaction failed: it cannot be committed".into()));
        }
        if self.0.access == Access::Read {
            // the drop queues ROLLBACK behind the answer: off the critical path
            return Ok(Closed::RolledBack);
        }
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        let (versions, after) = (self.0.versions.clone(), std::mem::take(&mut *self.after()));
        // in a task of its own: a caller who goes away while the commit is under way does not take with them what
        // must follow it
        let done = async move {
            let (committed, ()) = tokio::join!(tx.commit(), versions.advance(&changed));
            committed.map_err(query_error)?;
            versions.advance(&changed).await;
            for work in after {
                work.await;
            }
            Ok(Closed::Committed)
        };
        tokio::spawn(done.in_current_span()).await.map_err(|error| DbErr::Custom(error.to_string()))?
    }

    /// Gives everything up. Later statements fail. What was locked is free when this returns: whoever is refused may
    /// come back at once with the same idempotency key.
    pub async fn roll_back(&self) -> Closed {
        match self.take().await {
            State::Open(tx) => {
                if self.0.access == Access::Write
                    && let Err(error) = tx.rollback().await
                {
                    // the connection is lost, and with it the transaction
                    tracing::debug!(%error, "a rollback was not answered");
                }
                Closed::RolledBack
            }
            State::Idle | State::Closed => Closed::Unused,
        }
    }

    /// The tenants of whose rows this transaction makes a new version.
    fn changed(&self) -> Vec<TenantId> {
        if self.0.aside.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut changed = self.0.outbox.tenants();
        changed.extend(self.0.tenant);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn after(&self) -> std::sync::MutexGuard<'_, Vec<BoxFuture<'static, ()>>> {
        self.0.after.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn take(&self) -> State {
        std::mem::replace(&mut *self.0.state.lock().await, State::Closed)
    }

    /// The open transaction, begun if need be.
    async fn open(&self) -> Result<MutexGuard<'_, State>, DbErr> {
        let mut state = self.0.state.lock().await;
        match *state {
            State::Open(_) => {}
            State::Idle => {
                self.0.statements.fetch_add(1, Ordering::Relaxed);
                let connection = self.0.pool.acquire().await.map_err(query_error)?;
                let begin = Transaction::begin(connection, Some(AssertSqlSafe(self.begin()).into_sql_str()));
                // in a task of its own: the driver takes back a transaction that has begun, not a BEGIN that
                // nobody waits for any more, and the connection would keep this caller's context
                let begun = tokio::spawn(begin).await.map_err(|error| DbErr::Custom(error.to_string()))?;
                *state = State::Open(Box::new(begun.map_err(query_error)?));
            }
            State::Closed => {
                tracing::error!("a statement reached a scope after its request ended");
                return Err(DbErr::Custom("the scope is closed: a task outlived its request".into()));
            }
        }
        Ok(state)
    }

    /// BEGIN with the context. Only uuids are formatted in, and they cannot carry SQL.
    fn begin(&self) -> String {
        let mut sql = String::with_capacity(160);
        sql.push_str(match self.0.access {
            Access::Read => "BEGIN READ ONLY",
            Access::Write => "BEGIN",
        });
        if let Some(tenant) = self.0.tenant {
            sql.push_str("; SET LOCAL app.tenant_id='");
            sql.push_str(tenant.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
            sql.push('\'');
        }
        if let Some(user) = self.0.user.get() {
            sql.push_str("; SET LOCAL app.user_id='");
            sql.push_str(user.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
            sql.push('\'');
        }
        sql
    }

    /// Counts a statement and waits for its answer. A failure forbids the commit, and so does an answer
    /// that was not waited for.
    async fn answer<T>(&self, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, DbErr> {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        let unanswered = Unanswered::new(&self.0.failed);
        let answer = answer.await.map_err(query_error)?;
        unanswered.answered();
        Ok(answer)
    }
}

/// Forbids the commit unless what was begun has come to its end.
struct Unanswered<'a>(Option<&'a AtomicBool>);

impl<'a> Unanswered<'a> {
    fn new(failed: &'a AtomicBool) -> Self {
        Self(Some(failed))
    }

    fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(failed) = self.0 {
            failed.store(true, Ordering::SeqCst);
        }
    }
}

fn query_error(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
            DbErr::Conn(RuntimeErr::SqlxError(error.into()))
        }
        _ => DbErr::Query(RuntimeErr::SqlxError(error.into())),
    }
}

fn query(statement: &Statement) -> sqlx::query::Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(sea_orm::sea_query::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

#[async_trait::async_trait]
impl ConnectionTrait for Scope {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut state = self.open().await?;
        let State::Open(tx) = &mut *state else { return Err(DbErr::Custom("no transaction".into())) };
        self.answer(query(&statement).execute(&mut ***tx)).await.map(Into::into)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut state = self.open().await?;
        let State::Open(tx) = &mut *state else { return Err(DbErr::Custom("no transaction".into())) };
        self.answer(sqlx::Executor::execute(&mut ***tx, AssertSqlSafe(sql))).await.map(Into::into)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut state = self.open().await?;
        let State::Open(tx) = &mut *state else { return Err(DbErr::Custom("no transaction".into())) };
        self.answer(query(&statement).fetch_optional(&mut ***tx)).await.map(|row| row.map(Into::into))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut state = self.open().await?;
        let State::Open(tx) = &mut *state else { return Err(DbErr::Custom("no transaction".into())) };
        self.answer(query(&statement).fetch_all(&mut ***tx))
            .await
            .map(|rows| rows.into_iter().map(Into::into).collect())
    }
}
