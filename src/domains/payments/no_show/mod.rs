//! The fee for not coming: charged without the payer, once, by the card that they left and agreed to.
//!
//! What must stay true (S7 to S9): no charge without a stored agreement, and then the provider is not even asked; never
//! more than the business said when it was booked; of many who charge at once one charge is made; where the bank wants
//! the payer, they get a link, and nothing is tried again behind their back.

mod api;
mod dto;
mod service;

pub(super) use api::NoShowApi;
