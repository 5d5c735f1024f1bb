-- 达产产值: what a project is to produce a year at full capacity, in 元. Rows of before have none, and keep their hash.
ALTER TABLE project_revision ADD COLUMN output INTEGER CHECK (output >= 0);
