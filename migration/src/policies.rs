//! The SQL of `policies/`, carried in the binary. Which file is run by whom is decided here and nowhere else.

/// One file of `policies/`.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFile {
    pub name: &'static str,
    pub sql: &'static str,
}

macro_rules! policy {
    ($name:literal) => {
        PolicyFile { name: $name, sql: include_str!(concat!("../../policies/", $name)) }
    };
}

/// Run by an administrator, once per cluster: the roles.
pub const BOOTSTRAP_CLUSTER: PolicyFile = policy!("000_roles.sql");

/// Run by an administrator, once per database: extensions, the schema, its owner.
pub const BOOTSTRAP_DATABASE: PolicyFile = policy!("001_database.sql");

/// Run by the owner after the steps, every time, in this order.
pub const POLICIES: &[PolicyFile] = &[
    policy!("010_context.sql"),
    policy!("020_template.sql"),
    policy!("100_tenancy.sql"),
    policy!("110_identity.sql"),
    policy!("120_catalogue.sql"),
    policy!("130_scheduling.sql"),
    policy!("140_booking.sql"),
    policy!("150_reliability.sql"),
    policy!("170_crm.sql"),
    policy!("180_loyalty.sql"),
    policy!("190_payments.sql"),
    policy!("195_connect.sql"),
    policy!("200_promotions.sql"),
    policy!("210_packages.sql"),
    policy!("220_invoices.sql"),
    policy!("230_billing.sql"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that nobody runs is a guard that does not exist.
    #[test]
    fn every_file_of_the_folder_is_run_once_in_order() -> std::io::Result<()> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../policies"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".sql") {
                found.push(name);
            }
        }
        found.sort();
        let listed: Vec<_> =
            [BOOTSTRAP_CLUSTER, BOOTSTRAP_DATABASE].iter().chain(POLICIES).map(|file| file.name).collect();
        assert_eq!(found, listed);
        Ok(())
    }
}
