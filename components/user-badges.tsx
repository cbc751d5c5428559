/** What a person is here, in a word or two. */
import { Badge } from "./ui/badge";

export function UserBadges({ isAdmin, status }: { isAdmin: boolean; status: "active" | "suspended" }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      {isAdmin && <Badge tone="accent">Administrator</Badge>}
      {status === "active" ? (
        <Badge tone="good" title="They can sign in, and their tokens work">
          Active
        </Badge>
      ) : (
        <Badge tone="bad" title="They cannot sign in, and their tokens do not work">
          Suspended
        </Badge>
      )}
    </span>
  );
}
