"use client";
/** A button that proves with a passkey; it is there where JavaScript and the browser can do that. */
import { KeyRound } from "lucide";
import { useEffect, useRef, useState } from "react";
import { Button } from "./ui/button";
import { FormError } from "./ui/form-error";
import { Icon } from "./ui/icon";

interface PasskeyButtonProps {
  purpose: "sign in" | "confirm";
  /** The endpoint that takes the browser's answer. */
  action: string;
  label: string;
  /** Where the sign-in is to lead. */
  destination: { request?: string; next?: string };
}

/** Its code for passkeys is loaded when it is about to be pressed. The answer travels as a form, as a password would. */
export function PasskeyButton({ purpose, action, label, destination }: PasskeyButtonProps) {
  const form = useRef<HTMLFormElement>(null);
  const answer = useRef<HTMLInputElement>(null);
  const [isPossible, setPossible] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  useEffect(() => setPossible("PublicKeyCredential" in window), []);
  if (!isPossible) return null;

  async function prove() {
    setBusy(true);
    setProblem(undefined);
    try {
      const { proveWithPasskey } = await load();
      if (answer.current) answer.current.value = await proveWithPasskey(purpose);
      form.current?.submit();
    } catch {
      setProblem("No passkey was used: it was cancelled, or there is none for this site here.");
      setBusy(false);
    }
  }

  return (
    <form ref={form} method="post" action={action} className="mt-5 grid gap-4 border-line border-t pt-5">
      {destination.request && <input type="hidden" name="request" value={destination.request} />}
      {destination.next && <input type="hidden" name="next" value={destination.next} />}
      <input ref={answer} type="hidden" name="answer" />
      <FormError text={problem} />
      <Button
        size="lg"
        disabled={isBusy}
        aria-busy={isBusy}
        onPointerEnter={load}
        onFocus={load}
        onClick={prove}
      >
        <Icon of={KeyRound} className="text-faint" />
        {label}
      </Button>
    </form>
  );
}

const load = () => import("./passkey-browser");
