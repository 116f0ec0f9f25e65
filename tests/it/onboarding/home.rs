//! The platform's own tenant is made once.
use tithi::domains::onboarding::{HomeTaken, ensure_home};

use crate::support::app::Service;

#[tokio::test]
async fn the_platform_has_one_home() {
    let service = Service::alone().await;
    let platform = &service.app.platform;
    let (one, two) = tokio::join!(ensure_home(platform, "our-home"), ensure_home(platform, "our-home"));
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(ensure_home(platform, "our-home").await.unwrap(), ensure_home(platform, "our-home").await.unwrap());
}

#[tokio::test]
async fn a_business_never_becomes_the_home() {
    let service = Service::start().await;
    let tenant = service.tenant().await;
    let refused = ensure_home(&service.app.platform, &tenant.slug).await.unwrap_err();
    assert!(matches!(&refused, HomeTaken::Business(slug) if *slug == tenant.slug), "{refused}");
}
