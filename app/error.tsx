"use client";
/** Something of ours broke, or cannot be reached for a moment; the log has the digest. */
import { useEffect, useState } from "react";
import { CalmPage } from "@/components/calm-page";
import { Button } from "@/components/ui/button";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  // What was thrown stays on the server; whether it can serve at all is no secret.
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    fetch("/readyz").then(
      ({ status }) => setAway(status === 503),
      () => setAway(true),
    );
  }, []);
  return (
    <CalmPage
      title={isAway ? "Back in a moment" : "Something went wrong"}
      action={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      <p>
        {isAway ? "We cannot answer right now." : "This is our mistake, not yours."} Nothing you had saved is
        lost.
      </p>
      {error.digest && (
        <p className="mt-2 text-faint text-sm">
          Reference <code className="font-mono">{error.digest}</code>
        </p>
      )}
    </CalmPage>
  );
}
