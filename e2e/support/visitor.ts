// A person over HTTP, for what a test needs but is not about: a cookie and the plain forms of sign-in and consent.

import { password } from "./people.ts";

export interface Visitor {
  readonly issuer: string;
  readonly email: string;
  /** The session cookie, as the Cookie header takes it. */
  readonly cookie: string;
}

/** Signs in with the plain form. */
export async function enter(issuer: string, email: string): Promise<Visitor> {
  const answer = await postSignIn(issuer, { email, password });
  const [cookie = ""] = answer.headers.getSetCookie();
  if (cookie === "") throw new Error(`${email} was not signed in: ${answer.headers.get("location")}`);
  return { issuer, email, cookie: cookie.split(";", 1)[0] ?? "" };
}

export function postSignIn(issuer: string, form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(`${issuer}/login/sign-in`, { method: "POST", body, redirect: "manual" });
}

/** GET, without following a redirect. */
export function visit({ issuer, cookie }: Visitor, path: string | URL): Promise<Response> {
  return fetch(new URL(path, issuer), { headers: { cookie }, redirect: "manual" });
}

/** POST of a form, without following a redirect. */
export function submit({ issuer, cookie }: Visitor, path: string, body: URLSearchParams): Promise<Response> {
  const headers = { cookie, origin: issuer };
  return fetch(new URL(path, issuer), { method: "POST", headers, body, redirect: "manual" });
}

export interface Decision {
  decision?: "allow" | "deny";
  /** By its name; the proposed one otherwise. */
  company?: string;
}

/**
 * Goes to an authorization URL and answers the consent screen, if there is one.
 * @returns where the client gets its answer
 */
export async function decide(person: Visitor, url: string | URL, choice: Decision = {}): Promise<URL> {
  const { decision = "allow", company } = choice;
  const next = locationOf(await visit(person, url), person.issuer);
  if (next.pathname !== "/consent") return next;
  const page = await (await visit(person, next)).text();
  const form = new URLSearchParams(hiddenFields(page, "/consent/decide"));
  const options = [...page.matchAll(/<option [^>]*>[^<]*/g)].map(([tag]) => tag);
  const chosen = options.find((tag) => (company ? tag.endsWith(`>${company}`) : tag.includes("selected")));
  if (chosen) form.set("company", attribute(chosen, "value"));
  form.set("decision", decision);
  return locationOf(await submit(person, "/consent/decide", form), person.issuer);
}

/** Where a 303 leads; anything else is an error that shows the page. */
export function locationOf(answer: Response, base: string): URL {
  const location = answer.headers.get("location");
  if (answer.status !== 303 || location === null) throw new Error(`${answer.url} answered ${answer.status}`);
  return new URL(location, base);
}

/** The hidden fields of the form that contains `mark`. */
function hiddenFields(page: string, mark: string): [string, string][] {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find((text) => text.includes(mark));
  if (form === undefined) throw new Error(`The page has no form with ${mark}`);
  return [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [
    attribute(tag, "name"),
    attribute(tag, "value"),
  ]);
}

const entities: Record<string, string> = { amp: "&", quot: '"', lt: "<", gt: ">", "#x27": "'" };

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replace(/&([^;]+);/g, (whole, entity: string) => entities[entity] ?? whole);
}
