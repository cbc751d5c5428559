-- Administration: people, companies and apps are found by how their names begin, listed newest first, and stopped or
-- vouched for by administrators.

ALTER TABLE "apps" ADD COLUMN "verified_at" TIMESTAMPTZ(3);
ALTER TABLE "apps" ADD COLUMN "suspension" TEXT;
ALTER TABLE "apps" ADD COLUMN "resumes_as" "app_status";

ALTER TABLE "audit_events" ADD COLUMN "subject_id" TEXT;
CREATE INDEX "audit_events_subject_id_at_idx" ON "audit_events"("subject_id", "at") WHERE "subject_id" IS NOT NULL;
CREATE INDEX "audit_events_action_at_idx" ON "audit_events"("action", "at");

CREATE INDEX "users_kind_created_at_id_idx" ON "users"("kind", "created_at", "id");
CREATE INDEX "users_status_created_at_id_idx" ON "users"("status", "created_at", "id");
CREATE INDEX "users_is_admin_created_at_id_idx" ON "users"("is_admin", "created_at", "id");
CREATE INDEX "companies_created_at_id_idx" ON "companies"("created_at", "id");

-- A beginning, as LIKE 'word%' asks for it, whatever the collation of the database. Prisma has no word for an index over
-- an expression, so schema.prisma is silent about those.
CREATE INDEX "users_lower_email_idx" ON "users"(lower("email") text_pattern_ops);
CREATE INDEX "users_lower_name_idx" ON "users"(lower("name") text_pattern_ops);
CREATE INDEX "companies_lower_name_idx" ON "companies"(lower("name") text_pattern_ops);
CREATE INDEX "apps_lower_name_idx" ON "apps"(lower("name") text_pattern_ops);
