"use server";
/** Sending a test event, and a delivery again: both wait for what comes of it, so that the page can show it. */
import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { ActionState } from "@/components/ui/action-state";
import { resendDelivery, sendTestEvent } from "@/lib/db/webhook-deliveries";
import { runtime } from "@/lib/server/runtime";
import { loadApp } from "../../load-app";

const id = z.string().regex(/^[\w-]{1,64}$/);

export async function sendTest(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const endpoint = id.safeParse(form.get("endpoint"));
  if (!endpoint.success) return off;
  const { db, courier } = runtime();
  const sent = await sendTestEvent(db, { actorId: user.id, appId: app.id }, endpoint.data);
  if (sent === "wait")
    return { ok: false, errors: { form: "That were many in a short time. Wait a minute." } };
  if (sent === null) return off;
  await courier.deliver(sent);
  revalidatePath(`/settings/api-access/apps/${app.id}/webhooks/${endpoint.data}`);
  return { ok: true };
}

export async function resend(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const delivery = id.safeParse(form.get("delivery"));
  const { db, courier } = runtime();
  const actor = { actorId: user.id, appId: app.id };
  if (!delivery.success || !(await resendDelivery(db, actor, delivery.data)))
    return { ok: false, errors: { form: "It is on its way already, or its endpoint is off." } };
  await courier.deliver(delivery.data);
  revalidatePath(`/settings/api-access/apps/${app.id}/webhooks`, "layout");
  return { ok: true };
}

const off = { ok: false as const, errors: { form: "This endpoint is off, or gone." } };
