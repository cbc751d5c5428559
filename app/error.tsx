"use client";
/** Something of ours broke; the log has the digest. */
import { CalmPage } from "@/components/calm-page";
import { Button } from "@/components/ui/button";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <CalmPage
      title="Something went wrong"
      action={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      <p>This is our mistake, not yours. Nothing you had saved is lost.</p>
      {error.digest && (
        <p className="mt-2 text-faint text-sm">
          Reference <code className="font-mono">{error.digest}</code>
        </p>
      )}
    </CalmPage>
  );
}
