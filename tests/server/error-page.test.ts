import { expect, test } from "vitest";
import { errorPage } from "../../lib/server/error-page";

const nasty = `<script>alert("1")</script>&'`;
const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";

test("everything that is said is escaped", () => {
  const page = errorPage({ status: 400, title: nasty, message: nasty, detail: nasty, requestId: "abc" });
  const body = String(page.body);
  expect(body).not.toContain("<script");
  expect(body.split(escaped)).toHaveLength(5); // title twice, message, detail
  expect(body).toContain("<code>abc</code>");
});

test("a page without a detail has no line for it", () => {
  expect(errorPage({ status: 500, title: "T", message: "M", requestId: "abc" }).body).not.toContain(
    "For the developer",
  );
});

test("cannot be framed, cached, or made to load or send anything", () => {
  const { status, headers } = errorPage({ status: 418, title: "T", message: "M", requestId: "abc" });
  expect(status).toBe(418);
  expect(headers).toMatchObject({ "cache-control": "no-store", "content-type": "text/html; charset=utf-8" });
  const policy = String(headers["content-security-policy"]);
  for (const rule of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ])
    expect(policy).toContain(rule);
});
