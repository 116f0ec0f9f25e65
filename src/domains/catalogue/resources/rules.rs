//! What a resource must fulfil beyond the form of its fields.

use crate::error::FieldError;
use crate::kernel::zone::Zone;

/// The zone in the spelling of the IANA database.
pub fn zone(name: &str) -> Result<String, FieldError> {
    let zone = Zone::parse(name);
    zone.map(|zone| zone.name().to_owned())
        .map_err(|_| FieldError::new("#/tz", "unknown", "Use a name of the IANA time zone database."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_database() {
        assert_eq!(zone("Europe/Berlin").unwrap(), "Europe/Berlin");
        for name in ["", "Berlin", "Mars/Olympus", "+02:00"] {
            assert_eq!(zone(name).unwrap_err().pointer, "#/tz", "{name}");
        }
    }
}
