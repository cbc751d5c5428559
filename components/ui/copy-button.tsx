"use client";
/** Puts a text on the clipboard and says so. */
import { Check, Copy } from "lucide";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { Icon } from "./icon";

/** `describedBy` is the id of the text that says what is copied. */
export function CopyButton({ text, describedBy }: { text: string; describedBy?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        variant={copied ? "done" : "quiet"}
        size="sm"
        aria-describedby={describedBy}
        onClick={async () => setCopied(await copy(text))}
      >
        {copied ? <Icon of={Check} /> : <Icon of={Copy} />}
        {copied ? "Copied" : "Copy"}
      </Button>
      <span role="status" className="sr-only">
        {copied ? "On the clipboard" : ""}
      </span>
    </>
  );
}

/** True when the text is on the clipboard. Browsers offer the clipboard on https and localhost only. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The old way, for plain http in a private network. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "fixed opacity-0";
  const place = document.activeElement?.parentElement ?? document.body;
  place.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
