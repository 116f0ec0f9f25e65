//! The other half: whoever may, with an honest request, gets what the document promises. Without it the refusals of
//! the other tests would prove nothing.
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tithi::guard::body;
use tithi::server::{self, openapi};

use super::caller::{Call, Judge};
use super::document::{Operation, operations};
use super::money;
use super::world::World;
use super::{Excused, Verdicts};
use crate::identity;
use crate::payments_inbox;
use crate::support::app::Service;
use crate::support::client::Client;

const EXCUSED: Excused = &[];

/// The owner of a world and the call, with what only some operations need.
pub async fn owner_in(service: &Service, world: &World, operation: &Operation) -> (Client, Call) {
    let mut call = Call::of(operation, world);
    let client = match operation.id.as_str() {
        "auth_login" | "auth_refresh" => {
            let (account, answer) = identity::registered(service).await;
            let body = match operation.id.as_str() {
                "auth_login" => identity::credentials(&account),
                _ => json!({"refresh_token": answer["refresh_token"]}),
            };
            call = call.saying(body.to_string().as_bytes());
            service.visitor()
        }
        "auth_register" => service.visitor(),
        // whoever begins a business stands on no business's host
        "tenant_create" | "onboarding_register" | "onboarding_status" => {
            let user = service.person(&mut service.platform().await).await;
            service.visitor().bearer(&service.token(user, None).await)
        }
        "platform_tenant_resume" => {
            let path = call.path.replace("/resume", "/suspend");
            world.caller(operation).post(&path, &json!({"reason": "To be resumed"})).await.expect(200);
            world.caller(operation).clone()
        }
        // signed by the provider, byte by byte
        "webhook_stripe" => {
            let event = payments_inbox::event(service, "balance.available", None, json!({"object": "balance"}));
            let body = event.to_string().into_bytes();
            let secret = service.app.webhook_secrets[0].expose_secret();
            let header = payments_inbox::signed(secret, service.clock.now().timestamp(), &body);
            call.body = Some(body);
            service.visitor().with("stripe-signature", &header)
        }
        "purchase_undo" => {
            let settle = call.path.replace("/undo", "/settle");
            let owner = world.caller(operation).key(&format!("{:032x}", rand::random::<u128>()));
            owner.post(&settle, &json!({"paid_with": "cash"})).await.expect(200);
            world.caller(operation).clone()
        }
        "membership_resume" => {
            let pause = call.path.replace("/resume", "/pause");
            world.caller(operation).send(reqwest::Method::POST, &pause, None).await.expect(200);
            world.caller(operation).clone()
        }
        "booking_check_in" | "booking_complete" | "booking_no_show" => {
            world.lead_up_to(service, &operation.id).await;
            world.caller(operation).clone()
        }
        _ => world.caller(operation).clone(),
    };
    let call = money::ready(service, world, operation, call).await;
    (client, call)
}

#[tokio::test]
async fn an_honest_request_gets_what_is_promised() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let document = openapi::document_31(server::raw_document(&service.app).unwrap());
    let mut verdicts = Verdicts::new(EXCUSED);
    for operation in operations(&service) {
        let world = World::new(&service).await;
        let (client, call) = owner_in(&service, &world, &operation).await;
        let answer = call.send(&client).await;
        if !operation.successes().contains(&answer.status.as_u16()) {
            verdicts.wrong(&operation, format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)));
            continue;
        }
        for fault in judge.faults(&operation, &answer) {
            verdicts.wrong(&operation, fault);
        }
        let headers = operation.value.pointer(&format!("/responses/{}/headers", answer.status.as_u16()));
        if headers.is_some_and(|all| all.get("ETag").is_some()) == answer.header("etag").is_empty() {
            verdicts.wrong(&operation, "the ETag is promised and not sent, or the other way round");
        }
        let media = format!("/responses/{}/content/application~1json/schema", answer.status.as_u16());
        if let Some(schema) = operation.value.pointer(&media) {
            for fault in misfits(&document, schema, &answer.json()) {
                verdicts.wrong(&operation, fault);
            }
        }
    }
    verdicts.done();
}

/// Where an answer is not as its schema says.
fn misfits(document: &Value, schema: &Value, answer: &Value) -> Vec<String> {
    let mut root = schema.clone();
    root["components"] = json!({"schemas": document["components"]["schemas"]});
    let validator = body::compile(&root).unwrap();
    validator.iter_errors(answer).map(|error| format!("at {}: {error}", error.instance_path())).collect()
}
