//! The two sides of a document as they were when it was issued: `invoices.seller` and `invoices.buyer`.

use ::entity::ids::CustomerId;
use poem_openapi::Object;
use poem_openapi::types::Example;
use serde::{Deserialize, Serialize};

use crate::db::Scope;
use crate::domains::{crm, tenancy};
use crate::error::ApiError;

/// Who sells or buys, as the document says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Object)]
#[oai(rename = "InvoiceParty", example)]
#[serde(default)]
pub struct Party {
    #[oai(validator(max_length = 255))]
    pub name: String,
    /// Line by line, as on a letter.
    #[oai(validator(max_items = 10))]
    pub address: Vec<String>,
    #[oai(nullable, validator(max_length = 255))]
    pub email: Option<String>,
    #[oai(nullable, validator(max_length = 50))]
    pub phone: Option<String>,
    /// The number under which it pays tax.
    #[oai(nullable, validator(max_length = 50))]
    pub tax_number: Option<String>,
}

impl Party {
    /// The lines of a letter's head; the name is the first.
    pub fn lines(&self) -> Vec<String> {
        let rest = [&self.email, &self.phone].into_iter().flatten().cloned();
        let number = self.tax_number.iter().map(|number| format!("Tax number {number}"));
        std::iter::once(self.name.clone()).chain(self.address.iter().cloned()).chain(rest).chain(number).collect()
    }
}

impl Example for Party {
    fn example() -> Self {
        Self {
            name: "Salon Aurora GmbH".into(),
            address: vec!["Lindenweg 7".into(), "10115 Berlin".into()],
            email: Some("hello@aurora.example".into()),
            phone: None,
            tax_number: Some("DE123456789".into()),
        }
    }
}

/// The business, and how it bills.
pub async fn seller(scope: &Scope) -> Result<(Party, tenancy::Letterhead), ApiError> {
    let head = tenancy::letterhead(scope).await?;
    let own = &head.invoicing;
    let address = own.address.iter().flat_map(|text| text.lines()).map(str::trim);
    let party = Party {
        name: own.legal_name.clone().unwrap_or_else(|| head.name.clone()),
        address: address.filter(|line| !line.is_empty()).take(10).map(str::to_owned).collect(),
        email: head.email.clone(),
        phone: None,
        tax_number: own.tax_number.clone(),
    };
    Ok((party, head))
}

/// The customer; somebody without a name where there is none.
pub async fn buyer(scope: &Scope, customer: Option<CustomerId>) -> Result<Party, ApiError> {
    let card = match customer {
        Some(customer) => crm::card(scope, customer).await?,
        None => None,
    };
    Ok(card.map_or_else(Party::default, |card| Party {
        name: card.name,
        email: card.email,
        phone: card.phone,
        ..Party::default()
    }))
}
