//! Tenants and the people who call: each test makes its own.
use ::entity::enums::MembershipRole;
use ::entity::ids::{SessionId, TenantId, UserId};
use sqlx::PgConnection;
use tithi::domains::identity::Claims;
use tithi::kernel::ids;
use uuid::Uuid;

use super::app::Service;
use super::client::Client;
use super::database::Database;

/// A business with one person of each role.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: TenantId,
    pub slug: String,
    pub owner: UserId,
    pub admin: UserId,
    pub staff: UserId,
    pub viewer: UserId,
}

impl Tenant {
    /// Its host.
    pub fn host(&self) -> String {
        format!("{}.localhost", self.slug)
    }
}

impl Service {
    /// A new business in New York, with its people.
    pub async fn tenant(&self) -> Tenant {
        self.tenant_in("America/New_York").await
    }

    /// A new business in a zone, with its people.
    pub async fn tenant_in(&self, zone: &str) -> Tenant {
        let mut connection = self.platform().await;
        let id = self.new_id();
        let slug = format!("t{:012x}", rand::random::<u64>() >> 16);
        insert_tenant(&mut connection, id, &slug, zone).await;
        let mut people = Vec::new();
        for role in MembershipRole::ALL {
            people.push(self.member(&mut connection, TenantId(id), *role).await);
        }
        let of = |role: MembershipRole| people[MembershipRole::ALL.iter().position(|r| *r == role).unwrap()];
        Tenant {
            id: TenantId(id),
            slug,
            owner: of(MembershipRole::Owner),
            admin: of(MembershipRole::Admin),
            staff: of(MembershipRole::Staff),
            viewer: of(MembershipRole::Viewer),
        }
    }

    /// A new person who belongs to a tenant.
    pub async fn member(&self, connection: &mut PgConnection, tenant: TenantId, role: MembershipRole) -> UserId {
        let user = self.person(connection).await;
        sqlx::query("INSERT INTO app.memberships (tenant_id, id, user_id, role) VALUES ($1, $2, $3, $4)")
            .bind(tenant.0)
            .bind(self.new_id())
            .bind(user.0)
            .bind(role.as_str())
            .execute(connection)
            .await
            .unwrap();
        user
    }

    /// A new person who belongs nowhere yet.
    pub async fn person(&self, connection: &mut PgConnection) -> UserId {
        let id = self.new_id();
        let email = format!("{:016x}@people.example", rand::random::<u64>());
        sqlx::query(
            "INSERT INTO app.users (id, display_name, primary_email, email_normalized) VALUES ($1, 'Somebody', $2, $2)",
        )
        .bind(id)
        .bind(email)
        .execute(connection)
        .await
        .unwrap();
        UserId(id)
    }

    /// Makes a person an operator of the platform.
    pub async fn operator(&self) -> UserId {
        let mut connection = self.platform().await;
        let user = self.person(&mut connection).await;
        sqlx::query("UPDATE app.users SET is_super_admin = true WHERE id = $1")
            .bind(user.0)
            .execute(&mut connection)
            .await
            .unwrap();
        user
    }

    /// A connection that sees all tenants, to look at what the service did.
    pub async fn platform(&self) -> PgConnection {
        self.database.connect("tithi_platform").await
    }

    /// Nobody, on the tenant's host.
    pub fn stranger(&self, tenant: &Tenant) -> Client {
        Client::new(self, &tenant.host())
    }

    /// Nobody, on the base domain.
    pub fn visitor(&self) -> Client {
        Client::new(self, "localhost")
    }

    /// A person on the tenant's host, with a token that is bound to the tenant.
    pub async fn caller(&self, tenant: &Tenant, user: UserId) -> Client {
        self.stranger(tenant).bearer(&self.token(user, Some(tenant.id)).await)
    }

    pub async fn owner_of(&self, tenant: &Tenant) -> Client {
        self.caller(tenant, tenant.owner).await
    }

    pub async fn admin_of(&self, tenant: &Tenant) -> Client {
        self.caller(tenant, tenant.admin).await
    }

    pub async fn staff_of(&self, tenant: &Tenant) -> Client {
        self.caller(tenant, tenant.staff).await
    }

    pub async fn viewer_of(&self, tenant: &Tenant) -> Client {
        self.caller(tenant, tenant.viewer).await
    }

    /// An access token of a session made for it.
    pub async fn token(&self, user: UserId, tenant: Option<TenantId>) -> String {
        let session = self.new_id();
        let now = self.app.clock.now();
        sqlx::query("INSERT INTO app.sessions (user_id, id, kind, created_at, last_seen_at, expires_at) VALUES ($1, $2, 'api', $3, $3, $4)")
            .bind(user.0)
            .bind(session)
            .bind(now)
            .bind(now + chrono::TimeDelta::days(30))
            .execute(&mut self.platform().await)
            .await
            .unwrap();
        let claims = Claims {
            user,
            session: Some(SessionId(session)),
            tenant,
            expires_at: now + chrono::TimeDelta::minutes(15),
        };
        self.app.tokens.issue(&claims, now).unwrap()
    }

    pub fn new_id(&self) -> Uuid {
        ids::new_id(self.app.clock.now())
    }
}

/// The platform's own tenant, made by whoever comes first.
pub async fn home(database: &Database, slug: &str) -> TenantId {
    let mut connection = database.connect("tithi_platform").await;
    let find = "SELECT id FROM app.tenants WHERE slug = $1";
    if let Some(id) = sqlx::query_scalar(find).bind(slug).fetch_optional(&mut connection).await.unwrap() {
        return TenantId(id);
    }
    sqlx::query("INSERT INTO app.tenants (id, slug, name) VALUES ($1, $2, 'Tithi') ON CONFLICT DO NOTHING")
        .bind(Uuid::from_u128(rand::random()))
        .bind(slug)
        .execute(&mut connection)
        .await
        .unwrap();
    TenantId(sqlx::query_scalar(find).bind(slug).fetch_one(&mut connection).await.unwrap())
}

async fn insert_tenant(connection: &mut PgConnection, id: Uuid, slug: &str, zone: &str) {
    sqlx::query("INSERT INTO app.tenants (id, slug, name, tz) VALUES ($1, $2, $2, $3)")
        .bind(id)
        .bind(slug)
        .bind(zone)
        .execute(connection)
        .await
        .unwrap();
}
