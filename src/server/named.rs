//! Says which part of a path could not be read. The framework counts the parameters of a path; callers know them by
//! the names in the document.

use poem::{Endpoint, Request, Response};
use poem_openapi::{OperationId, error::ParsePathError};

use super::openapi::Allow;
use crate::error::problem;

/// The operations, whose refusals of a path name its parameters.
pub struct Named<E> {
    pub routes: E,
    pub addresses: Allow,
}

impl<E: Endpoint<Output = Response>> Endpoint for Named<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let uri = request.uri().clone();
        self.routes.call(request).await.map_err(|error| self.name(uri.path(), error))
    }
}

impl<E> Named<E> {
    fn name(&self, path: &str, error: poem::Error) -> poem::Error {
        let Some(fault) = error.downcast_ref::<ParsePathError>() else { return error };
        let at = fault.name.strip_prefix("param").and_then(|at| at.parse().ok());
        let name = at.and_then(|at| self.addresses.parameter(path, at));
        let mut named = poem::Error::from(problem::path_parameter(name, fault));
        // the log and the metrics know the operation by what the error carries
        if let Some(operation) = error.data::<OperationId>() {
            named.set_data(*operation);
        }
        named
    }
}
