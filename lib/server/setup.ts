/** POST /setup/create: the first administrator of an installation, by the link that its start printed. */
import { z } from "zod";
import { createFirstAdmin, makeFirstAdminLink } from "../db/first-admin";
import { findLink } from "../db/one-time-links";
import { type EndpointRequest, type EndpointResponse, seeOther } from "../oauth/message";
import { deviceOf, openSession } from "./auth";
import { emailAddress } from "./email-address";
import { errorPage } from "./error-page";
import { newPassword } from "./new-password";
import { ownForm } from "./own-form";
import type { Runtime } from "./runtime";
import { visibleName } from "./visible-name";

const fields = z.object({
  name: visibleName("Enter your name."),
  email: emailAddress,
  password: newPassword("Choose a password."),
});

export async function setupEndpoint(rt: Runtime, request: EndpointRequest): Promise<EndpointResponse> {
  const form = ownForm(rt, request);
  const link = form.get("link") ?? "";
  // Before the password is hashed: that takes a while, and strangers are not to have it for nothing.
  if ((await findLink(rt.db, "first_admin", link)) === null) return gone(request);
  const parsed = fields.safeParse(Object.fromEntries(form));
  if (!parsed.success) return again(form, String(parsed.error.issues[0]?.path[0]));
  const { name, email, password } = parsed.data;
  const made = await createFirstAdmin(rt.db, link, {
    ...{ name, email },
    passwordHash: await rt.passwords.hash(password),
  });
  if (made === "no_link") return gone(request);
  if (made === "email_taken") return again(form, "email_taken");
  const cookies = await openSession(rt, { id: made.id, email }, deviceOf(request));
  return seeOther("/admin", { "set-cookie": cookies });
}

/** Back to the form with what was typed, but for the password. @param error what the page has words for */
function again(form: ReadonlyMap<string, string>, error: string): EndpointResponse {
  const kept = new URLSearchParams({ link: form.get("link") ?? "", error });
  for (const name of ["name", "email"]) kept.set(name, (form.get(name) ?? "").slice(0, 300));
  return seeOther(`/setup?${kept}`);
}

function gone(request: EndpointRequest): EndpointResponse {
  return errorPage({
    status: 400,
    title: "This link does not work",
    message:
      "It was used already, or it is from an earlier start. The log of the latest start has the one that works, if there is no administrator yet.",
    requestId: request.requestId,
  });
}

/** What the start prints where nobody administers the installation; null where somebody does. */
export async function firstAdminAddress({ db, env }: Pick<Runtime, "db" | "env">): Promise<string | null> {
  const link = await makeFirstAdminLink(db);
  return link && `${env.issuer}/setup?link=${link}`;
}
