//! Reading free times: which dates have any, and which come next.
mod cache;
mod days;
mod next;
