-- Who belongs to a company in pages, which company somebody works for, and who maintains a company's apps.

-- Members are listed in the order they came.
CREATE INDEX "memberships_company_id_created_at_user_id_idx" ON "memberships"("company_id", "created_at", "user_id");
DROP INDEX "memberships_company_id_idx";

ALTER TABLE "sessions" ADD COLUMN "company_id" TEXT;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "sessions_company_id_idx" ON "sessions"("company_id");

CREATE TABLE "app_maintainers" (
    "app_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "added_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "app_maintainers_pkey" PRIMARY KEY ("app_id", "user_id")
);
CREATE INDEX "app_maintainers_user_id_idx" ON "app_maintainers"("user_id");
ALTER TABLE "app_maintainers" ADD CONSTRAINT "app_maintainers_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "apps"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "app_maintainers" ADD CONSTRAINT "app_maintainers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
