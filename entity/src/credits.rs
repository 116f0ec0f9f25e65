//! `credits`: the accounts of the ledger: what customers hold, lot by lot, and the business's own, from which units come and to which they go.

use crate::enums::{CreditAccountKind, CreditUnit};
use crate::ids::{CreditAccountId, CustomerId, CustomerMembershipId, PackageId, PurchaseId, TenantId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "app", table_name = "credits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditAccountId,
    pub kind: CreditAccountKind,
    pub unit: CreditUnit,
    /// Who holds a lot, what bought it, and which package its sessions are of.
    pub customer_id: Option<CustomerId>,
    pub purchase_id: Option<PurchaseId>,
    pub package_id: Option<PackageId>,
    pub membership_id: Option<CustomerMembershipId>,
    pub expires_at: Option<DateTimeUtc>,
    /// When what was left of it had expired; what comes back after that expires again.
    pub swept_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
