"use client";
/** The document itself could not be made. Bare on purpose: every page carries this code, and hopes not to need it. */
import "./globals.css";

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong</title>
        <main className="grid min-h-dvh place-content-center gap-3 p-6 text-center">
          <h1 className="font-semibold text-2xl">Something went wrong</h1>
          <p className="text-soft">This is our mistake, not yours. Nothing you had saved is lost.</p>
          <p>
            <button type="button" onClick={reset} className="rounded-md border border-edge px-4 py-2">
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
