//! One test binary.
mod openapi_layer;
