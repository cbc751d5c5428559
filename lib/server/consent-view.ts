/** What the consent screen shows: the stored request, the client as it is now, and what is new for this person. */
import { scopes as catalogue } from "../../latchkey.config";
import { isVerified } from "../db/app-supervision";
import {
  type Approver,
  findPending,
  givenScopes,
  mayUse,
  newScopes,
  type PendingRequest,
  snapshot,
} from "../oauth/consent";
import { redirectHost } from "../oauth/redirect_uri";
import type { ScopeCatalogue } from "../oauth/scope";
import type { Receipt } from "../oauth/store";
import { approver } from "./auth";
import { runtime } from "./runtime";
import type { SignedInUser } from "./session";

export interface ConsentView {
  requestId: string;
  /** Comes back with the decision; it is refused when what was shown is no longer what would be granted. */
  snapshot: string;
  app: { name: string; logoId: string | null; ownerName: string; isVerified: boolean };
  redirectHost: string;
  companies: { id: string; name: string }[];
  selectedCompanyId: string | null;
  scopes: { name: string; title: string; description: string; isNew: boolean }[];
  /** Asked for, but not this person's to give. */
  leftOut: { name: string; title: string; description: string }[];
  userEmail: string;
}

/** @returns null when the request is gone: taken, expired, or its app no longer there */
export async function consentView(requestId: string, user: SignedInUser): Promise<ConsentView | null> {
  const { as } = runtime();
  const pending = await findPending(as, requestId);
  if (!pending) return null;
  const { request, client } = pending;
  const consents = await as.store.findConsents(user.id, client.client_id);
  const who = approver(user);
  const fresh = newScopes(request, consents);
  const given = givenScopes(request, who);
  const last = consents.find(({ companyId }) => companyId !== null && mayUse(who, companyId));
  return {
    requestId,
    snapshot: snapshot(pending, who),
    app: {
      ...{ name: client.name, logoId: client.logoId, ownerName: client.ownerName },
      isVerified: await isVerified(runtime().db, client.client_id),
    },
    redirectHost: redirectHost(request.redirect_uri),
    companies: user.companies.map(({ id, name }) => ({ id, name })),
    selectedCompanyId: last?.companyId ?? who.companyIds[0] ?? null,
    scopes: given.map((name) => ({
      ...scopeInWords(name),
      // On a first approval everything is new, so nothing needs to be marked.
      isNew: consents.length > 0 && fresh.includes(name),
    })),
    leftOut: request.scopes.filter((name) => !given.includes(name)).map(scopeInWords),
    userEmail: user.email,
  };
}

const words: ScopeCatalogue = catalogue;

/** A scope that has left the catalogue keeps its name. */
function scopeInWords(name: string) {
  return { name, title: words[name]?.title ?? name, description: words[name]?.description ?? "" };
}

/** What stands on the consent screen, to be kept with the decision. */
export function receiptOf(
  { request, client }: PendingRequest,
  who: Approver,
  company: string | null,
): Receipt {
  return {
    app: client.name,
    owner: client.ownerName,
    redirectHost: redirectHost(request.redirect_uri),
    company,
    scopes: givenScopes(request, who).map(scopeInWords),
  };
}

/** The name of the app a stored request comes from, for the sign-in page. */
export async function requestAppName(requestId: string): Promise<string | null> {
  const pending = await findPending(runtime().as, requestId);
  return pending?.client.name ?? null;
}
