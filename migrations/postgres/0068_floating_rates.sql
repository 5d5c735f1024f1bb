-- Floating rates of loans, and by how much an overdue one costs more. A contract has a fixed rate, or a base with its
-- spread and the days on which it is repriced. Rows of before have none of these, and keep their hash.

-- A [[parameter]] of the plan.
ALTER TABLE fund_step ADD COLUMN rate_base TEXT
  CHECK (rate_base IS NULL OR (movement = 'commit' AND rate IS NULL));
-- Per year, an exact fraction, below zero too.
ALTER TABLE fund_step ADD COLUMN rate_spread TEXT CHECK ((rate_spread IS NULL) = (rate_base IS NULL));
ALTER TABLE fund_step ADD COLUMN rate_reset TEXT
  CHECK ((rate_reset IS NULL) = (rate_base IS NULL) AND rate_reset IN ('daily', 'new_year', 'anniversary'));
-- A share of the rate, an exact fraction: 1/2.
ALTER TABLE fund_step ADD COLUMN rate_penalty TEXT CHECK (rate_penalty IS NULL OR movement = 'commit');
