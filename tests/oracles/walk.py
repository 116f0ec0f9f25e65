"""Walks through the sandbox with Stripe's own library, and writes what it answers as typed TypeScript.

Usage: walk.py <address of the sandbox> <file to write>
"""

import json
import sys
import urllib.parse
import urllib.request

import stripe

address, out = sys.argv[1].rstrip("/"), sys.argv[2]
stripe.api_key = "sk_test_walk"
stripe.api_base = address
stripe.max_network_retries = 0
ACCOUNT = "acct_sandbox_walk"
samples = []


def on(**params):
    return {"stripe_account": ACCOUNT, **params}


def sample(kind, thing):
    samples.append((kind, thing.to_dict() if hasattr(thing, "to_dict") else thing))
    return thing


def refused(error, code, call):
    try:
        call()
    except error as refusal:
        assert refusal.code == code, (refusal.code, code, str(refusal))
        return refusal
    raise AssertionError(f"{code}: was not refused")


def control(method, path, body):
    request = urllib.request.Request(
        f"{address}/control/{path}",
        data=json.dumps(body).encode(),
        method=method,
        headers={"authorization": "Bearer sk_test_walk"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def press(url, **fields):
    data = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data)) as answer:
        return answer.read().decode()


def intents():
    customer = sample("Customer", stripe.Customer.create(**on(name="A", metadata={"x": "1"})))
    method = stripe.PaymentMethod.attach("pm_card_visa", **on(customer=customer.id))
    sample("PaymentMethod", method)
    assert method.card.last4 == "4242" and method.customer == customer.id
    intent = stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", customer=customer.id, payment_method=method.id, confirm=True,
             application_fee_amount=100, idempotency_key="walk-1")
    )
    assert intent.status == "succeeded" and intent.amount_received == 4500
    again = stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", customer=customer.id, payment_method=method.id, confirm=True,
             application_fee_amount=100, idempotency_key="walk-1")
    )
    assert again.id == intent.id and again.last_response.headers["Idempotent-Replayed"] == "true"
    refused(stripe.IdempotencyError, None,
            lambda: stripe.PaymentIntent.create(**on(amount=1, currency="eur", idempotency_key="walk-1")))
    sample("PaymentIntent", stripe.PaymentIntent.retrieve(intent.id, **on()))
    sample("Charge", stripe.Charge.retrieve(intent.latest_charge, **on()))
    expanded = stripe.PaymentIntent.retrieve(intent.id, **on(expand=["latest_charge"]))
    assert expanded.latest_charge.paid

    declined = refused(stripe.CardError, "card_declined", lambda: stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", payment_method="pm_card_visa_chargeDeclinedInsufficientFunds", confirm=True)))
    assert declined.error.decline_code == "insufficient_funds"
    assert declined.error.payment_intent.status == "requires_payment_method"
    sample("Charge", stripe.Charge.retrieve(declined.error.charge, **on()))
    sample("PaymentIntent", stripe.PaymentIntent.retrieve(declined.error.payment_intent.id, **on()))
    refused(stripe.CardError, "authentication_required", lambda: stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", payment_method="pm_card_authenticationRequired", confirm=True,
             off_session=True)))
    asks = stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", payment_method="pm_card_authenticationRequired", confirm=True,
             return_url="https://a.example/"))
    sample("PaymentIntent", asks)
    press(asks.next_action.redirect_to_url.url, action="confirm")
    assert stripe.PaymentIntent.retrieve(asks.id, **on()).status == "succeeded"
    refused(stripe.InvalidRequestError, "payment_intent_unexpected_state",
            lambda: stripe.PaymentIntent.cancel(intent.id, **on()))
    refused(stripe.InvalidRequestError, "resource_missing", lambda: stripe.PaymentIntent.retrieve(intent.id))
    held = stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", payment_method="pm_card_visa", confirm=True, capture_method="manual"))
    stripe.PaymentIntent.capture(held.id, **on(amount_to_capture=4000))
    gone = stripe.PaymentIntent.cancel(stripe.PaymentIntent.create(**on(amount=4500, currency="eur")).id, **on())
    sample("PaymentIntent", gone)
    slow = stripe.PaymentIntent.create(
        **on(amount=4500, currency="eur", payment_method="pm_usBankAccount_success", confirm=True))
    assert slow.status == "processing"
    sample("Charge", stripe.Charge.retrieve(slow.latest_charge, **on()))
    sample("PaymentMethod", stripe.PaymentMethod.retrieve(slow.payment_method, **on()))
    pages = list(stripe.PaymentIntent.list(**on(limit=2)).auto_paging_iter())
    assert len(pages) == len({page.id for page in pages}) == 7, len(pages)
    return customer, method, intent


def refunds(intent):
    refund = sample("Refund", stripe.Refund.create(
        **on(payment_intent=intent.id, amount=1500, refund_application_fee=True)))
    refused(stripe.InvalidRequestError, None,
            lambda: stripe.Refund.create(**on(payment_intent=intent.id, amount=3001)))
    stripe.Refund.create(**on(payment_intent=intent.id))
    refused(stripe.InvalidRequestError, "charge_already_refunded",
            lambda: stripe.Refund.create(**on(payment_intent=intent.id)))
    control("POST", f"refunds/{ACCOUNT}/{refund.id}/fail", {})
    sample("Refund", stripe.Refund.retrieve(refund.id, **on()))


