-- A plan may ask in several rhythms (monthly, quarterly, yearly): a unit's return is one of a rhythm.
-- '' is the plan's [calendar], and is left out of what row_sha256 is made of: rows of before keep theirs.

ALTER TABLE draft ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE draft DROP CONSTRAINT draft_pkey;
ALTER TABLE draft ADD PRIMARY KEY (plan_id, rhythm, year, month, unit_id, cell, version);

ALTER TABLE return_step ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE return_step DROP CONSTRAINT return_step_pkey;
ALTER TABLE return_step ADD PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version);

ALTER TABLE late_exception ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE late_exception DROP CONSTRAINT late_exception_pkey;
ALTER TABLE late_exception ADD PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version);

ALTER TABLE review_question ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE review_question DROP CONSTRAINT review_question_pkey;
ALTER TABLE review_question ADD PRIMARY KEY (plan_id, rhythm, year, month, unit_id, step, goal_id, region_id);
