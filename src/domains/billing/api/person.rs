//! A person's own subscription, whatever businesses they belong to. Its rows lie in the platform's own tenant and are
//! read in a Scope of that person: the operation's own is the platform's, which would see everybody's.

use std::sync::Arc;

use poem_openapi::OpenApi;

use crate::app::App;
use crate::db::{Access, Scope};
use crate::domains::billing::dto::{PersonalSubscriptionChange, PersonalSubscriptionWrite, Subscription};
use crate::domains::billing::held::Subject;
use crate::domains::billing::service::{self, Wanted};
use crate::domains::identity::Person;
use crate::error::{ApiError, Code};
use crate::guard::{Body, LoggedIn, OptionalKey, Reply, RequiredKey, Tag};

/// `/api/v1/users/me/subscription`
pub struct PersonApi {
    app: Arc<App>,
}

impl PersonApi {
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app) }
    }

    async fn own(&self, person: &Person, access: Access) -> Result<(Scope, Subject), ApiError> {
        let scope = self.app.db.scope(self.app.home, access);
        scope.act_as(person.user).await?;
        Ok((scope, Subject::Person(person.user)))
    }

    async fn changed(&self, person: &Person, wanted: Option<Wanted>) -> Result<Reply<Subscription>, ApiError> {
        let (scope, subject) = self.own(person, Access::Write).await?;
        let provider = &*self.app.payments;
        match wanted {
            Some(wanted) => service::change(&scope, provider, subject, wanted).await?,
            None => service::cancel(&scope, provider, subject).await?,
        }
        let shown = service::show(&scope, subject).await?;
        scope.commit().await?;
        Ok(Reply::new(shown.into()))
    }
}

#[OpenApi(tag = "Tag::Billing")]
impl PersonApi {
    /// Read your own subscription
    ///
    /// The free plan for whoever never chose one.
    #[oai(path = "/api/v1/users/me/subscription", method = "get", operation_id = "my_subscription_get")]
    async fn get(&self, guard: LoggedIn) -> Result<Reply<Subscription>, ApiError> {
        let (scope, subject) = self.own(&guard.person, Access::Read).await?;
        Ok(Reply::new(service::show(&scope, subject).await?.into()))
    }

    /// Choose your own plan
    ///
    /// With `trial` it is tried for 14 days without paying, once; whoever pays nothing then has the free plan again. 409
    /// `TITHI_BILLING_SETUP_REQUIRED` when there is nothing to pay with. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(path = "/api/v1/users/me/subscription", method = "put", operation_id = "my_subscription_replace")]
    async fn replace(
        &self,
        guard: LoggedIn,
        wanted: Body<PersonalSubscriptionWrite>,
    ) -> Result<Reply<Subscription>, ApiError> {
        let wanted = Wanted { plan: wanted.0.plan.into(), trial: wanted.0.trial };
        self.changed(&guard.person, Some(wanted)).await
    }

    /// End your own subscription
    ///
    /// With what is paid for; then the free plan holds. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(path = "/api/v1/users/me/subscription/cancel", method = "post", operation_id = "my_subscription_cancel")]
    async fn cancel(
        &self,
        guard: LoggedIn,
        /// Names this attempt.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: OptionalKey,
    ) -> Result<Reply<Subscription>, ApiError> {
        self.changed(&guard.person, None).await
    }

    /// Start, change or end your own subscription
    ///
    /// The same as choosing a plan and ending it, in one. Emits `SUBSCRIPTION_CHANGED`.
    #[oai(path = "/api/user/subscription", method = "post", operation_id = "my_subscription_change")]
    async fn change(
        &self,
        guard: LoggedIn,
        /// Names this attempt, so that a repeat buys nothing twice.
        #[expect(unused_variables, reason = "the pipeline has read it")]
        idempotency_key: RequiredKey,
        wanted: Body<PersonalSubscriptionChange>,
    ) -> Result<Reply<Subscription>, ApiError> {
        let wanted = match (wanted.0.plan, wanted.0.cancel) {
            (Some(plan), false) => Some(Wanted { plan: plan.into(), trial: wanted.0.trial }),
            (None, true) => None,
            _ => return Err(ApiError::new(Code::RuleViolation, "Name a plan, or cancel: one of the two.")),
        };
        self.changed(&guard.person, wanted).await
    }
}
