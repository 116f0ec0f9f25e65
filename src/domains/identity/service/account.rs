//! Accounts: made by registering, by the sign-up of a business, or by an operator's command; read by their person.

use ::entity::ids::UserId;
use ::entity::users;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, Statement};

use super::memberships::{self, Membership};
use crate::app::App;
use crate::db::Scope;
use crate::domains::identity::{Person, dto, events, password, rules};
use crate::error::{ApiError, Code};
use crate::kernel::contact::normal_email;

/// What an account is made of.
pub struct NewAccount {
    pub email: String,
    pub password: String,
    pub display_name: String,
}

/// Makes an account; the caller proves nothing but to know the password. Hashes before it opens the
/// transaction, so it must come before the Scope's first statement.
///
/// # Errors
/// 400 for an address or a password that is not taken, 409 when the address has an account.
pub async fn create_account(app: &App, scope: &Scope, new: NewAccount) -> Result<users::Model, ApiError> {
    let checked = check(&new)?;
    let hash = app.passwords.hash(new.password).await?;
    let user = insert(scope, new.email, checked, new.display_name, hash).await?;
    scope.emit(events::user_created(app.home, user.id));
    Ok(user)
}

/// The address as it is compared, if address and password will do. All faults are named at once.
fn check(new: &NewAccount) -> Result<String, ApiError> {
    let email = normal_email(&new.email);
    let mut faults = Vec::new();
    if email.is_none() {
        faults.push(crate::error::FieldError::new("#/email", "format", "This is not an e-mail address."));
    }
    if let Err(fault) = rules::check_password(&new.password, &new.email) {
        faults.push(crate::error::FieldError::new("#/password", fault.code(), fault.detail()));
    }
    email.filter(|_| faults.is_empty()).ok_or_else(|| ApiError::validation(faults))
}

async fn insert(
    scope: &Scope,
    email: String,
    normal: String,
    display_name: String,
    hash: String,
) -> Result<users::Model, ApiError> {
    let now = scope.now();
    let account = users::ActiveModel {
        id: Set(UserId(scope.new_id())),
        display_name: Set(display_name),
        primary_email: Set(email),
        email_normalized: Set(normal),
        password_hash: Set(Some(hash)),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    Ok(account.insert(scope).await?)
}

/// Makes an operator of the platform, or one of an account that exists, whose password is then replaced.
/// For the command line: it hashes on the calling thread.
///
/// # Errors
/// 400 for an address or a password that is not taken.
pub async fn make_operator(scope: &Scope, new: NewAccount) -> Result<UserId, ApiError> {
    let normal = check(&new)?;
    let hash = password::hash(&new.password)?;
    // a new password ends what was opened under the old one
    let sql = "WITH made AS (\
                 INSERT INTO app.users (id, display_name, primary_email, email_normalized, password_hash, is_super_admin, \
                   created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, true, $6, $6) \
                 ON CONFLICT (email_normalized) DO UPDATE SET display_name = excluded.display_name, \
                   password_hash = excluded.password_hash, is_super_admin = true, is_active = true, updated_at = excluded.updated_at \
                 RETURNING id), \
               ended AS (\
                 UPDATE app.sessions s SET revoked_at = $6 FROM made WHERE s.user_id = made.id AND s.revoked_at IS NULL) \
               SELECT id FROM made";
    let values: [sea_orm::Value; 6] = [
        scope.new_id().into(),
        new.display_name.into(),
        new.email.into(),
        normal.into(),
        hash.into(),
        scope.now().into(),
    ];
    let row = scope.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal("the operator's account was not written"))?;
    Ok(row.try_get("", "id")?)
}

/// A person's own account and businesses.
///
/// # Errors
/// 401 when the account has gone meanwhile.
pub async fn profile(scope: &Scope, person: &Person) -> Result<(users::Model, Vec<Membership>), ApiError> {
    let user = users::Entity::find_by_id(person.user).one(scope).await?;
    let user = user.ok_or_else(|| ApiError::of(Code::AuthTokenInvalid))?;
    Ok((user, memberships::of(scope, person.user, None).await?))
}

impl From<users::Model> for dto::User {
    fn from(user: users::Model) -> Self {
        Self {
            id: user.id.0,
            email: user.primary_email,
            email_verified_at: user.email_verified_at.map(Into::into),
            display_name: user.display_name,
            avatar_url: user.avatar_url,
            locale: user.locale,
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}
