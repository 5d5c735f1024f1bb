-- 挂钩帮扶: which official or department looks after a firm of a list. Rows of before have none, and keep their hash.
ALTER TABLE recognition ADD COLUMN paired TEXT CHECK (length(paired) > 0);
