/** How many recovery codes are left, and the way to new ones. */
import Link from "next/link";
import type { SecondFactors } from "@/lib/db/second-factors";
import { Badge } from "./ui/badge";
import { buttonClass } from "./ui/button";
import { Card, CardBody, CardHead } from "./ui/card";

/** From so many on a person should think of new ones. */
const FEW = 3;

export function RecoveryCodesCard({ codes: { made, left } }: Pick<SecondFactors, "codes">) {
  return (
    <Card>
      <CardHead
        title="Recovery codes"
        text="For when you have neither your app nor a passkey. Each works once."
        aside={
          <Badge tone={left <= FEW ? "warn" : "plain"}>
            {left} of {made} left
          </Badge>
        }
      />
      <CardBody>
        <div>
          <Link href="/settings/security/recovery-codes" className={buttonClass({ size: "sm" })}>
            Make new codes
          </Link>
        </div>
      </CardBody>
    </Card>
  );
}
