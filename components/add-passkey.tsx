"use client";
/** The button that makes a passkey in this browser and has the server keep it. */
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { Plus } from "lucide";
import { useEffect, useState, useTransition } from "react";
import type { ActionState } from "./ui/action-state";
import { Button } from "./ui/button";
import { Icon } from "./ui/icon";
import { toast } from "./ui/toast";

interface AddPasskeyProps {
  /** Asks for a fresh sign-in first, where the last one is a while ago. */
  begin: () => Promise<PublicKeyCredentialCreationOptionsJSON>;
  finish: (answer: string) => Promise<ActionState<{ name: string }>>;
}

export function AddPasskey({ begin, finish }: AddPasskeyProps) {
  const [isPossible, setPossible] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const [problem, setProblem] = useState("");
  useEffect(() => setPossible("PublicKeyCredential" in window), []);

  async function add() {
    setProblem("");
    const options = await begin();
    // A redirect has taken the person to confirm who they are.
    if (!options) return;
    const answer = await made(options);
    if (answer === null)
      return setProblem("No passkey was made: it was cancelled, or this device has one already.");
    const kept = await finish(answer);
    if (kept?.ok) toast(`Passkey “${kept.name}” added`);
    else setProblem("This passkey could not be added. Try again.");
  }

  return (
    <div className="grid justify-items-start gap-1 sm:max-w-64 sm:justify-items-end">
      <Button
        size="sm"
        disabled={!isPossible || isBusy}
        aria-busy={isBusy}
        onPointerEnter={load}
        onClick={() => startTransition(add)}
      >
        <Icon of={Plus} />
        Add a passkey
      </Button>
      <p role="status" className="text-bad text-sm sm:text-right">
        {problem}
      </p>
    </div>
  );
}

const load = () => import("./passkey-browser");

/** @returns null when the person or the browser would not */
async function made(options: PublicKeyCredentialCreationOptionsJSON): Promise<string | null> {
  const { makePasskey } = await load();
  return makePasskey(options).catch(() => null);
}
