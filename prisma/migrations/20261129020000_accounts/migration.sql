-- Accounts: who somebody is at an OpenID provider, when a session was last used, and links found by their address.

CREATE TABLE "identities" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "identities_pkey" PRIMARY KEY ("issuer", "subject")
);
CREATE INDEX "identities_user_id_idx" ON "identities"("user_id");
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "sessions" ADD COLUMN "last_active_at" TIMESTAMPTZ(3);
-- A person's sessions are listed, newest first; the index on the person alone is the beginning of this one.
CREATE INDEX "sessions_user_id_created_at_id_idx" ON "sessions"("user_id", "created_at", "id");
DROP INDEX "sessions_user_id_idx";

CREATE INDEX "one_time_links_email_purpose_created_at_idx" ON "one_time_links"("email", "purpose", "created_at");
