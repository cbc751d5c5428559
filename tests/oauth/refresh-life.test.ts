/** The life of refresh token families as a model: whatever happens in whatever order, each rule holds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { revoke } from "../../lib/oauth/endpoints/revoke";
import { token } from "../../lib/oauth/endpoints/token";
import { OAuthError } from "../../lib/oauth/errors";
import type { TestApp } from "../support/facts";
import { introspectBearer } from "../support/introspection";
import {
  basic,
  codeFor,
  createWorld,
  exchangeFields,
  type Fields,
  jsonOf,
  post,
  type World,
} from "../support/world";

const ACCESS = 120;
const IDLE = 300;
const WHOLE = 900;
const REPLAY = 30;

interface Generation {
  refresh_token: string;
  access_token: string;
  issuedAt: number;
  /** When it brought the next generation. */
  usedAt: number | null;
}

interface Family {
  startedAt: number;
  generations: Generation[];
  ended: boolean;
}

/** What must be true, kept beside the real thing. */
interface Model {
  seconds: number;
  families: Family[];
}

interface Real {
  world: World;
  app: TestApp;
  userId: string;
}

type Step = (model: Model, real: Real) => Promise<void>;

async function answerOf({ world, app }: Real, fields: Fields, client = app) {
  try {
    return jsonOf(await token(world.as, post(fields, { authorization: basic(client) })));
  } catch (error) {
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
}

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

/** Only ever one answer is right for a refresh; the model knows which. */
function refresh(which: number, age: number, fields: Fields = {}): Step {
  return async (model, real) => {
    const family = pick(model.families, which);
    const generation = family && pick(family.generations.toReversed(), age);
    if (!family || !generation) return;
    const { refresh_token } = generation;
    const answer = await answerOf(real, { grant_type: "refresh_token", refresh_token, ...fields });
    if (family.ended) return expect(answer).toBe("invalid_grant");
    const next = family.generations[family.generations.indexOf(generation) + 1];
    if (generation.usedAt !== null) {
      const again = model.seconds - generation.usedAt < REPLAY;
      if (!again) family.ended = true; // taken for stolen
      if (!again) return expect(answer).toBe("invalid_grant");
      expect(answer.refresh_token).toBe(next?.refresh_token);
      return expect(answer.access_token).toBe(next?.access_token);
    }
    const end = Math.min(generation.issuedAt + IDLE, family.startedAt + WHOLE);
    if (model.seconds >= end) return expect(answer).toBe("invalid_grant");
    if (fields.scope !== undefined) return expect(answer).toBe("invalid_scope");
    generation.usedAt = model.seconds;
    const { access_token } = answer;
    family.generations.push({
      refresh_token: answer.refresh_token,
      access_token,
      issuedAt: model.seconds,
      usedAt: null,
    });
  };
}

const end: Step = async (model, { world, app, userId }) => {
  await world.facts.withdrawConsents(userId, app.client_id);
  for (const family of model.families) family.ended = true;
};

const steps: { arbitrary: fc.Arbitrary<Step>; weight: number }[] = [
  {
    weight: 2,
    arbitrary: fc.constant<Step>(async (model, real) => {
      const code = await codeFor(real.world, real.app, real.userId, { scope: "read" });
      const { access_token, refresh_token } = await answerOf(real, exchangeFields(code));
      const first = { access_token, refresh_token, issuedAt: model.seconds, usedAt: null };
      model.families.push({ startedAt: model.seconds, generations: [first], ended: false });
    }),
  },
  { weight: 6, arbitrary: fc.nat(9).map((which) => refresh(which, 0)) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(9), fc.nat(4)).map(([which, age]) => refresh(which, age)) },
  { weight: 1, arbitrary: fc.nat(9).map((which) => refresh(which, 0, { scope: "read write" })) },
  {
    weight: 4,
    arbitrary: fc
      .oneof(fc.integer({ min: 1, max: 29 }), fc.integer({ min: 30, max: 200 }))
      .map<Step>((seconds) => async (model, { world }) => {
        world.clock.forward(seconds);
        model.seconds += seconds;
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(9), fc.nat(4), fc.boolean())
      .map<Step>(([which, age, stranger]) => async (model, { world, app }) => {
        const family = pick(model.families, which);
        const generation = family && pick(family.generations, age);
        if (!family || !generation) return;
        const client = stranger ? await world.facts.addApp() : app;
        await revoke(world.as, post({ token: generation.refresh_token }, { authorization: basic(client) }));
        if (!stranger) family.ended = true;
      }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(9), fc.boolean()).map<Step>(([which, known]) => async (model, real) => {
      const family = pick(model.families, which);
      const refresh_token = family?.generations.at(0)?.refresh_token;
      if (refresh_token === undefined) return;
      const client = known ? await real.world.facts.addApp() : { ...real.app, secret: "cs_wrong" };
      const answer = await answerOf(real, { grant_type: "refresh_token", refresh_token }, client);
      expect(answer).toBe(known ? "invalid_grant" : "invalid_client");
    }),
  },
  { weight: 1, arbitrary: fc.constant(end) },
];

test("a refresh token works once and in time; a late second use ends its family, and what ended stays so", async () => {
  let used = 0;
  let alive = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 40 }), async (sequence) => {
      const world = createWorld();
      const app = await world.facts.addApp({
        policy: { access_seconds: ACCESS, refresh_idle_seconds: IDLE, refresh_seconds: WHOLE },
      });
      const real: Real = { world, app, userId: await world.facts.addUser() };
      const model: Model = { seconds: 0, families: [] };
      for (const run of sequence) {
        await run(model, real);
        for (const { ended, generations } of model.families)
          for (const { access_token, issuedAt } of generations) {
            const { active } = await introspectBearer(world.as, access_token);
            expect(active).toBe(!ended && model.seconds - issuedAt < ACCESS);
            alive += active ? 1 : 0;
          }
      }
      const generations = model.families.flatMap(({ ended, generations }) => (ended ? [] : generations));
      expect(world.store.refreshTokens.size).toBe(generations.length);
      used += generations.filter(({ usedAt }) => usedAt !== null).length;
    }),
    { numRuns: 150 },
  );
  // The steps do lead somewhere.
  expect(used).toBeGreaterThan(50);
  expect(alive).toBeGreaterThan(500);
});
