//! The verbs on referrals: codes, settings, the list.

use ::entity::ids::{CustomerId, ReferralCodeId};
use ::entity::referral_settings::{self, Model as Settings};
use ::entity::{referral_codes, referrals};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::dto::{Referral, ReferralSettings};
use crate::db::Scope;
use crate::db::keyset::{self, Filter, Walk};
use crate::domains::promotions::coupons::code;
use crate::error::ApiError;
use crate::guard::Listing;

/// What a list of referrals is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    /// Who brought, or was brought.
    pub customer_id: Option<Uuid>,
}

impl Filter<referrals::Entity> for ReferralFilter {
    fn condition(&self) -> Condition {
        use referrals::Column;
        let theirs = self.customer_id.map(|customer| {
            Condition::any().add(Column::ReferrerCustomerId.eq(customer)).add(Column::RefereeCustomerId.eq(customer))
        });
        Condition::all().add_option(theirs)
    }
}

/// A page of referrals.
pub async fn list(
    scope: &Scope,
    walk: Walk<'_, referrals::Entity>,
    filter: &ReferralFilter,
) -> Result<Listing<Referral>, ApiError> {
    keyset::list(scope, walk, filter, Referral::from).await
}

/// A customer's code, made when they have none yet.
///
/// # Errors
/// When the database cannot answer.
pub async fn referral_code(scope: &Scope, customer: CustomerId) -> Result<String, ApiError> {
    use referral_codes::{ActiveModel, Column, Entity};
    let tenant = scope.tenant()?;
    let find = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::CustomerId.eq(customer));
    if let Some(known) = find.clone().one(scope).await? {
        return Ok(known.code);
    }
    let made = ActiveModel {
        tenant_id: Set(tenant),
        id: Set(ReferralCodeId(scope.new_id())),
        customer_id: Set(customer),
        code: Set(code()),
        created_at: Set(scope.now()),
    };
    let once = OnConflict::columns([Column::TenantId, Column::CustomerId]).do_nothing().to_owned();
    match Entity::insert(made).on_conflict(once).exec_without_returning(scope).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error.into()),
    }
    let known = find.one(scope).await?;
    known.map(|known| known.code).ok_or_else(|| ApiError::internal("a code was neither found nor made"))
}

/// What the business gives; `None` when it never said.
pub(super) async fn settings(scope: &Scope) -> Result<Option<Settings>, ApiError> {
    use referral_settings::{Column, Entity};
    Ok(Entity::find().filter(Column::TenantId.eq(scope.tenant()?)).one(scope).await?)
}

/// The same as it is shown.
pub async fn shown(scope: &Scope) -> Result<ReferralSettings, ApiError> {
    Ok(settings(scope).await?.map_or_else(ReferralSettings::off, Into::into))
}

/// Says what the business gives from now on.
pub async fn replace(scope: &Scope, new: ReferralSettings) -> Result<ReferralSettings, ApiError> {
    use referral_settings::{ActiveModel, Column, Entity};
    let settings = ActiveModel {
        tenant_id: Set(scope.tenant()?),
        enabled: Set(new.enabled),
        reward: Set(new.reward.into()),
        referrer_reward: Set(new.referrer_reward),
        referee_reward: Set(new.referee_reward),
        valid_days: Set(new.valid_days),
        created_at: Set(scope.now()),
        updated_at: Set(scope.now()),
    };
    let columns = [
        Column::Enabled,
        Column::Reward,
        Column::ReferrerReward,
        Column::RefereeReward,
        Column::ValidDays,
        Column::UpdatedAt,
    ];
    let known = OnConflict::column(Column::TenantId).update_columns(columns).to_owned();
    Entity::insert(settings).on_conflict(known).exec_without_returning(scope).await?;
    shown(scope).await
}