def setups(customer):
    setup = stripe.SetupIntent.create(**on(customer=customer.id, usage="off_session", payment_method="pm_card_visa"))
    assert sample("SetupIntent", setup).status == "requires_confirmation"
    assert sample("SetupIntent", stripe.SetupIntent.confirm(setup.id, **on())).status == "succeeded"


def checkouts(customer):
    line = {"quantity": 2, "price_data": {"currency": "eur", "unit_amount": 2500, "product_data": {"name": "Massage"}}}
    session = stripe.checkout.Session.create(
        **on(mode="payment", line_items=[line], success_url="https://a.example/{CHECKOUT_SESSION_ID}",
             cancel_url="https://a.example/back", metadata={"x": "1"}))
    sample("Checkout.Session", session)
    assert session.amount_total == 5000
    page = press(session.url, action="decline")
    assert "declined" in page, page
    assert stripe.checkout.Session.retrieve(session.id, **on()).status == "open"
    press(session.url, action="pay", card="pm_card_visa")
    paid = sample("Checkout.Session", stripe.checkout.Session.retrieve(session.id, **on()))
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    for item in stripe.checkout.Session.list_line_items(session.id, **on()).data:
        sample("LineItem", item)
    kept = stripe.checkout.Session.create(
        **on(mode="setup", currency="eur", customer=customer.id, success_url="https://a.example/"))
    press(kept.url, action="pay", card="pm_card_visa")
    sample("Checkout.Session", stripe.checkout.Session.retrieve(kept.id, **on()))
    gone = stripe.checkout.Session.create(**on(mode="payment", line_items=[line], success_url="https://a.example/"))
    sample("Checkout.Session", stripe.checkout.Session.expire(gone.id, **on()))


def platform():
    account = sample("Account", stripe.Account.create(type="standard", country="DE"))
    link = stripe.AccountLink.create(
        account=account.id, type="account_onboarding", refresh_url="https://a.example/", return_url="https://a.example/")
    sample("AccountLink", link)
    press(link.url, action="complete")
    assert sample("Account", stripe.Account.retrieve(account.id)).charges_enabled
    product = sample("Product", stripe.Product.create(name="Growth", id="tithi_walk"))
    refused(stripe.InvalidRequestError, "resource_already_exists",
            lambda: stripe.Product.create(name="Growth", id="tithi_walk"))
    price = {"currency": "eur", "unit_amount": 2900, "recurring": {"interval": "month"}, "product": product.id}
    sample("Price", stripe.Price.create(**price))
    customer = stripe.Customer.create(email="a@b.example")
    method = stripe.PaymentMethod.attach("pm_card_visa", customer=customer.id)
    subscription = sample("Subscription", stripe.Subscription.create(
        customer=customer.id, items=[{"price_data": price}], default_payment_method=method.id))
    assert subscription.status == "active"
    item = {"id": subscription["items"].data[0].id, "price_data": {**price, "unit_amount": 9900}}
    preview = stripe.Invoice.create_preview(
        subscription=subscription.id, subscription_details={"items": [item], "proration_behavior": "always_invoice"})
    assert preview.total == 7000, preview.total
    changed = stripe.Subscription.modify(subscription.id, items=[item], proration_behavior="always_invoice")
    invoice = sample("Invoice", stripe.Invoice.retrieve(changed.latest_invoice))
    assert invoice.amount_paid == 7000
    portal = stripe.billing_portal.Session.create(customer=customer.id, return_url="https://a.example/")
    sample("BillingPortal.Session", portal)
    press(portal.url, action="end", subscription=subscription.id)
    ending = sample("Subscription", stripe.Subscription.retrieve(subscription.id))
    assert ending.cancel_at_period_end
    sample("Subscription", stripe.Subscription.cancel(subscription.id))
    endpoint = stripe.WebhookEndpoint.create(url="https://a.example/", enabled_events=["*"])
    assert endpoint.secret.startswith("whsec_")
    stripe.WebhookEndpoint.delete(endpoint.id)


def events():
    seen = {}
    for event in stripe.Event.list(**on(limit=100)).auto_paging_iter():
        seen.setdefault(event.type, event)
    assert {"payment_intent.succeeded", "charge.refunded", "refund.failed", "checkout.session.completed"} <= set(seen)
    for event in seen.values():
        sample("Event", event)


DECIMALS = {"amount_decimal", "quantity_decimal", "unit_amount_decimal"}


def typed(value, name=""):
    """JSON as TypeScript: the library makes decimals of their texts, so here they are anything."""
    if name in DECIMALS and value is not None:
        return "null as never"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {typed(below, key)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(typed(member) for member in value) + "]"
    return json.dumps(value)


def main():
    control("PUT", "webhooks", {"never": True})
    customer, _, intent = intents()
    refunds(intent)
    setups(customer)
    checkouts(customer)
    platform()
    events()
    with open(out, "w", encoding="utf-8") as file:
        file.write('import Stripe from "stripe";\n')
        for number, (kind, thing) in enumerate(samples):
            file.write(f"export const sample{number}: Stripe.{kind} = {typed(thing)};\n")
    print(f"walk: {len(samples)} objects of {len({kind for kind, _ in samples})} kinds")


main()
