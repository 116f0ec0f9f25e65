//! The small API.
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response};
use poem_openapi::{
    Enum, Object, OpenApi, OpenApiService, ServerObject, Tags, Union,
    param::{Path, Query},
    payload::Payload,
    types::Example,
};
use serde_json::Value;
use tithi::server::openapi::Merged;
use tithi::{
    error::{ApiError, Code, problem},
    guard::{
        Body, Created, ETag, Email, IfMatch, Listing, NoContent, Page, Patch, Prose, Reply, RequiredKey, Text,
        Timestamp,
    },
    pipeline::idempotency::IdempotencyKey,
};
use uuid::Uuid;

#[derive(Tags)]
enum Tag {
    /// Things that are booked.
    Bookings,
}

#[derive(Debug, Clone, Object)]
pub struct CustomerDetails {
    /// The name to call out.
    pub display_name: Text<1, 120>,
    /// Where the confirmation goes.
    pub email: Email,
    /// In international form.
    #[oai(nullable, validator(max_length = 32))]
    pub phone: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Channel {
    Desk,
    PublicPage,
}

#[derive(Debug, Clone, Object)]
pub struct CardPayment {
    /// From the provider.
    #[oai(validator(max_length = 64))]
    pub token: String,
}

#[derive(Debug, Clone, Object)]
pub struct CashPayment {
    /// What was given.
    pub given_cents: u32,
}

#[derive(Debug, Clone, Union)]
#[oai(discriminator_name = "method", one_of = true)]
pub enum Payment {
    #[oai(mapping = "card")]
    Card(CardPayment),
    #[oai(mapping = "cash")]
    Cash(CashPayment),
}

/// What a booking is made from.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingCreate {
    /// What is booked.
    pub service_id: Uuid,
    /// When it begins.
    pub start_at: Timestamp,
    /// Who comes.
    pub customer: CustomerDetails,
    /// How many come.
    #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "20")))]
    pub attendee_count: u16,
    /// Where it was made.
    pub channel: Channel,
    /// How it is paid.
    pub payment: Option<Payment>,
    /// Anything to know.
    pub notes: Option<Prose<0, 1000>>,
}

fn one() -> u16 {
    1
}

impl Example for BookingCreate {
    fn example() -> Self {
        Self {
            service_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
            start_at: Timestamp::example(),
            customer: CustomerDetails {
                display_name: Text::of("Ada"),
                email: Email::of("ada@example.com"),
                phone: None,
            },
            attendee_count: 1,
            channel: Channel::Desk,
            payment: Some(Payment::Cash(CashPayment { given_cents: 500 })),
            notes: Some(Prose::of("none")),
        }
    }
}

/// What may be changed.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingUpdate {
    /// Null removes them.
    pub notes: Patch<Prose<1, 1000>>,
    /// Null forgets it.
    pub customer: Patch<CustomerDetails>,
}

impl Example for BookingUpdate {
    fn example() -> Self {
        Self { notes: Patch::Clear, customer: Patch::Keep }
    }
}

/// A booking.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct Booking {
    pub id: Uuid,
    pub start_at: Timestamp,
    /// Who comes.
    pub customer: CustomerDetails,
    pub attendee_count: u16,
    #[oai(nullable, validator(max_length = 1000))]
    pub notes: Option<String>,
}

impl Example for Booking {
    fn example() -> Self {
        Self::from(BookingCreate::example())
    }
}

impl From<BookingCreate> for Booking {
    fn from(new: BookingCreate) -> Self {
        Self {
            id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
            start_at: new.start_at,
            customer: new.customer,
            attendee_count: new.attendee_count,
            notes: new.notes.map(Prose::into_string),
        }
    }
}

pub struct Reading;
pub struct Writing;

#[OpenApi(prefix_path = "/v1")]
impl Reading {
    /// List bookings
    ///
    /// The bookings of the business, the next one first.
    #[oai(path = "/bookings", method = "get", operation_id = "booking_list", tag = "Tag::Bookings")]
    async fn list(
        &self,
        page: Page,
        /// Only those of this channel.
        Query(channel): Query<Option<Channel>>,
    ) -> Result<Reply<Listing<Booking>>, ApiError> {
        let _ = channel;
        let count = usize::try_from(page.limit).map_err(ApiError::internal)?;
        Ok(Reply::new(Listing::whole(vec![Booking::example(); count])))
    }

