import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { parseAppForm } from "../../lib/server/app-form";

const good = {
  name: "Ledger Sync",
  type: "confidential",
  match: "exact",
  uris: "https://ledger.example/callback",
  domain: "",
  preset: "standard",
};

function form(changes: Record<string, string | File | undefined> = {}): FormData {
  const data = new FormData();
  for (const [key, value] of Object.entries({ ...good, ...changes })) {
    if (value !== undefined) data.append(key, value);
  }
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
    ["no redirect domain", { match: "origin_path" }, { domain: "Enter the base URL of your app." }],
  ])("with %s", async (_, changes, errors) => {
    expect(await errorsOf(form(changes))).toEqual(errors);
  });

  it("with more than ten redirect URIs", async () => {
    const uris = Array.from({ length: 11 }, (_, n) => `https://ledger.example/${n}`).join("\n");
    expect(await errorsOf(form({ uris }))).toEqual({ uris: "Enter at most 10 redirect URIs." });
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
