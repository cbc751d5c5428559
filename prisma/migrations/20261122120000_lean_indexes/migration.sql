-- Every token pays for every index when it is written, and most have no value for some of these columns.
DROP INDEX "tokens_code_hash_idx";
DROP INDEX "tokens_family_id_idx";
DROP INDEX "tokens_user_id_created_at_idx";
DROP INDEX "tokens_company_id_created_at_idx";
DROP INDEX "refresh_families_code_hash_idx";
DROP INDEX "refresh_families_user_id_idx";

CREATE INDEX "tokens_code_hash_idx" ON "tokens"("code_hash") WHERE "code_hash" IS NOT NULL;
CREATE INDEX "tokens_family_id_idx" ON "tokens"("family_id") WHERE "family_id" IS NOT NULL;
CREATE INDEX "tokens_user_id_created_at_idx" ON "tokens"("user_id", "created_at") WHERE "user_id" IS NOT NULL;
CREATE INDEX "tokens_company_id_created_at_idx" ON "tokens"("company_id", "created_at") WHERE "company_id" IS NOT NULL;
CREATE INDEX "refresh_families_code_hash_idx" ON "refresh_families"("code_hash") WHERE "code_hash" IS NOT NULL;
CREATE INDEX "refresh_families_user_id_idx" ON "refresh_families"("user_id") WHERE "user_id" IS NOT NULL;

-- What housekeeping walks, as in every other table that rows leave.
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");

-- A code is written, and consumed once within a minute: room on its page keeps the second version beside the first.
ALTER TABLE "authorization_codes" SET (fillfactor = 50);
