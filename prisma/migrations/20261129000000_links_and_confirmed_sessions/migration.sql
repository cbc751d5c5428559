-- Links that do one thing once, and when somebody last proved who they are.

-- People who are there were let in by somebody who knew them.
ALTER TABLE "users" ADD COLUMN "email_verified_at" TIMESTAMPTZ(3);
UPDATE "users" SET "email_verified_at" = "created_at" WHERE "kind" = 'person';

-- An older instance still writes sessions while this one is rolled out: theirs count from their sign-in.
ALTER TABLE "sessions" ADD COLUMN "confirmed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now();
UPDATE "sessions" SET "confirmed_at" = "created_at";

CREATE TABLE "one_time_links" (
    "id" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "purpose" TEXT NOT NULL,
    "user_id" TEXT,
    "company_id" TEXT,
    "created_by_id" TEXT,
    "email" TEXT,
    "details" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "one_time_links_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "one_time_links_hash_key" ON "one_time_links"("hash");
CREATE INDEX "one_time_links_user_id_purpose_idx" ON "one_time_links"("user_id", "purpose");
CREATE INDEX "one_time_links_company_id_purpose_created_at_idx" ON "one_time_links"("company_id", "purpose", "created_at");
CREATE INDEX "one_time_links_expires_at_idx" ON "one_time_links"("expires_at");
