"use server";
/** Turning an app's redirect domain into the addresses it really uses. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { limits } from "@/latchkey.config";
import { pinRedirects } from "@/lib/db/observed-redirects";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "./load-app";

const uris = z
  .array(z.string())
  .min(1, "Choose at least one address.")
  .max(limits.redirectUris, `Choose at most ${limits.redirectUris} addresses.`);

export async function pinToExact(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const parsed = uris.safeParse([...new Set(form.getAll("uri"))]);
  if (!parsed.success)
    return { ok: false, errors: { form: parsed.error.issues[0]?.message ?? "Choose other addresses." } };
  if (!(await pinRedirects(runtime().db, user.id, app.id, parsed.data)))
    return {
      ok: false,
      errors: { form: "One of these is no longer among those seen. Load the page again." },
    };
  revalidatePath("/settings/api-access/apps", "layout");
  return { ok: true };
}
