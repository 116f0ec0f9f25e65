//! The sandbox's pages, as a browser without JavaScript walks through them.
use std::time::Duration;

use reqwest::{Client, Response, redirect};
use tithi::ports::payments::{Call, CheckoutLine, CheckoutMode, NewAccount, NewCheckout, OnboardingLink, Provider};

use super::{Place, charging, euro};

struct Browser(Client);

impl Browser {
    fn new() -> Self {
        let builder = Client::builder().no_proxy().timeout(Duration::from_secs(5));
        Self(builder.redirect(redirect::Policy::none()).build().unwrap())
    }

    async fn page(&self, url: &str) -> String {
        let answer = self.0.get(url).send().await.unwrap();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("No money moves"), "{page}");
        // a word that begins so is no handler: `onclick=` is
        let lower = |c: char| c.is_ascii_lowercase();
        let handled = page.split(" on").skip(1).any(|rest| rest.trim_start_matches(lower).starts_with('='));
        assert!(!page.contains("<script") && !page.contains("style=") && !handled, "{page}");
        page
    }

    /// Presses a button: the answer leads to another of these pages, which browsers follow.
    async fn press(&self, url: &str, fields: &str) -> String {
        let answer = self.post(url, fields).await;
        assert_eq!(answer.status(), 303, "{fields}");
        let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with('/'), "a form is answered by a page of its own: {to}");
        format!("{origin}{to}")
    }

    async fn post(&self, url: &str, fields: &str) -> Response {
        let form = "application/x-www-form-urlencoded";
        self.0.post(url).header("content-type", form).body(fields.to_owned()).send().await.unwrap()
    }
}

async fn session(place: &Place) -> (String, String) {
    let new = NewCheckout {
        mode: CheckoutMode::Payment,
        lines: vec![
            CheckoutLine { name: "Massage <b>60</b>".into(), amount: euro(4500), quantity: 1 },
            CheckoutLine { name: "Oil".into(), amount: euro(250), quantity: 2 },
        ],
        customer: None,
        success_url: "https://salon.example/done?session={CHECKOUT_SESSION_ID}".into(),
        cancel_url: "https://salon.example/back".into(),
        expires_at: None,
        keep_card: false,
        application_fee: 0,
        price: None,
        trial_days: None,
        metadata: Default::default(),
    };
    let made = place.port.create_checkout(place.call("s"), &new).await.unwrap();
    (made.id, made.url.unwrap())
}

