/**
 * What a clock tells a stranger: by thousands of interleaved samples, an unknown client takes as long as a wrong secret
 * and an unknown e-mail address as long as a wrong password. That both cost the same statements is in security/timing.test.ts.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../support/runtime";
import { basic } from "../support/world";

let server: TestServer;
beforeAll(async () => {
  // Each sign-in comes from an address of its own, so that nobody has to wait.
  server = await startTestServer({ folder: null }, { trustProxy: 1 });
});
afterAll(() => server?.close());

type Send = (round: number) => Promise<unknown>;

/** The times of both in milliseconds, taken in turn so that what else the machine does falls on both. */
async function timesOf(rounds: number, one: Send, other: Send): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1)
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const from = performance.now();
      await [one, other][index]?.(round);
      times[index].push(performance.now() - from);
    }
  return times;
}

/** The value below which this share of the samples is. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** The medians may differ by less than a quarter of what a single sample varies by: one request tells nothing. */
function expectAlike([one, other]: [number[], number[]]): void {
  const spread = quantile(one, 0.9) - quantile(one, 0.1);
  const apart = Math.abs(quantile(one, 0.5) - quantile(other, 0.5));
  console.log(
    `medians ${quantile(one, 0.5).toFixed(3)} and ${quantile(other, 0.5).toFixed(3)} ms, spread ${spread.toFixed(3)} ms`,
  );
  expect(apart).toBeLessThan(Math.max(spread / 4, 0.1));
}

test("an unknown client takes as long as a wrong secret", async () => {
  const { client_id } = await server.facts.addApp({ preset: "machine" });
  const ask = async (id: string) => {
    const answer = await fetch(`${server.url}/oauth/token`, {
      method: "POST",
      headers: { authorization: basic({ client_id: id, secret: "cs_wrong" }) },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    await answer.text();
  };
  const send: [Send, Send] = [() => ask(client_id), () => ask(`${client_id.slice(0, -1)}~`)];
  await timesOf(100, ...send); // warm
  expectAlike(await timesOf(1500, ...send));
});

test("an unknown e-mail address takes as long as a wrong password", async () => {
  const id = await server.facts.addUser("somebody@example.test");
  const passwordHash = await server.rt.passwords.hash("their own password");
  await server.rt.db.prisma.user.update({ where: { id }, data: { passwordHash } });
  let address = 0;
  const attempt = async (email: string) => {
    address += 1;
    await fetch(`${server.url}/login/sign-in`, {
      method: "POST",
      headers: { "x-forwarded-for": `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}` },
      body: new URLSearchParams({ email, password: "a wrong password" }),
      redirect: "manual",
    });
  };
  // Fewer than an account takes from strangers before they have to wait.
  expectAlike(
    await timesOf(
      40,
      () => attempt("somebody@example.test"),
      (round) => attempt(`nobody-${round}@example.test`),
    ),
  );
});
