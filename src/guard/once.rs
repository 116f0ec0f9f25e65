//! 201 for what was made, 200 for what was there already: the document names both.

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::ToJSON;

use super::{Created, Reply};

/// What sending a form twice answers the first time, and after that.
pub enum Once<T> {
    Made(Created<T>),
    Existing(Reply<T>),
}

impl<T: ToJSON + Send> IntoResponse for Once<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Made(created) => created.into_response(),
            Self::Existing(reply) => reply.into_response(),
        }
    }
}

impl<T: ToJSON + Send> ApiResponse for Once<T> {
    fn meta() -> MetaResponses {
        let mut all = Created::<T>::meta();
        all.responses.extend(Reply::<T>::meta().responses);
        all
    }

    fn register(registry: &mut Registry) {
        Created::<T>::register(registry);
    }
}
