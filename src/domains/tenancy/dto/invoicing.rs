//! What stands on a business's bills, on the wire.

use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::domains::tenancy::Invoicing;
use crate::guard::{Patch, Prose, Text};

/// What stands on the business's bills beside what was sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct InvoicingSettings {
    /// The name of the company, where it is not the business's.
    #[oai(nullable)]
    pub legal_name: Option<Text<1, 255>>,
    /// As on a letter, in lines.
    #[oai(nullable)]
    pub address: Option<Prose<1, 500>>,
    /// The number under which it pays tax.
    #[oai(nullable)]
    pub tax_number: Option<Text<1, 50>>,
    /// Hundredths of a percent that are in the prices, where nothing else is said: 1900 is 19 %.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "10000")))]
    pub tax_bps: u32,
    /// Stands below each bill.
    #[oai(nullable)]
    pub note: Option<Prose<1, 1000>>,
}

/// Changes to what stands on the bills: absent keeps, null clears.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, rename = "InvoicingSettingsUpdate", skip_serializing_if_is_none, example)]
pub struct InvoicingUpdate {
    pub legal_name: Patch<Text<1, 255>>,
    pub address: Patch<Prose<1, 500>>,
    pub tax_number: Patch<Text<1, 50>>,
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pub tax_bps: Option<u32>,
    pub note: Patch<Prose<1, 1000>>,
}

impl InvoicingUpdate {
    /// What it is after the change.
    #[must_use]
    pub fn over(self, before: Invoicing) -> Invoicing {
        Invoicing {
            legal_name: self.legal_name.map(Into::into).over(before.legal_name),
            address: self.address.map(Into::into).over(before.address),
            tax_number: self.tax_number.map(Into::into).over(before.tax_number),
            tax_bps: self.tax_bps.unwrap_or(before.tax_bps),
            note: self.note.map(Into::into).over(before.note),
        }
    }
}

impl From<Invoicing> for InvoicingSettings {
    fn from(own: Invoicing) -> Self {
        let Invoicing { legal_name, address, tax_number, tax_bps, note } = own;
        Self {
            legal_name: legal_name.map(Text::of),
            address: address.map(Prose::of),
            tax_number: tax_number.map(Text::of),
            tax_bps,
            note: note.map(Prose::of),
        }
    }
}

impl From<InvoicingSettings> for Invoicing {
    fn from(wire: InvoicingSettings) -> Self {
        let InvoicingSettings { legal_name, address, tax_number, tax_bps, note } = wire;
        Self {
            legal_name: legal_name.map(Into::into),
            address: address.map(Into::into),
            tax_number: tax_number.map(Into::into),
            tax_bps,
            note: note.map(Into::into),
        }
    }
}

impl Example for InvoicingSettings {
    fn example() -> Self {
        Self {
            legal_name: Some(Text::of("Aurora Hair Ltd")),
            address: Some(Prose::of("7 Linden Row\nNew York, NY 10001")),
            tax_number: Some(Text::of("12-3456789")),
            tax_bps: 850,
            note: Some(Prose::of("Thank you for your visit.")),
        }
    }
}

impl Example for InvoicingUpdate {
    fn example() -> Self {
        Self {
            legal_name: Patch::Keep,
            address: Patch::Keep,
            tax_number: Patch::Keep,
            tax_bps: Some(850),
            note: Patch::Clear,
        }
    }
}
