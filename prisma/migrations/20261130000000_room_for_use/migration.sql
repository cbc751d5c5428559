-- Room on each page for the next version of a token's row: its last use is written then without a new entry in every
-- index (a heap-only tuple). Pages that are full already stay as they are.
ALTER TABLE "tokens" SET (fillfactor = 90);
