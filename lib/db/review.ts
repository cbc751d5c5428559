/** When a change of an app sends it back to an administrator, where registration is by approval (docs/decisions/0010). */
import { type Policy, type SwitchKey, standard, switchKeys } from "../oauth/policy";
import { matchRedirectUri, type RedirectRule } from "../oauth/redirect";
import { covers } from "../oauth/scope";
import type { Client } from "../oauth/types";
import { isMaintainedBy } from "./app-maintenance";
import type { Prisma } from "./generated/client";
import { holdInstance } from "./settings";

/** What an administrator judges an app by. */
export interface Reviewed {
  name: string;
  redirect: RedirectRule;
  scopes: readonly string[];
  policy: Policy;
}

/**
 * Holds an app this person maintains until the transaction ends: an administrator's decision about it comes before what
 * is read next, or after what is written.
 */
export async function holdApp(tx: Prisma.TransactionClient, actorId: string, appId: string): Promise<void> {
  // Raw because Prisma's builder has no row locks.
  await tx.$queryRaw`SELECT 1 FROM apps a WHERE a.id = ${appId} AND ${isMaintainedBy(actorId)} FOR UPDATE OF a`;
}

/**
 * The columns that change with an app's standing when somebody changes it. One that was refused asks again; an active
 * one waits again where registration is by approval and the change goes beyond what was approved.
 * @param newLogo is there another picture?
 */
export async function standingAfter(
  tx: Prisma.TransactionClient,
  actorId: string,
  before: Reviewed & { status: Client["status"] },
  after: Reviewed,
  newLogo = false,
): Promise<{ status?: "active" | "pending"; refusal?: null }> {
  if (before.status !== "refused" && before.status !== "active") return {};
  const refused = before.status === "refused";
  if (!refused && !newLogo && !goesBeyond(before, after)) return {};
  const admins = await tx.user.count({ where: { id: actorId, isAdmin: true } });
  if (refused) return { status: admins > 0 ? "active" : "pending", refusal: null };
  const { registration } = await holdInstance(tx);
  return registration === "approval" && admins === 0 ? { status: "pending" } : {};
}

/** Does this say or allow anything that the approved app did not? Less of anything is no matter for a review. */
export function goesBeyond(before: Reviewed, after: Reviewed): boolean {
  return (
    before.name !== after.name ||
    !covers(before.scopes, after.scopes) ||
    !redirectsWithin(before.redirect, after.redirect) ||
    loosens(before.policy, after.policy)
  );
}

/** Is it still what an administrator verified: of the same name, and sending people nowhere else? */
export function staysItself(
  before: Pick<Reviewed, "name" | "redirect">,
  after: Pick<Reviewed, "name" | "redirect">,
): boolean {
  return before.name === after.name && redirectsWithin(before.redirect, after.redirect);
}

function redirectsWithin(before: RedirectRule, after: RedirectRule): boolean {
  if (after.match === "exact") return after.uris.every((uri) => matchRedirectUri(before, uri));
  return before.match === "origin_path" && before.domain === after.domain;
}

/** A switch may move to what `Standard` says; anything else, and a later end of it, is for a review. */
function loosens(before: Policy, after: Policy): boolean {
  return switchKeys.some((key) => {
    if (same(after[key], standard[key])) return false;
    const moved = !same(before[key], after[key]);
    return moved || endOf(after, key) > endOf(before, key);
  });
}

function endOf({ until }: Policy, key: SwitchKey): number {
  const end = until[key];
  return end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end);
}

/** Do two values of a switch say the same? */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
