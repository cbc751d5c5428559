/** The keys derived from AUTH_SECRET, and what becomes of sign-ins while it is replaced. */
import bcrypt from "bcryptjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeyring } from "../../lib/server/keyring";
import { startTestServer, type TestServer } from "../support/runtime";

const old = "the-secret-before-the-secret-before-the";
const fresh = "the-secret-after-the-secret-after-the-se";

describe("a tag", () => {
  test("is good for its text and its secret alone", () => {
    const keys = createKeyring(old, undefined);
    const tag = keys.sign("device cookie", "text");
    expect(keys.verify("device cookie", "text", tag)).toBe(true);
    for (const wrong of [
      "",
      "a",
      `${tag}A`,
      tag.slice(0, -1),
      createKeyring(fresh, undefined).sign("device cookie", "text"),
    ])
      expect(keys.verify("device cookie", "text", wrong)).toBe(false);
    expect(keys.verify("device cookie", "texts", tag)).toBe(false);
    expect(createKeyring(fresh, undefined).verify("device cookie", "text", tag)).toBe(false);
  });

  test("of the secret before is good while that is named, and none is made with it", () => {
    const [before, between, after] = [
      createKeyring(old, undefined),
      createKeyring(fresh, old),
      createKeyring(fresh, undefined),
    ];
    const tag = before.sign("device cookie", "text");
    expect([between, after].map((keys) => keys.verify("device cookie", "text", tag))).toEqual([true, false]);
    expect(between.sign("device cookie", "text")).toBe(after.sign("device cookie", "text"));
  });
});

describe("a seal", () => {
  const keys = createKeyring(old, undefined);
  const sealed = keys.seal("authenticator key", "anna", "her key");

  test("opens for its purpose and what it belongs to, and never reads the same twice", () => {
    expect(keys.unseal("authenticator key", "anna", sealed)).toEqual({ text: "her key", isOld: false });
    expect(keys.unseal("authenticator key", "bert", sealed)).toBeNull();
    expect(keys.unseal("pending sign-in", "anna", sealed)).toBeNull();
    expect(keys.seal("authenticator key", "anna", "her key")).not.toEqual(sealed);
    expect(Buffer.from(sealed).includes("her key")).toBe(false);
  });

  test("opens nothing once a bit of it is changed, or any of it is missing", () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(keys.unseal("authenticator key", "anna", changed)).toBeNull();
      expect(keys.unseal("authenticator key", "anna", sealed.subarray(0, at))).toBeNull();
    }
  });

  test("of the secret before opens while that is named, and says that it is old", () => {
    const between = createKeyring(fresh, old);
    expect(between.unseal("authenticator key", "anna", sealed)).toEqual({ text: "her key", isOld: true });
    const anew = between.seal("authenticator key", "anna", "her key");
    const after = createKeyring(fresh, undefined);
    expect(after.unseal("authenticator key", "anna", anew)).toEqual({ text: "her key", isOld: false });
    expect(after.unseal("authenticator key", "anna", sealed)).toBeNull();
  });
});

describe("replacing AUTH_SECRET", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ folder: null }, { authSecret: old });
  });
  afterAll(() => server?.close());

  test("ends no sign-in while the secret before is named, writes cookies with the new one, and ends the old ones afterwards", async () => {
    const { rt, url } = server;
    const id = await server.facts.addUser("somebody@example.test");
    const passwordHash = await bcrypt.hash("their password", 4);
    await rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
    const signIn = async () => {
      const body = new URLSearchParams({ email: "somebody@example.test", password: "their password" });
      const answer = await fetch(`${url}/login/sign-in`, { method: "POST", body, redirect: "manual" });
      return answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";", 1)[0])
        .join("; ");
    };
    const app = await server.facts.addApp();
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id: app.client_id, redirect_uri: "https://app.example/callback" },
      ...{
        state: "x",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      },
    });
    /** Where the sign-in stands: at the consent screen it still holds, at the sign-in page it does not. */
    const leadsTo = async (cookie: string) => {
      const answer = await fetch(`${url}/oauth/authorize?${query}`, {
        headers: { cookie },
        redirect: "manual",
      });
      return answer.headers.get("location")?.replace(/\?.*/, "");
    };
    const withKeys = (current: string, previous?: string) => {
      rt.keys = createKeyring(current, previous);
    };

    const before = await signIn();
    withKeys(fresh, old);
    const between = await signIn();
    expect([await leadsTo(before), await leadsTo(between)]).toEqual(["/consent", "/consent"]);
    withKeys(fresh);
    expect([await leadsTo(before), await leadsTo(between)]).toEqual(["/login", "/consent"]);
    withKeys(old);
    expect(await leadsTo(between)).toBe("/login");
  });
});
