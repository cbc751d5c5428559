/** An app's secrets as an administrator may see them: their last four characters. */
import { brand } from "@/latchkey.config";
import type { AnyAppDetail } from "@/lib/db/all-apps";
import { LineList } from "./line-list";
import { Card, CardHead } from "./ui/card";
import { Moment } from "./ui/moment";

export function AdminAppSecrets({ app }: { app: AnyAppDetail }) {
  if (app.type === "public") return null;
  return (
    <Card>
      <CardHead title="Secrets" text="Nobody can read them, its owner included." />
      <LineList
        none="No secret works now."
        lines={app.secrets.map((secret) => ({
          key: secret.id,
          title: (
            <code className="font-mono text-sm">
              {brand.credentialPrefix}cs_…{secret.last4}
            </code>
          ),
          text: (
            <>
              Created <Moment at={secret.createdAt} /> ·{" "}
              {secret.lastUsedAt ? (
                <>
                  last used <Moment at={secret.lastUsedAt} />
                </>
              ) : (
                "not used yet"
              )}
              {secret.expiresAt && (
                <>
                  {" "}
                  · ends <Moment at={secret.expiresAt} />
                </>
              )}
            </>
          ),
        }))}
      />
    </Card>
  );
}