#[tokio::test]
async fn the_page_shows_what_is_to_be_paid_and_paying_leads_back() {
    let (place, browser) = (Place::open().await, Browser::new());
    let (id, url) = session(&place).await;
    let page = browser.page(&url).await;
    for shown in ["Massage &lt;b&gt;60&lt;/b&gt;", "45.00 EUR", "5.00 EUR", "Pay 50.00 EUR", "Decline", "Abandon"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let after = browser.press(&url, "action=pay&card=pm_card_visa").await;
    let page = browser.page(&after).await;
    assert!(page.contains(&format!("https://salon.example/done?session={id}")), "{page}");
    assert_eq!(place.stripe.taken(&place.account), 5000);
    browser.press(&url, "action=pay&card=pm_card_visa").await;
    assert_eq!(place.stripe.taken(&place.account), 5000, "pressed twice");
}

/// In the test page of another payment system both buttons confirmed.
#[tokio::test]
async fn no_button_but_pay_pays() {
    let (place, browser) = (Place::open().await, Browser::new());
    let (id, url) = session(&place).await;
    let after = browser.press(&url, "action=decline&card=pm_card_visa").await;
    let page = browser.page(&after).await;
    assert!(page.contains("Your card was declined.") && page.contains("Pay 50.00 EUR"), "why, and another try: {page}");
    let abandoned = browser.post(&url, "action=abandon&card=pm_card_visa").await;
    assert_eq!(abandoned.status(), 200);
    assert!(abandoned.text().await.unwrap().contains("https://salon.example/back"));
    for odd in ["action=&card=pm_card_visa", "card=pm_card_visa", "confirm=true", "action=pay&card=pm_other"] {
        browser.press(&url, odd).await;
    }
    assert_eq!(place.stripe.charges(&place.account).len(), 0);
    let open = place.port.checkout(Some(&place.account), &id).await.unwrap();
    assert_eq!((open.status.as_str(), open.payment_status.as_str()), ("open", "unpaid"));
    browser.press(&url, "action=pay&card=pm_card_visa").await;
    assert_eq!(place.stripe.charges(&place.account).len(), 1, "after all that it can still be paid");
}

#[tokio::test]
async fn the_bank_asks_on_a_page_of_its_own() {
    let (place, browser) = (Place::open().await, Browser::new());
    let (_, url) = session(&place).await;
    let asks = browser.press(&url, "action=pay&card=pm_card_authenticationRequired").await;
    assert!(asks.contains("/authenticate/"), "{asks}");
    assert!(browser.page(&asks).await.contains("Yes, it is me"));
    let refused = browser.press(&asks, "action=refuse").await;
    assert!(browser.page(&refused).await.contains("unable to authenticate"));
    assert_eq!(place.stripe.taken(&place.account), 0);
    let asks = browser.press(&url, "action=pay&card=pm_card_authenticationRequired").await;
    let done = browser.press(&asks, "action=confirm").await;
    assert!(browser.page(&done).await.contains("Thank you"));
    assert_eq!(place.stripe.taken(&place.account), 5000);
}

#[tokio::test]
async fn an_intent_that_asks_leads_to_the_bank_and_back() {
    let (place, browser) = (Place::open().await, Browser::new());
    let new = tithi::ports::payments::NewIntent {
        return_url: Some("https://salon.example/back?b=1".into()),
        ..charging(4500, "pm_card_authenticationRequired")
    };
    let intent = place.port.create_intent(place.call("i"), &new).await.unwrap();
    let asks = intent.next_action_url.unwrap();
    let done = browser.press(&asks, "action=confirm").await;
    let page = browser.page(&done).await;
    assert!(
        page.contains("https://salon.example/back?b=1&amp;payment_intent=")
            && page.contains("redirect_status=succeeded")
    );
    assert_eq!(place.stripe.taken(&place.account), 4500);
}

#[tokio::test]
async fn an_account_is_opened_once_and_a_link_does_not_live_long() {
    let (place, browser) = (Place::open().await, Browser::new());
    let platform = |key| Call { account: None, key };
    let new = NewAccount { email: None, country: None, metadata: Default::default() };
    let account = place.port.create_account(platform("a"), &new).await.unwrap();
    let link = OnboardingLink {
        account: account.id.clone(),
        refresh_url: "https://salon.example/again".into(),
        return_url: "https://salon.example/opened".into(),
    };
    let late = place.port.onboarding_link(platform("l1"), &link).await.unwrap();
    place.clock.advance(chrono::TimeDelta::minutes(6));
    browser.press(&late, "action=complete").await;
    assert!(!place.port.account(&account.id).await.unwrap().charges_enabled);
    assert!(browser.page(&late).await.contains("https://salon.example/again"));
    let link = place.port.onboarding_link(platform("l2"), &link).await.unwrap();
    assert!(browser.page(&link).await.contains("Open the account"));
    let done = browser.press(&link, "action=complete").await;
    assert!(browser.page(&done).await.contains("https://salon.example/opened"));
    assert!(place.port.account(&account.id).await.unwrap().charges_enabled);
}

#[tokio::test]
async fn the_stylesheet_is_there_and_another_accounts_page_is_not() {
    let (place, browser) = (Place::open().await, Browser::new());
    let (_, url) = session(&place).await;
    let style = browser.0.get(format!("{}style.css", place.stripe.url())).send().await.unwrap();
    assert_eq!(
        (style.status().as_u16(), &style.headers()["content-type"]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
    let other = url.replace(&place.account, &place.stripe.account());
    assert_eq!(browser.0.get(other).send().await.unwrap().status(), 404);
}
