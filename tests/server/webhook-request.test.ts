/** One attempt at a webhook, against a real server. */
import net from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ANSWER_BYTES, postOnce } from "../../lib/server/webhook-request";
import type { TargetRules } from "../../lib/server/webhook-target";
import { type Receiver, startReceiver } from "../support/webhooks";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const here: TargetRules = { allowPrivate: true, resolve: async () => [{ address: "127.0.0.1", family: 4 }] };
const never = new AbortController().signal;
const post = (url = receiver.url, rules = here, withinMs?: number) =>
  postOnce({ url, headers: { "x-test": "1" }, body: "{}" }, rules, never, withinMs);

describe("the address", () => {
  test("that was checked is the one that is called: nobody is asked for the name again", async () => {
    const asked: string[] = [];
    const resolve = async (hostname: string) => {
      asked.push(hostname);
      return [{ address: "127.0.0.1", family: 4 }];
    };
    const url = `http://hooks.invalid:${receiver.port}/path?query=1`;
    expect(await post(url, { allowPrivate: true, resolve })).toMatchObject({
      statusCode: 204,
      problem: null,
    });
    expect(asked).toEqual(["hooks.invalid"]);
    expect(receiver.received[0]).toMatchObject({
      body: "{}",
      headers: { "x-test": "1", "content-type": "application/json", host: `hooks.invalid:${receiver.port}` },
    });
  });

  test("is checked at each attempt: a name that points inside meanwhile is not called (DNS rebinding)", async () => {
    const answers = ["8.8.8.8", "127.0.0.1"];
    const resolve = async () => [{ address: answers.shift() ?? "127.0.0.1", family: 4 }];
    const rules = { allowPrivate: false, resolve };
    const { findTarget } = await import("../../lib/server/webhook-target");
    const url = `https://hooks.example:${receiver.port}/`;
    expect(await findTarget(url, rules)).toMatchObject({ addresses: [{ address: "8.8.8.8" }] });
    expect(await post(url, rules)).toMatchObject({
      statusCode: null,
      problem: "This address is not on the public internet.",
    });
    expect(receiver.connections()).toBe(0);
  });
});

describe("the answer", () => {
  test("of a redirect is a redirect: it is not followed", async () => {
    receiver.answer = (response) => response.writeHead(302, { location: receiver.url }).end("moved");
    expect(await post()).toMatchObject({ statusCode: 302, answer: "moved" });
    expect(receiver.received).toHaveLength(1);
  });

  test("is read no further than its first kilobyte, and is text", async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (response.writable && response.write(`a\u0000b\u001b${"ä".repeat(8000)}`));
      };
      response.on("drain", more).on("error", () => {});
      more();
    };
    const { statusCode, answer } = await post();
    expect(statusCode).toBe(200);
    expect(Buffer.byteLength(answer ?? "")).toBeLessThanOrEqual(ANSWER_BYTES + 2);
    expect(answer).toMatch(/^abä+/);
  });

  test("that does not come is waited for as long as is said, also when it has begun", async () => {
    receiver.answer = () => {};
    expect(await post(receiver.url, here, 50)).toMatchObject({
      statusCode: null,
      problem: "There was no answer within 0.05 seconds.",
    });
    receiver.answer = (response) => void response.writeHead(200).write("…");
    expect(await post(receiver.url, here, 50)).toMatchObject({ statusCode: null });
    const resolve = () => new Promise<never>(() => {});
    expect(await post("http://hooks.invalid/", { allowPrivate: true, resolve }, 50)).toMatchObject({
      statusCode: null,
    });
  });

  test("that is none is told in words", async () => {
    receiver.answer = (response) => response.destroy();
    expect((await post()).problem).toMatch(/closed before there was an answer/);
    const babble = net.createServer((socket) =>
      socket
        .on("error", () => {})
        .resume()
        .end("babble\r\n\r\n"),
    );
    await new Promise<void>((resolve) => babble.listen(0, "127.0.0.1", resolve));
    const address = babble.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    expect((await post(`http://127.0.0.1:${port}/`)).problem).toBe("The answer was not HTTP.");
    await new Promise((resolve) => babble.close(resolve));
    expect((await post(`http://127.0.0.1:${port}/`)).problem).toBe("The connection was refused.");
    expect((await post(receiver.url.replace("http:", "https:"))).problem).toMatch(/certificate|failed/);
  });
});
