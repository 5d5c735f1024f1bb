-- What came to the figures of a plan after a row of the trail.
CREATE INDEX return_revision_since ON return_revision (plan_id, audit_seq);
