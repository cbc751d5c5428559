import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readClientAuthentication } from "../../lib/oauth/client_auth";
import { encodeParams } from "../../lib/oauth/params";

const base64 = (raw: string | Uint8Array) => Buffer.from(raw).toString("base64");
const basic = (raw: string | Uint8Array) => `Basic ${base64(raw)}`;
const read = (authorization: string | undefined, body: Record<string, string> = {}) =>
  readClientAuthentication(authorization, new Map(Object.entries(body)));

/** One form-encoded component (RFC 6749 appendix B), as a client's library does it. */
const formEncode = (value: string) => encodeParams([["", value]]).slice(1);

/** Any Unicode text without NUL, 1 to 200 characters. */
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter((s) => !s.includes("\0"));

describe("client_secret_basic", () => {
  const accepted = { method: "client_secret_basic", client_id: "id", client_secret: "secret" };

  test("reads the example of RFC 6749 §2.3.1", () => {
    expect(read("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3")).toEqual({
      method: "client_secret_basic",
      client_id: "s6BhdRkqt3",
      client_secret: "7Fjfp0ZBr1KtDRbnfVdmIw",
    });
  });

  test.each(["Basic", "basic", "BASIC", "bAsIc"])("takes the scheme %s in any case", (scheme) => {
    expect(read(`${scheme} ${base64("id:secret")}`)).toEqual(accepted);
  });

  test("takes several spaces after the scheme (RFC 9110 §11.4)", () => {
    expect(read(`Basic   ${base64("id:secret")}`)).toEqual(accepted);
  });

  test("form-decodes both halves", () => {
    expect(read(basic("my%3Aid+1:a%2Bb%25+c"))).toEqual({
      method: "client_secret_basic",
      client_id: "my:id 1",
      client_secret: "a+b% c",
    });
  });

  test("splits at the first colon", () => {
    expect(read(basic("id:a:b"))).toMatchObject({ client_id: "id", client_secret: "a:b" });
  });

  test("gives back any Unicode id and secret a client form-encoded", () => {
    fc.assert(
      fc.property(text, text, (client_id, client_secret) => {
        expect(read(basic(`${formEncode(client_id)}:${formEncode(client_secret)}`))).toEqual({
          method: "client_secret_basic",
          client_id,
          client_secret,
        });
      }),
    );
  });

  test("takes an equal client_id in the body beside it", () => {
    expect(read(basic("id:secret"), { client_id: "id" })).toEqual(accepted);
  });

  test("refuses another client_id in the body as invalid_request", () => {
    expect(read(basic("id:secret"), { client_id: "other" })).toMatchObject({
      error: "invalid_request",
    });
  });

  test("refuses credentials in both places as invalid_request, also when they are equal", () => {
    for (const client_secret of ["secret", "other"]) {
      expect(read(basic("id:secret"), { client_id: "id", client_secret })).toMatchObject({
        error: "invalid_request",
      });
    }
    expect(read(basic("id:secret"), { client_secret: "secret" })).toMatchObject({ error: "invalid_request" });
    expect(read(basic("id:"), { client_secret: "secret" })).toMatchObject({ error: "invalid_request" });
  });

  test("takes an empty secret for a public client", () => {
    expect(read(basic("id:"))).toEqual({ method: "none", client_id: "id" });
  });

  test.each([
    ["nothing after the scheme", "Basic"],
    ["nothing but spaces after the scheme", "Basic  "],
    ["no base64", "Basic !!!!"],
    ["missing padding", `Basic ${base64("id:secre").replace(/=+$/, "")}`],
    ["too much padding", `Basic ${base64("id:secret")}=`],
    ["the base64url alphabet", "Basic aWQ6Pz8_"],
    ["stray bits after the last character", "Basic aWQ6c2VjcmV="],
    ["a space inside", "Basic aWQ6 c2VjcmV0"],
    ["a line break inside", "Basic aWQ6\nc2VjcmV0"],
    ["a trailing space", `${basic("id:secret")} `],
    ["no colon", basic("idsecret")],
    ["an empty client_id", basic(":secret")],
    ["only a colon", basic(":")],
    ["bytes that are not UTF-8", basic(new Uint8Array([0x69, 0x64, 0x3a, 0xff]))],
    ["encoded bytes that are not UTF-8", basic("id:%ff")],
    ["invalid percent-encoding in the id", basic("i%zd:secret")],
    ["invalid percent-encoding in the secret", basic("id:100%")],
    ["a raw NUL", basic("id:sec\0ret")],
    ["an encoded NUL", basic("id%00:secret")],
    ["an over-long id", basic(`${"i".repeat(513)}:secret`)],
    ["an over-long secret", basic(`id:${"s".repeat(513)}`)],
  ])("refuses %s with a challenge for Basic", (_, authorization) => {
    expect(read(authorization)).toMatchObject({ error: "invalid_client" });
  });

  test("takes an id and a secret of 512 characters", () => {
    expect(read(basic(`${"i".repeat(512)}:${"s".repeat(512)}`))).toMatchObject({
      method: "client_secret_basic",
    });
  });
});

