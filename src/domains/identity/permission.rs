//! Every permission, with the least role that has it. The name is the one word of the thing:
//! `booking.write` is also the scope in the OpenAPI document.

use ::entity::enums::MembershipRole;

/// Something that a member may or may not do.
pub trait Permission: Send + Sync + 'static {
    /// Name on the wire and in `memberships.permissions_json`.
    const NAME: &'static str;
    /// The least role that has it without being given it.
    const LEAST: MembershipRole;
    /// For people.
    const ABOUT: &'static str;
    /// The security schemes of an operation that asks for it, as `scheme:scope`; the published
    /// document writes `{scheme: [scope]}`.
    const SCHEMES: [&'static str; 2];
}

macro_rules! permissions {
    ($($type:ident $name:literal $role:ident $about:literal;)+) => {
        $(
            #[doc = $about]
            #[derive(Debug)]
            pub struct $type;

            impl Permission for $type {
                const NAME: &'static str = $name;
                const LEAST: MembershipRole = MembershipRole::$role;
                const ABOUT: &'static str = $about;
                const SCHEMES: [&'static str; 2] = [concat!("bearer:", $name), concat!("session:", $name)];
            }
        )+

        /// Name, least role and meaning of each permission.
        pub const ALL: &[(&str, MembershipRole, &str)] = &[$(($name, MembershipRole::$role, $about)),+];
    };
}

permissions! {
    AvailabilityOwn "availability.own" Staff "Change one's own working hours and time off";
    AvailabilityRead "availability.read" Viewer "Read rules, exceptions and free times";
    AvailabilityWrite "availability.write" Admin "Change rules and exceptions";
    BillingRead "billing.read" Owner "Read how the business is paid and what it pays";
    BillingWrite "billing.write" Owner "Change how the business is paid and what it pays";
    BookingAdmin "booking.admin" Admin "Work on many bookings at once, with their customers' details";
    BookingOverridden "booking.override" Admin "Book over somebody else's time";
    BookingRead "booking.read" Viewer "Read bookings";
    BookingReport "booking.report" Admin "Read reports on all bookings";
    BookingWrite "booking.write" Staff "Create, confirm and cancel bookings";
    CalendarWrite "calendar.write" Viewer "Make and revoke the secret address of the own calendar; with staff.write of everybody's";
    CouponRead "coupon.read" Staff "Read and try coupons";
    CouponWrite "coupon.write" Admin "Make and change coupons";
    CreditRead "credit.read" Staff "Read what customers have bought ahead, and what moved it";
    CreditUse "credit.use" Staff "Use credits, and give back what bookings used";
    CreditWrite "credit.write" Admin "Give credits, and say what services cost in them";
    CustomerErase "customer.erase" Owner "Make customers unknown for good";
    CustomerRead "customer.read" Staff "Read customers";
    CustomerWrite "customer.write" Staff "Create and change customers";
    GiftCardRead "giftcard.read" Staff "Read gift cards, without their codes";
    GiftCardRedeem "giftcard.redeem" Staff "Take what is paid with a gift card at the counter";
    GiftCardWrite "giftcard.write" Admin "Issue, send and void gift cards";
    LoyaltyManage "loyalty.manage" Admin "Say how points are earned and what they are worth";
    InvoiceRead "invoice.read" Admin "Read invoices and credit notes";
    LoyaltyRead "loyalty.read" Staff "Read points and their movements";
    LoyaltyWrite "loyalty.write" Staff "Give and redeem points";
    NoteManage "note.manage" Admin "Change notes that somebody else wrote";
    PaymentCharge "payment.charge" Admin "Settle cash payments and charge fees for not coming";
    PaymentRead "payment.read" Staff "Read payments, and the ways to pay that customers left";
    PaymentRefund "payment.refund" Admin "Give money back";
    PaymentReport "payment.report" Admin "Read the list of all payments";
    PaymentWrite "payment.write" Staff "Take payments";
    PackageGive "package.give" Admin "Give packages and memberships away, and take them back";
    PackageRead "package.read" Viewer "Read packages, those that are not sold too";
    PackageSell "package.sell" Staff "Sell packages and credits, and read purchases";
    PackageWrite "package.write" Admin "Make and change packages and plans";
    ReferralRead "referral.read" Staff "Read who brought whom, and the codes of customers";
    ReferralWrite "referral.write" Admin "Say what is given for bringing somebody along";
    ReportRead "report.read" Admin "Read the figures of the business";
    ResourceRead "resource.read" Viewer "Read staff, rooms and equipment as resources";
    ResourceWrite "resource.write" Admin "Change resources";
    SegmentRead "segment.read" Admin "Read segments and who is in them";
    SegmentWrite "segment.write" Admin "Change segments and who is in them";
    ServiceRead "service.read" Viewer "Read services, inactive ones too";
    ServiceWrite "service.write" Admin "Change services and what performs them";
    StaffRead "staff.read" Viewer "Read staff profiles";
    StaffWrite "staff.write" Admin "Change staff profiles";
    SubscriptionRead "subscription.read" Admin "Read the business's plan and what it was billed";
    TenantRead "tenant.read" Viewer "Read the business's settings";
    TenantWrite "tenant.write" Admin "Change the business's settings";
}
