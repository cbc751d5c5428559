/**
 * Somebody who is signed in proves again who they are: with their second factor where they have one, with the password
 * where that is all there is, and with a passkey in any case.
 */
import { findPasswordHash } from "../db/passwords";
import { findSecondFactors } from "../db/second-factors";
import { confirmSession, type SignedInUser } from "../db/sessions";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import type { Params } from "../oauth/params";
import { signedInUser } from "./auth";
import { onTheWay } from "./destination";
import { type Outcome, problemOf } from "./lockout";
import { ownForm } from "./own-form";
import { ownPath } from "./own-path";
import { whoseAnswer } from "./passkeys";
import type { Runtime } from "./runtime";
import { checkSecondFactor, typedFactor } from "./second-factor";

/** A way to prove who one is. */
export type Proof = "passkey" | "code" | "password";

/** The ways a person has, the best first. */
export async function proofsOf({ db }: Pick<Runtime, "db">, userId: string): Promise<readonly Proof[]> {
  const { totp, passkeys } = await findSecondFactors(db, userId);
  return [...(passkeys > 0 ? (["passkey"] as const) : []), totp ? "code" : "password"];
}

/** POST /login/confirm/check: by what is typed. */
export async function confirmEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const next = form.get("next");
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(onTheWay("/login", { next }));
  const checked = await checkTyped(rt, user, form);
  if (checked.outcome === "right") return confirmed(rt, user, next);
  const said = problemOf(checked, "credentials");
  const kept: Record<string, string> = form.get("recovery_code") === undefined ? {} : { with: "recovery" };
  return seeOther(onTheWay("/login/confirm", { next }, { ...said, ...kept }));
}

/** POST /login/confirm/passkey: by a passkey of theirs. */
export async function confirmByPasskeyEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const next = form.get("next");
  const user = await signedInUser(rt, request.headers.cookie);
  if (!user) return seeOther(onTheWay("/login", { next }));
  const ceremony = { does: "confirm", userId: user.id } as const;
  const owner = await whoseAnswer(rt, ceremony, form.get("answer") ?? "");
  if (owner) return confirmed(rt, user, next);
  return seeOther(onTheWay("/login/confirm", { next }, { error: "passkey" }));
}

async function confirmed(rt: Runtime, { sessionId }: SignedInUser, next: string | undefined) {
  await confirmSession(rt.db, sessionId);
  return seeOther(ownPath(next));
}

/** Who has a second factor cannot do with the password alone, whatever the form has. */
async function checkTyped(rt: Runtime, user: SignedInUser, form: Params): Promise<Outcome<unknown>> {
  const proofs = await proofsOf(rt, user.id);
  if (!proofs.includes("code")) return checkPassword(rt, user, form.get("password") ?? "");
  const from = { address: "", device: `session ${user.sessionId}` };
  return checkSecondFactor(rt, user, typedFactor(form), from);
}

/** The password of somebody who is signed in. Who has taken over a session guesses no further than at the sign-in. */
export async function checkPassword(
  { db, lockout, passwords }: Pick<Runtime, "db" | "lockout" | "passwords">,
  { id, email, sessionId }: SignedInUser,
  password: string,
): Promise<Outcome<string>> {
  const attempt = { account: email, address: "", device: `session ${sessionId}` };
  return lockout.attempt(attempt, async () => {
    const hash = await findPasswordHash(db, id);
    return (await passwords.verify(password, hash)) ? hash : null;
  });
}
