/** What the page of an invitation sends: joining as who is signed in, or as somebody new. */
import { z } from "zod";
import { acceptInvitation, findInvitation, joinAsNewPerson } from "../db/invitations";
import { chooseCompany } from "../db/sessions";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { deviceOf, openSession, signedInUser } from "./auth";
import { newPassword } from "./new-password";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";
import { visibleName } from "./visible-name";

/** Where who has joined goes on. */
const WELCOME = "/company/profile?joined=1";

/** The page that shows where an invitation stands, whatever became of it. */
function pageOf(link: string, problem: Record<string, string> = {}): EndpointResponse {
  return seeOther(`/join?${new URLSearchParams({ link, ...problem })}`);
}

/** POST /join/accept */
export async function acceptEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const link = ownForm(rt, request).get("link") ?? "";
  const user = await signedInUser(rt, request.headers.cookie);
  // The page says whose it is, whether to sign in, and when it works no more.
  if (!user) return pageOf(link);
  const joined = await acceptInvitation(rt.db, link, user.id);
  if (joined === null || joined === "not_theirs") return pageOf(link);
  await chooseCompany(rt.db, user.sessionId, joined.companyId);
  return seeOther(WELCOME);
}

const fields = z.object({
  name: visibleName("Enter your name.", 80),
  password: newPassword(),
});

/** POST /join/create-account */
export async function createAccountEndpoint(
  rt: Runtime,
  request: EndpointRequest,
): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const link = form.get("link") ?? "";
  const parsed = fields.safeParse({ name: form.get("name"), password: form.get("password") });
  const invitation = await findInvitation(rt.db, link);
  // Before the password is hashed, which takes its time: strangers have no link.
  if (!invitation || invitation.hasAccount) return pageOf(link);
  if (!parsed.success) {
    const wrong = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))].join(" ");
    return pageOf(link, { wrong, name: (form.get("name") ?? "").slice(0, 80) });
  }
  const { name, password } = parsed.data;
  const passwordHash = await rt.passwords.hash(password);
  const joined = await joinAsNewPerson(rt.db, link, { name, passwordHash });
  if (joined === null || joined === "has_account") return pageOf(link);
  const person = { id: joined.userId, email: invitation.email };
  return seeOther(WELCOME, { "set-cookie": await openSession(rt, person, deviceOf(request)) });
}
