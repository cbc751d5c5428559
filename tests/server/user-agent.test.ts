/** User agents in words: those of browsers and programs, and what strangers send instead. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentInWords, browserInWords, deviceInWords } from "../../lib/server/user-agent";

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";
const chrome =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const safari =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const markup = "<script>alert(1)</script>/1.0 evil";
const letter = "Your account is locked, call 555/1 now";

describe("the device of a session", () => {
  test.each([
    [chrome, "Chrome 140 on Linux", false],
    [firefox, "Firefox 143 on Windows", false],
    [phone, "Safari 18 on iOS", true],
    ["", "Unknown browser", false],
    ["   ", "Unknown browser", false],
    ["curl/8.5.0", "Unknown browser", false],
    [markup, "Unknown browser", false],
    [letter, "Unknown browser", false],
  ])("of %s is %s", (userAgent, text, isPhone) => {
    expect(deviceInWords(userAgent)).toEqual({ text, isPhone });
  });

  test("has a number for a version, whatever was sent", () => {
    expect(deviceInWords("Firefox/99999999.evil.text").text).toBe("Firefox 9999");
    expect(deviceInWords("Firefox/call-us-now").text).toBe("Firefox");
  });
});

describe("the program behind a request", () => {
  test.each([
    ["curl/8.5.0", "curl 8"],
    ["python-requests/2.32.3", "python-requests 2"],
    ["openid-client/6.1.0 (https://github.com/panva/openid-client)", "openid-client 6"],
    ["node", "node"],
    ["Go-http-client/1.1", "Go-http-client 1"],
    ["my app v2", "my"],
    [firefox, "Firefox on Windows"],
    [safari, "Safari on macOS"],
    ["Mozilla/5.0", "a browser"],
    ["Mozilla/5.0 (X11; Linux x86_64) Nobody/1.0 knows", "a browser on Linux"],
    [markup, null],
    ["", null],
    [null, null],
  ])("of %s is %s", (userAgent, words) => {
    expect(agentInWords(userAgent)).toBe(words);
  });
});

test("a browser that nobody knows is called what the caller says, and never what it says of itself", () => {
  expect(browserInWords(chrome, "an unknown browser")).toBe("Chrome on Linux");
  for (const sent of ["", "curl/8.5.0 (x) y", markup, letter])
    expect(browserInWords(sent, "an unknown browser")).toBe("an unknown browser");
});

test("whatever somebody sends, it is a few words without markup", () => {
  const text = fc.string({ maxLength: 280, unit: "binary" });
  const userAgent = fc.oneof(
    fc.string({ maxLength: 300 }),
    text.map((rest) => `Mozilla/5.0 ${rest}`),
    fc.string({ maxLength: 140 }).map((rest) => `Mozilla/5.0 (X11; ${rest}) Chrome/${rest}`),
    text.map((rest) => `${rest}/1.0 (X11; Linux) ${rest}`),
  );
  fc.assert(
    fc.property(userAgent, (sent) => {
      const all = [deviceInWords(sent).text, browserInWords(sent, "unknown"), agentInWords(sent) ?? "none"];
      for (const words of all) {
        expect(words.length).toBeGreaterThan(0);
        expect(words.length).toBeLessThanOrEqual(60);
        expect(words).not.toMatch(/[\p{Cc}<>"]/u);
      }
      expect(all[2]?.length).toBeLessThanOrEqual(40);
    }),
    { numRuns: 500 },
  );
});

test("three hundred characters of anything are read at once", () => {
  const began = performance.now();
  for (const sign of ["a", "(", "/", " ", "Version/", "\u0000", "é"])
    deviceInWords(sign.repeat(300).slice(0, 300));
  expect(performance.now() - began).toBeLessThan(1000);
});
