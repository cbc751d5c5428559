-- CreateEnum
CREATE TYPE "user_kind" AS ENUM ('person', 'service');

-- CreateEnum
CREATE TYPE "app_kind" AS ENUM ('registered', 'credential', 'service_account');

-- AlterEnum
ALTER TYPE "app_status" ADD VALUE 'refused';

-- AlterTable
ALTER TABLE "apps" ADD COLUMN     "company_id" TEXT,
ADD COLUMN     "created_by_id" TEXT,
ADD COLUMN     "kind" "app_kind" NOT NULL DEFAULT 'registered',
ADD COLUMN     "policy_ends_at" TIMESTAMPTZ(3),
ADD COLUMN     "purpose" TEXT,
ADD COLUMN     "refusal" TEXT,
ADD COLUMN     "scopes" TEXT[],
ALTER COLUMN "owner_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "authorization_codes" ADD COLUMN     "redirect_uri_sent" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "authorization_requests" ADD COLUMN     "redirect_uri_sent" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "response_type" TEXT NOT NULL DEFAULT 'code',
ADD COLUMN     "scope_sent" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "tokens" ADD COLUMN     "all_companies" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "created_by_id" TEXT,
ADD COLUMN     "family_id" TEXT;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "kind" "user_kind" NOT NULL DEFAULT 'person';

-- CreateTable
CREATE TABLE "observed_redirect_uris" (
    "app_id" TEXT NOT NULL,
    "uri" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "observed_redirect_uris_pkey" PRIMARY KEY ("app_id","uri")
);

-- CreateTable
CREATE TABLE "consent_receipts" (
    "id" TEXT NOT NULL,
    "consent_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "shown" JSONB NOT NULL,

    CONSTRAINT "consent_receipts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_families" (
    "id" TEXT NOT NULL,
    "grant_type" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "user_id" TEXT,
    "company_id" TEXT,
    "all_companies" BOOLEAN NOT NULL DEFAULT false,
    "consent_id" TEXT,
    "code_hash" BYTEA,
    "secret_hash" BYTEA,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refresh_families_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_tokens" (
    "hash" BYTEA NOT NULL,
    "family_id" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),
    "successor" BYTEA,

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "request_traits" (
    "app_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "trait" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "request_traits_pkey" PRIMARY KEY ("app_id","trait","day")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by_id" TEXT,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "consent_receipts_user_id_app_id_at_idx" ON "consent_receipts"("user_id", "app_id", "at");

-- CreateIndex
CREATE INDEX "consent_receipts_at_idx" ON "consent_receipts"("at");

-- CreateIndex
CREATE INDEX "refresh_families_user_id_idx" ON "refresh_families"("user_id");

-- CreateIndex
CREATE INDEX "refresh_families_app_id_idx" ON "refresh_families"("app_id");

-- CreateIndex
CREATE INDEX "refresh_families_code_hash_idx" ON "refresh_families"("code_hash");

-- CreateIndex
CREATE INDEX "refresh_families_expires_at_idx" ON "refresh_families"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_family_id_idx" ON "refresh_tokens"("family_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "refresh_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "request_traits_day_idx" ON "request_traits"("day");

-- CreateIndex
CREATE INDEX "apps_company_id_created_at_id_idx" ON "apps"("company_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "apps_status_created_at_id_idx" ON "apps"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "apps_created_at_id_idx" ON "apps"("created_at", "id");

-- CreateIndex
CREATE INDEX "audit_events_company_id_at_idx" ON "audit_events"("company_id", "at");

-- CreateIndex
CREATE INDEX "tokens_company_id_created_at_idx" ON "tokens"("company_id", "created_at");

-- CreateIndex
CREATE INDEX "tokens_family_id_idx" ON "tokens"("family_id");

-- AddForeignKey
ALTER TABLE "apps" ADD CONSTRAINT "apps_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observed_redirect_uris" ADD CONSTRAINT "observed_redirect_uris_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- An app belongs to a user or to a company.
ALTER TABLE "apps" ADD CONSTRAINT "apps_one_owner" CHECK (("owner_id" IS NULL) <> ("company_id" IS NULL));

-- Consumed once, soon: room on its page keeps the second version beside the first (a HOT update).
ALTER TABLE "refresh_tokens" SET (fillfactor = 50);

-- Apps from before there was a choice may ask for what there was, and keep every switch as it worked.
UPDATE "apps" SET
  "scopes" = ARRAY['read', 'write'],
  "policy" = '{
      "grants": ["authorization_code"], "implicit": false, "password": false,
      "omit_redirect_uri": false, "token_redirect_uri": "required_if_sent", "state": "unless_pkce",
      "refresh_without_client_auth": false, "access_idle_days": null, "refresh": "none",
      "refresh_seconds": 7776000, "refresh_idle_seconds": 2592000, "refresh_for_client_credentials": false,
      "token_type": "Bearer", "scope_mismatch": "narrow", "error_status": "rfc", "consent": "remember",
      "since": {}, "until": {}
    }'::jsonb || ("policy" - 'default_scope') || jsonb_build_object('default_scope',
      CASE "policy"->>'default_scope' WHEN 'full' THEN 'registered' ELSE 'basic' END);
