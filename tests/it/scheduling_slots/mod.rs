//! Reading free times: which dates have any, and which come next.
mod days;
mod next;