describe("client_secret_post and none", () => {
  test("reads client_id and client_secret from the body", () => {
    expect(read(undefined, { client_id: "id", client_secret: "secret" })).toEqual({
      method: "client_secret_post",
      client_id: "id",
      client_secret: "secret",
    });
  });

  test("takes client_id alone for a public client", () => {
    expect(read(undefined, { client_id: "id" })).toEqual({ method: "none", client_id: "id" });
  });

  test("says what to send when there is nothing", () => {
    const result = read(undefined, { grant_type: "authorization_code" });
    expect(result).toMatchObject({ error: "invalid_client" });
    expect(result).toHaveProperty("problem", expect.stringMatching(/client_id and client_secret/));
  });

  test("refuses a secret without a client_id", () => {
    expect(read(undefined, { client_secret: "secret" })).toMatchObject({ error: "invalid_request" });
  });

  test("refuses over-long values", () => {
    expect(read(undefined, { client_id: "i".repeat(513) })).toMatchObject({ error: "invalid_client" });
    expect(read(undefined, { client_id: "i", client_secret: "s".repeat(513) })).toMatchObject({
      error: "invalid_client",
    });
  });
});

describe("another Authorization scheme", () => {
  test.each(["Bearer at_x", "Digest username=x", "Basically aWQ6c2VjcmV0", "aWQ6c2VjcmV0", "", " "])(
    "is refused without a challenge for Basic: %j",
    (authorization) => {
      expect(read(authorization)).toMatchObject({ error: "invalid_client" });
      expect(read(authorization, { client_id: "id", client_secret: "s" })).toMatchObject({
        error: "invalid_client",
      });
    },
  );
});

describe("whatever is sent", () => {
  const bodies = fc.record({ client_id: fc.string(), client_secret: fc.string() }, { requiredKeys: [] });

  test("nothing throws", () => {
    const headers = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.uint8Array().map(basic),
      fc.string().map((rest) => `Basic ${rest}`),
    );
    fc.assert(
      fc.property(fc.option(headers, { nil: undefined }), bodies, (header, body) => void read(header, body)),
    );
  });

  test("no problem repeats the secret, and all are fit for an error_description (RFC 6749 §5.2)", () => {
    const secret = "hunter2hunter2";
    const problems = [
      read(basic(`id:${secret}%`)),
      read(basic(`id:${secret}`), { client_secret: secret }),
      read(basic(`id:${secret}`), { client_id: secret }),
      read(undefined, { client_secret: secret }),
      read(undefined, {}),
      read(`Bearer ${secret}`),
      read(`Basic ${secret}`),
    ];
    for (const result of problems) {
      if (!("problem" in result)) throw new Error("expected a problem");
      expect(result.problem).not.toContain(secret);
      expect(result.problem).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    }
  });

  test("a megabyte of header costs linear time", () => {
    for (const header of [
      `Basic ${"A".repeat(1_000_000)}`,
      " ".repeat(1_000_000),
      `Basic${" ".repeat(1_000_000)}`,
    ]) {
      const started = performance.now();
      read(header);
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
