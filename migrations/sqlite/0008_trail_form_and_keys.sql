-- How a row's hash is made. 1: SHA-256 of the canonical JSON of all columns but this one and the hash; rows of before keep
-- it. 2: SHA-256 of seq, previous_hash and the SHA-256 of the canonical JSON of at, actor, action, object and detail, as
-- text one behind the other: whoever may not read a row can still prove its link by the SHA-256 of what it says.
ALTER TABLE audit ADD COLUMN form INTEGER NOT NULL DEFAULT 1 CHECK (form IN (1, 2));

-- The public key that the office signed with when this was published: what its papers print must not change with the key.
ALTER TABLE edition ADD COLUMN public_key TEXT CHECK (length(public_key) > 0);