    /// Read a booking
    ///
    /// One booking by its id.
    #[oai(path = "/bookings/:id", method = "get", operation_id = "booking_view", tag = "Tag::Bookings")]
    async fn view(
        &self,
        /// The booking's id.
        Path(id): Path<Uuid>,
    ) -> Result<Reply<Booking>, ApiError> {
        if id.is_nil() {
            return Err(ApiError::internal(std::io::Error::other("the disk is full")));
        }
        Ok(Reply::new(Booking::example()).tagged(ETag::from_version(3)))
    }
}

#[OpenApi(prefix_path = "/v1")]
impl Writing {
    /// Make a booking
    ///
    /// Takes the time for the customer.
    #[oai(path = "/bookings", method = "post", operation_id = "booking_create", tag = "Tag::Bookings")]
    async fn create(
        &self,
        /// Names this attempt.
        #[expect(unused_variables, reason = "read before the handler")]
        idempotency_key: RequiredKey,
        body: Body<BookingCreate>,
    ) -> Result<Created<Booking>, ApiError> {
        let booking = Booking::from(body.0);
        Ok(Created::at(format!("/v1/bookings/{}", booking.id), booking))
    }

    /// Change a booking
    ///
    /// Absent fields stay as they are.
    #[oai(path = "/bookings/:id", method = "patch", operation_id = "booking_update", tag = "Tag::Bookings")]
    async fn update(
        &self,
        /// The booking's id.
        Path(id): Path<Uuid>,
        /// The tag that was read.
        if_match: IfMatch,
        body: Body<BookingUpdate>,
    ) -> Result<Reply<Booking>, ApiError> {
        let _ = id;
        if_match.check(&ETag::from_version(3))?;
        let mut booking = Booking::example();
        booking.notes = body.0.notes.map(Prose::into_string).over(Some("old".to_owned()));
        Ok(Reply::new(booking))
    }

    /// Cancel a booking
    ///
    /// Gives the time back.
    #[oai(path = "/bookings/:id", method = "delete", operation_id = "booking_cancel", tag = "Tag::Bookings")]
    async fn cancel(
        &self,
        /// The booking's id.
        Path(id): Path<Uuid>,
    ) -> Result<NoContent, ApiError> {
        Err(ApiError::of(Code::BookingInvalidState).with("id", id.to_string()))
    }
}

pub type Api = Merged<(Reading, Writing)>;

pub fn service() -> OpenApiService<Api, ()> {
    OpenApiService::new(Merged((Reading, Writing)), "Sample", "1.0")
        .summary("Bookings")
        .description("A small API that shows what the layer does.")
        .server(ServerObject::new("https://salon.tithi.dev").description("The salon"))
}

/// The text as poem-openapi writes it.
pub fn raw() -> String {
    service().spec()
}

pub fn parsed() -> Value {
    serde_json::from_str(&raw()).unwrap()
}

/// The API behind the mapper that stands outermost in the service.
pub fn endpoint() -> impl Endpoint<Output = Response> {
    OpenApiService::new((Reading, Writing), "Sample", "1.0")
        .into_endpoint()
        .data(IdempotencyKey("sent".to_owned()))
        .catch_all_error(|err| async move { problem::render(&problem::from_poem(err), problem::Occurrence::default()) })
}

/// Sends one request and reads the whole answer.
pub async fn send(method: &str, uri: &str, body: Option<(&str, String)>) -> (u16, Response, Value) {
    let mut request = Request::builder().method(method.parse().unwrap()).uri_str(uri);
    let request = match body {
        Some((content_type, body)) => {
            request = request.content_type(content_type);
            request.body(body)
        }
        None => request.finish(),
    };
    let mut response = endpoint().get_response(request).await;
    let text = response.take_body().into_string().await.unwrap();
    let value = serde_json::from_str(&text).unwrap_or(Value::Null);
    (response.status().as_u16(), response, value)
}

pub const JSON: &str = <Body<BookingCreate> as Payload>::CONTENT_TYPE;
