"use server";
/** Adding, changing, switching and deleting webhook endpoints; a signing secret travels in these answers and nowhere else. */
import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { CreatedWebhook } from "@/components/create-webhook";
import type { ActionState } from "@/components/ui/action-state";
import {
  createEndpoint,
  deleteEndpoint,
  ENDPOINT_LIMIT,
  rotateEndpointSecret,
  switchEndpoint,
  updateEndpoint,
} from "@/lib/db/webhook-endpoints";
import { runtime } from "@/lib/server/runtime";
import { parseEndpointForm } from "@/lib/server/webhook-form";
import { newWebhookSecret } from "@/lib/server/webhook-signature";
import { loadApp } from "../load-app";

const endpointId = z.string().regex(/^[\w-]{1,64}$/);
const status = z.enum(["active", "disabled"]);

export async function createOneEndpoint(
  _: ActionState<CreatedWebhook>,
  form: FormData,
): Promise<ActionState<CreatedWebhook>> {
  const { user, app } = await loadApp(form.get("app"));
  const { db, keys, targets } = runtime();
  const parsed = await parseEndpointForm(form, targets);
  if (!parsed.ok) return parsed;
  const secret = newWebhookSecret();
  const actor = { actorId: user.id, appId: app.id };
  const made = await createEndpoint(db, actor, parsed.input, keys.seal("webhook secret", "", secret));
  if (made === "no_app") notFound();
  if (made === "too_many")
    return { ok: false, errors: { form: `An app has ${ENDPOINT_LIMIT} endpoints at most.` } };
  revalidatePath(pathOf(app.id));
  return { ok: true, id: made.id, secret };
}

export async function updateOneEndpoint(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const { db, targets } = runtime();
  const id = endpointId.safeParse(form.get("endpoint"));
  const parsed = await parseEndpointForm(form, targets);
  if (!parsed.ok) return parsed;
  const actor = { actorId: user.id, appId: app.id };
  const changed = id.success && (await updateEndpoint(db, actor, id.data, parsed.input));
  revalidatePath(pathOf(app.id), "layout");
  return changed ? { ok: true } : gone;
}

export async function rotateOneEndpoint(
  _: ActionState<{ secret: string }>,
  form: FormData,
): Promise<ActionState<{ secret: string }>> {
  const { user, app } = await loadApp(form.get("app"));
  const { db, keys } = runtime();
  const id = endpointId.safeParse(form.get("endpoint"));
  const secret = newWebhookSecret();
  const actor = { actorId: user.id, appId: app.id };
  const rotated =
    id.success && (await rotateEndpointSecret(db, actor, id.data, keys.seal("webhook secret", "", secret)));
  revalidatePath(pathOf(app.id), "layout");
  return rotated ? { ok: true, secret } : gone;
}

export async function switchOneEndpoint(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const id = endpointId.safeParse(form.get("endpoint"));
  const to = status.safeParse(form.get("status"));
  const actor = { actorId: user.id, appId: app.id };
  const switched = id.success && to.success && (await switchEndpoint(runtime().db, actor, id.data, to.data));
  revalidatePath(pathOf(app.id), "layout");
  return switched ? { ok: true } : gone;
}

/** Does not revalidate: the page it is called from is gone, and its form goes to the list. */
export async function deleteOneEndpoint(_: ActionState, form: FormData): Promise<ActionState> {
  const { user, app } = await loadApp(form.get("app"));
  const id = endpointId.safeParse(form.get("endpoint"));
  const actor = { actorId: user.id, appId: app.id };
  return id.success && (await deleteEndpoint(runtime().db, actor, id.data)) ? { ok: true } : gone;
}

const gone = { ok: false as const, errors: { form: "This endpoint is gone already." } };
const pathOf = (appId: string) => `/settings/api-access/apps/${appId}/webhooks`;
