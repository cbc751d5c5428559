"use client";
/** The document itself could not be made. */
import { CalmPage } from "@/components/calm-page";
import { Button } from "@/components/ui/button";
import "./globals.css";

export default function GlobalError({ reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong</title>
        <CalmPage
          title="Something went wrong"
          action={
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
          }
        >
          This is our mistake, not yours. Nothing you had saved is lost.
        </CalmPage>
      </body>
    </html>
  );
}
