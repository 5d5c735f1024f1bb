-- Which returns are on their way, without reading what was handed in.
CREATE INDEX return_step_state ON return_step (plan_id, rhythm, year, month, unit_id, version, state);
