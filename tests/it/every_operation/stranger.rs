//! Nobody in particular: 401 before anything else is looked at.
use super::caller::{Call, Judge};
use super::document::operations;
use super::world::World;
use super::{Excused, Verdicts};
use crate::support::app::Service;

const EXCUSED: Excused = &[];

#[tokio::test]
async fn a_stranger_gets_401_whatever_he_sends() {
    let service = Service::start().await;
    let (world, judge) = (World::new(&service).await, Judge::new(&service).await);
    let stranger = service.stranger(&world.tenant);
    let forger = stranger.clone().bearer("eyJhbGciOiJub25lIn0.e30.");
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut tried = 0;
    for operation in operations(&service).iter().filter(|operation| operation.is_secured()) {
        tried += 1;
        let call = Call::of(operation, &world);
        let keyless = Call { key: None, ..call.clone() };
        let lost = Call {
            path: world
                .path_with(operation, |name| if name == "tenant_id" { world.value_of(name) } else { "none".into() }),
            ..call.clone()
        };
        for (client, code) in [(&stranger, "TITHI_AUTH_TOKEN_MISSING"), (&forger, "TITHI_AUTH_TOKEN_INVALID")] {
            for call in [call.clone(), call.clone().saying(b"{\"nonsense\":"), keyless.clone(), lost.clone()] {
                let answer = call.send(client).await;
                if (answer.status.as_u16(), answer.code().as_str()) != (401, code) {
                    verdicts.wrong(operation, format!("{} {} instead of {code}", answer.status, answer.code()));
                }
                if !answer.header("www-authenticate").starts_with("Bearer") {
                    verdicts.wrong(operation, "401 does not say how to authenticate");
                }
                for fault in judge.faults(operation, &answer) {
                    verdicts.wrong(operation, fault);
                }
            }
        }
    }
    assert!(tried > 25, "only {tried} operations are secured");
    verdicts.done();
}
