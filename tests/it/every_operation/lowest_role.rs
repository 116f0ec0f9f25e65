//! Who may what, by the table of permissions: the least role that may is let in, the one below is not.
use ::entity::enums::MembershipRole;
use tithi::domains::identity::permission;

use super::caller::{Call, Judge};
use super::document::{Security, operations};
use super::world::World;
use super::{Excused, Verdicts};
use crate::support::app::Service;

const EXCUSED: Excused = &[];

/// The least role that has the permission.
fn least(name: &str) -> MembershipRole {
    let row = permission::ALL.iter().find(|(known, ..)| *known == name);
    row.unwrap_or_else(|| panic!("the document names the permission {name}, which nobody knows")).1
}

fn rank(role: MembershipRole) -> usize {
    let line = [MembershipRole::Viewer, MembershipRole::Staff, MembershipRole::Admin, MembershipRole::Owner];
    line.iter().position(|known| *known == role).unwrap()
}

#[tokio::test]
async fn each_role_is_let_in_where_the_table_says_so() {
    let service = Service::start().await;
    let judge = Judge::new(&service).await;
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut refused = 0;
    for operation in operations(&service) {
        let Security::Permission(name) = &operation.security else { continue };
        let world = World::new(&service).await;
        let people = [
            (MembershipRole::Viewer, service.viewer_of(&world.tenant).await),
            (MembershipRole::Staff, service.staff_of(&world.tenant).await),
            (MembershipRole::Admin, service.admin_of(&world.tenant).await),
        ];
        for (role, client) in &people {
            // nothing of the body is looked at before
            let probe = Call::of(&operation, &world).saying(b"{\"nonsense\":").send(client).await;
            let may = rank(*role) >= rank(least(name));
            let was_refused = probe.status.as_u16() == 403 && probe.code() == "TITHI_AUTH_FORBIDDEN";
            if may == was_refused {
                verdicts.wrong(&operation, format!("{} ({name}): {} {}", role.as_str(), probe.status, probe.code()));
            }
            refused += u32::from(was_refused);
            for fault in judge.faults(&operation, &probe) {
                verdicts.wrong(&operation, fault);
            }
        }
    }
    assert!(refused > 20, "only {refused} calls were refused");
    verdicts.done();
}

#[tokio::test]
async fn somebody_without_a_membership_learns_nothing() {
    let service = Service::start().await;
    let (world, judge) = (World::new(&service).await, Judge::new(&service).await);
    let nobody = service.person(&mut service.platform().await).await;
    let outsider = service.stranger(&world.tenant).bearer(&service.token(nobody, None).await);
    let mut verdicts = Verdicts::new(EXCUSED);
    for operation in operations(&service) {
        let Security::Permission(_) = operation.security else { continue };
        let answer = Call::of(&operation, &world).saying(b"{").send(&outsider).await;
        if (answer.status.as_u16(), answer.code().as_str()) != (404, "TITHI_TENANT_MISMATCH") {
            verdicts.wrong(&operation, format!("{} {}", answer.status, answer.code()));
        }
        for fault in judge.faults(&operation, &answer) {
            verdicts.wrong(&operation, fault);
        }
    }
    verdicts.done();
}

#[tokio::test]
async fn what_is_for_operators_is_not_there_for_an_owner() {
    let service = Service::start().await;
    let (world, judge) = (World::new(&service).await, Judge::new(&service).await);
    let owner = service.visitor().bearer(&service.token(world.tenant.owner, None).await);
    let mut verdicts = Verdicts::new(EXCUSED);
    let mut tried = 0;
    for operation in operations(&service).iter().filter(|operation| operation.is_operators()) {
        tried += 1;
        let answer = Call::of(operation, &world).saying(b"{").send(&owner).await;
        if (answer.status.as_u16(), answer.code().as_str()) != (404, "TITHI_NOT_FOUND") {
            verdicts.wrong(operation, format!("{} {}", answer.status, answer.code()));
        }
        for fault in judge.faults(operation, &answer) {
            verdicts.wrong(operation, fault);
        }
    }
    assert!(tried > 0, "operators have no operations");
    verdicts.done();
}
