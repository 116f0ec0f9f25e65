//! Where a login comes from, as the person sees it later in the list of sessions.

use poem::http::header;
use poem::{FromRequest, Request, RequestBody};

use crate::pipeline::Notes;

/// The longest name of a browser that is kept (`sessions_user_agent`).
const LONGEST: usize = 512;

/// Address and browser of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl<'a> FromRequest<'a> for Device {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let user_agent = request.header(header::USER_AGENT).map(|name| name.chars().take(LONGEST).collect());
        Ok(Self { ip: request.data::<Notes>().map(|notes| notes.peer().to_string()), user_agent })
    }
}
