-- 认定名单 of platforms, products and standards: the firm that runs or makes it, where there is one; what is listed
-- stands where a firm's name does. Rows of before have none, and keep their hash.
ALTER TABLE recognition ADD COLUMN owner TEXT CHECK (length(owner) > 0);
