//! A place to look from: settings for the audit's own statements, undone afterwards, whether the caller stands in a
//! transaction or not.
//!
//! What must stay true: the caller's transaction, if there is one, is as open afterwards as before. sqlx cannot be
//! asked, because a transaction may have been begun by a statement; PostgreSQL is: outside of one it knows no savepoint.

use sqlx::PgConnection;

const NO_TRANSACTION: &str = "25P01";

/// Opened by [`open`]; must be closed, or the connection dropped.
#[must_use]
pub struct Aside(&'static str);

/// Applies `SET LOCAL` statements until it is closed.
pub async fn open(conn: &mut PgConnection, settings: &'static str) -> Result<Aside, sqlx::Error> {
    let aside = match sqlx::raw_sql("savepoint tithi_audit").execute(&mut *conn).await {
        Ok(_) => Aside("rollback to savepoint tithi_audit; release savepoint tithi_audit"),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NO_TRANSACTION) => {
            sqlx::raw_sql("begin").execute(&mut *conn).await?;
            Aside("rollback")
        }
        Err(error) => return Err(error),
    };
    sqlx::raw_sql(settings).execute(conn).await?;
    Ok(aside)
}

impl Aside {
    /// Undoes the settings and whatever else was done meanwhile.
    pub async fn close(self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(self.0).execute(conn).await.map(drop)
    }
}
