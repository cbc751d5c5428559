-- What answers questions about credentials and requests: where a use came from.

ALTER TABLE "tokens" ADD COLUMN "last_used_address" TEXT, ADD COLUMN "last_used_agent" TEXT;
ALTER TABLE "client_secrets" ADD COLUMN "last_used_address" TEXT, ADD COLUMN "last_used_agent" TEXT;

-- Old secrets that end by themselves once nobody uses them, and how often each is used.
ALTER TABLE "client_secrets" ADD COLUMN "retire_after_silent_hours" INTEGER;
CREATE INDEX "client_secrets_retire_after_silent_hours_idx" ON "client_secrets"("retire_after_silent_hours");

CREATE TABLE "secret_uses" (
    "secret_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "secret_uses_pkey" PRIMARY KEY ("secret_id","hour")
);
CREATE INDEX "secret_uses_hour_idx" ON "secret_uses"("hour");

-- Refused requests: what was received beside what is registered, who sent it, and which are refused alike.
ALTER TABLE "request_log"
    ADD COLUMN "grant_type" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "summary" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "group_key" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "registered" JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN "address" TEXT,
    ADD COLUMN "agent" TEXT;
CREATE INDEX "request_log_app_id_group_key_at_idx" ON "request_log"("app_id", "group_key", "at");

-- All requests of an app, counted by hour.
CREATE TABLE "request_counts" (
    "app_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "endpoint" TEXT NOT NULL,
    "grant_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "request_counts_pkey" PRIMARY KEY ("app_id","hour","endpoint","grant_type","outcome","summary")
);
CREATE INDEX "request_counts_hour_idx" ON "request_counts"("hour");
