-- Credentials that were reported as leaked, until those they belong to decide about them.
CREATE TABLE "quarantined_credentials" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "last4" TEXT NOT NULL,
    "name" TEXT,
    "app_id" TEXT,
    "user_id" TEXT,
    "company_id" TEXT,
    "row" JSONB,
    "would_end_at" TIMESTAMPTZ(3),
    "source" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quarantined_credentials_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "quarantined_credentials_hash_key" ON "quarantined_credentials"("hash");
CREATE INDEX "quarantined_credentials_user_id_at_idx" ON "quarantined_credentials"("user_id", "at");
CREATE INDEX "quarantined_credentials_company_id_at_idx" ON "quarantined_credentials"("company_id", "at");
CREATE INDEX "quarantined_credentials_at_idx" ON "quarantined_credentials"("at");
