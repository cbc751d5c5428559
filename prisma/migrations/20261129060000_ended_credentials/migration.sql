-- What tokens were that have ended, tokens that only some addresses may use, and the indexes of one list of everything.

-- Both without a value in every row there is, so neither rewrites the table.
ALTER TABLE "tokens" ADD COLUMN "allowed_addresses" TEXT[];
ALTER TABLE "tokens" ADD COLUMN "replaced_by" BYTEA;

CREATE TABLE "ended_tokens" (
    "hash" BYTEA NOT NULL,
    "kind" "token_kind" NOT NULL,
    "last4" TEXT NOT NULL,
    "name" TEXT,
    "app_id" TEXT,
    "user_id" TEXT,
    "company_id" TEXT,
    "all_companies" BOOLEAN NOT NULL DEFAULT false,
    "created_by_id" TEXT,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by_id" TEXT,
    "reason" TEXT NOT NULL,

    CONSTRAINT "ended_tokens_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "ended_tokens_ended_at_idx" ON "ended_tokens"("ended_at");
CREATE INDEX "ended_tokens_user_id_ended_at_idx" ON "ended_tokens"("user_id", "ended_at") WHERE "user_id" IS NOT NULL;
CREATE INDEX "ended_tokens_company_id_ended_at_idx" ON "ended_tokens"("company_id", "ended_at") WHERE "company_id" IS NOT NULL;
CREATE INDEX "ended_tokens_app_id_ended_at_idx" ON "ended_tokens"("app_id", "ended_at") WHERE "app_id" IS NOT NULL;
CREATE INDEX "ended_tokens_last4_idx" ON "ended_tokens"("last4");

-- The newest of everything, and of one app. An access token pays for one more index, whose end is where it goes.
DROP INDEX "tokens_app_id_idx";
CREATE INDEX "tokens_app_id_created_at_idx" ON "tokens"("app_id", "created_at");
CREATE INDEX "tokens_created_at_idx" ON "tokens"("created_at");

-- People's and companies' own tokens alone: an access token does not pay for these.
CREATE INDEX "tokens_kind_created_at_idx" ON "tokens"("kind", "created_at") WHERE "kind" <> 'access';
CREATE INDEX "tokens_kind_last4_idx" ON "tokens"("kind", "last4") WHERE "kind" <> 'access';
CREATE INDEX "tokens_named_expires_at_idx" ON "tokens"("expires_at") WHERE "kind" <> 'access';

DROP INDEX "refresh_families_app_id_idx";
DROP INDEX "refresh_families_user_id_idx";
CREATE INDEX "refresh_families_app_id_created_at_idx" ON "refresh_families"("app_id", "created_at");
CREATE INDEX "refresh_families_user_id_created_at_idx" ON "refresh_families"("user_id", "created_at") WHERE "user_id" IS NOT NULL;
CREATE INDEX "refresh_families_created_at_idx" ON "refresh_families"("created_at");

CREATE INDEX "client_secrets_created_at_idx" ON "client_secrets"("created_at");
CREATE INDEX "client_secrets_expires_at_idx" ON "client_secrets"("expires_at");
CREATE INDEX "client_secrets_last4_idx" ON "client_secrets"("last4");
