//! The groups of the API, as the document lists them.

use poem_openapi::Tags;

/// A group of operations.
#[derive(Tags)]
pub enum Tag {
    /// Log in, stay logged in, log out.
    Auth,
    /// Sign up a business: a free subdomain, the first owner, the defaults.
    Onboarding,
    /// The businesses that a person belongs to, and their settings.
    Tenants,
    /// What can be booked.
    Services,
    /// Who and what performs services: staff, rooms, equipment.
    Resources,
    /// The people behind staff resources.
    Staff,
    /// Opening hours, exceptions, and the free times that follow from them.
    Availability,
    /// The people who book.
    Customers,
    /// Groups of customers, by what they have in common or by hand.
    Segments,
    /// Points that customers earn and redeem.
    Loyalty,
    /// What was sold and given back, on paper.
    Invoices,
    /// Plans, and what businesses and persons have of the platform.
    Billing,
    /// Coupons, gift cards, and who brings whom along.
    Promotions,
    /// What is bought ahead and used up: packages, credits, and the ledger that counts them.
    Packages,
    /// Appointments and their life.
    Bookings,
    /// Money that comes in and goes back, and the accounts that it moves on.
    Payments,
    /// What the front desk needs: many things at once, and the figures.
    Admin,
    /// What the public sees and does, without an account.
    Public,
    /// Operators of the platform.
    Platform,
    /// Time zones and other facts that belong to nobody.
    Reference,
    /// Health and metrics, for whoever runs the service.
    Operations,
}
