import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { type Policy, standard } from "../../lib/oauth/policy";
import { parseAppForm } from "../../lib/server/app-form";

const good = {
  name: "Ledger Sync",
  type: "confidential",
  match: "exact",
  uris: "https://ledger.example/callback",
  domain: "",
  preset: "standard",
  scope: ["write", "read"],
};

type Value = string | File | undefined;

function form(changes: Record<string, Value | Value[]> = {}): FormData {
  const data = new FormData();
  for (const [key, values] of Object.entries({ ...good, ...changes }))
    for (const value of [values].flat()) if (value !== undefined) data.append(key, value);
  return data;
}

async function errorsOf(data: FormData) {
  const result = await parseAppForm(data);
  return result.ok ? {} : result.errors;
}

async function png(): Promise<Uint8Array<ArrayBuffer>> {
  const create = { width: 20, height: 20, channels: 3, background: "#0f766e" } as const;
  return new Uint8Array(await sharp({ create }).png().toBuffer());
}

describe("the app form", () => {
  it("becomes an app with exact redirect URIs", async () => {
    expect(await parseAppForm(form())).toEqual({
      ok: true,
      input: {
        name: "Ledger Sync",
        type: "confidential",
        redirect: { match: "exact", uris: ["https://ledger.example/callback"] },
        preset: "standard",
        scopes: ["read", "write"],
        purpose: null,
        logo: undefined,
      },
    });
  });

  it("takes one redirect URI a line, drops blank lines and repetitions", async () => {
    const result = await parseAppForm(
      form({ uris: "\r\n https://a.example/cb \r\n\nhttps://b.example/cb\nhttps://a.example/cb" }),
    );
    expect(result).toMatchObject({
      ok: true,
      input: { redirect: { match: "exact", uris: ["https://a.example/cb", "https://b.example/cb"] } },
    });
  });

  it("becomes an app with a redirect domain, and does not look at the URIs then", async () => {
    const result = await parseAppForm(
      form({ match: "origin_path", domain: "https://ledger.example", uris: "nonsense" }),
    );
    expect(result).toMatchObject({
      ok: true,
      input: { redirect: { match: "origin_path", domain: "https://ledger.example" } },
    });
  });

  it("needs no redirect URI where the policy sends nobody anywhere", async () => {
    expect(await parseAppForm(form({ preset: "machine", uris: "" }))).toMatchObject({
      ok: true,
      input: { preset: "machine", redirect: { match: "exact", uris: [] } },
    });
  });

  it("is measured against an app's own policy while its preset stays", async () => {
    const own: Policy = { ...standard, omit_redirect_uri: true };
    const two = form({ uris: "https://a.example/cb\nhttps://b.example/cb" });
    expect(await parseAppForm(two, false, own)).toEqual({
      ok: false,
      errors: { uris: "This policy has exactly one redirect URI." },
    });
    two.set("preset", "perpetual");
    expect(await parseAppForm(two, false, own)).toMatchObject({ ok: true });
  });

  it("draws an uploaded logo anew", async () => {
    const result = await parseAppForm(
      form({ logo: new File([await png()], "logo.svg", { type: "image/svg+xml" }) }),
    );
    const image = result.ok && result.input.logo ? result.input.logo : new Uint8Array();
    expect(await sharp(image).metadata()).toMatchObject({ format: "webp", width: 192 });
  });

  it("leaves the logo as it is when none was chosen, and removes it when asked to", async () => {
    const empty = new File([], "");
    expect(await parseAppForm(form({ logo: empty }))).toMatchObject({ ok: true, input: { logo: undefined } });
    expect(await parseAppForm(form({ logo: empty, removeLogo: "on" }))).toMatchObject({
      ok: true,
      input: { logo: null },
    });
  });
});

describe("the app form says what is wrong", () => {
  it.each([
    ["no name", { name: "  " }, { name: "Give the app a name." }],
    ["a name that is missing", { name: undefined }, { name: "Give the app a name." }],
    ["a long name", { name: "x".repeat(61) }, { name: "A name has at most 60 characters." }],
    ["a name of two lines", { name: "Ledger\nSync" }, { name: "A name is one line of visible characters." }],
    [
      "a name that turns its direction",
      { name: "Ledger\u202eSync" },
      { name: "A name is one line of visible characters." },
    ],
    ["no type", { type: undefined }, { type: "Choose what kind of app this is." }],
    ["an unknown matching", { match: "prefix" }, { match: "Choose how redirects are matched." }],
    ["an unknown policy", { preset: "anything" }, { preset: "Choose a policy." }],
    ["no redirect URI", { uris: " \n " }, { uris: "Enter at least one redirect URI." }],
    ["no scope", { scope: [] }, { scopes: "Choose at least one of these." }],
    [
      "a scope outside the catalogue",
      { scope: ["read", "everything"] },
      { scopes: "Choose at least one of these." },
    ],
    ["a scope that is a file", { scope: [new File(["read"], "read")] }, { scopes: expect.any(String) }],
    [
      "a machine without a secret",
      { preset: "machine", type: "public" },
      { preset: "This policy needs an app with a server: it rests on a client secret." },
    ],
    ["no redirect domain", { match: "origin_path" }, { domain: "Enter the base URL of your app." }],
  ])("with %s", async (_, changes, errors) => {
    expect(await errorsOf(form(changes))).toEqual(errors);
  });

  it("with more than ten redirect URIs", async () => {
    const uris = Array.from({ length: 11 }, (_, n) => `https://ledger.example/${n}`).join("\n");
    expect(await errorsOf(form({ uris }))).toEqual({ uris: "Enter at most 10 redirect URIs." });
  });

  it("ARC-19: with a second redirect URI, or a domain, under Single redirect", async () => {
    const preset = "single_redirect";
    const two = "https://ledger.example/callback\nhttps://ledger.example/other";
    expect(await errorsOf(form({ preset }))).toEqual({});
    expect(await errorsOf(form({ preset, uris: two }))).toEqual({
      uris: "This policy has exactly one redirect URI.",
    });
    expect(await errorsOf(form({ preset, match: "origin_path", domain: "https://ledger.example" }))).toEqual({
      match: "This policy needs one exact redirect URI.",
    });
  });

  it("ARC-20: without a server to keep a secret, under Single redirect", async () => {
    expect(await errorsOf(form({ preset: "single_redirect", type: "public" }))).toEqual({
      preset: "This policy needs an app with a server: it rests on a client secret.",
    });
  });

  it("with a redirect URI that cannot be registered, and which one", async () => {
    const errors = await errorsOf(form({ uris: "https://ledger.example/cb\njavascript:alert(1)" }));
    expect(errors).toEqual({ uris: expect.stringMatching(/^Redirect URI 2: ./) });
  });

  it("with a redirect domain that cannot be registered", async () => {
    const errors = await errorsOf(form({ match: "origin_path", domain: "http://ledger.example" }));
    expect(errors).toEqual({ domain: expect.any(String) });
  });

  it("with a logo that is no picture", async () => {
    const logo = new File(["<svg/>"], "logo.png", { type: "image/png" });
    expect(await errorsOf(form({ logo }))).toEqual({
      logo: "Only PNG, JPEG and WebP pictures can be a logo.",
    });
  });

  it("in several fields at once", async () => {
    const errors = await errorsOf(form({ name: "", preset: "", uris: "" }));
    expect(Object.keys(errors).sort()).toEqual(["name", "preset", "uris"]);
  });

  it("when a field comes twice", async () => {
    const data = form();
    data.append("preset", "perpetual");
    expect(await errorsOf(data)).toEqual({ preset: "Choose a policy." });
  });
});
