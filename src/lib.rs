//! Tithi: the map of the service.
