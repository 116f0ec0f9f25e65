//! The pages for people, read as a browser without scripts reads them.

mod public;
