//! Plans, subscriptions and bills on the wire.

mod plan;
mod subscription;
mod write;

pub use plan::{Plan, PlanLimits, PlanProduct, PlanTier, Plans};
pub use subscription::{BillingOverview, Subscription, SubscriptionBill, SubscriptionBillSort, SubscriptionBillsPaid};
pub use write::{
    BillingPortal, BillingPortalLink, BillingSetup, BillingSetupCreate, PersonalSubscriptionChange,
    PersonalSubscriptionWrite, SubscriptionAgreement, SubscriptionPreview, SubscriptionWrite,
};

macro_rules! mirrored {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
        #[oai(rename_all = "snake_case")]
        pub enum $name {
            $($variant,)+
        }

        impl From<::entity::enums::$name> for $name {
            fn from(own: ::entity::enums::$name) -> Self {
                match own {
                    $(::entity::enums::$name::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for ::entity::enums::$name {
            fn from(wire: $name) -> Self {
                match wire {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    };
}

pub(crate) use mirrored;
