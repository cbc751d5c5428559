/** The life of authorization codes as a model: whatever happens in whatever order, each rule holds. */
import fc from "fast-check";
import { expect, test } from "vitest";
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

interface Code {
  value: string;
  issuedAt: number;
  used: boolean;
  token: string | null;
  withdrawn: boolean;
}

/** What must be true, kept beside the real thing. */
interface Model {
  seconds: number;
  secret: string;
  codes: Code[];
  suspended: boolean;
}

interface Real {
  world: World;
  app: TestApp;
  userId: string;
}

type Step = (model: Model, real: Real) => Promise<void>;

const LIFE = 60;

async function answerOf(
  { world, app }: Real,
  secret: string,
  code: string,
  changes: Fields = {},
): Promise<string> {
  try {
    const request = post(exchangeFields(code, changes), { authorization: basic({ ...app, secret }) });
    return jsonOf(await token(world.as, request)).access_token;
  } catch (error) {
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
}

/** Only ever one answer is right for a redemption; the model knows which. */
function redeem(pick: number, wrong: Fields): Step {
  return async (model, real) => {
    const code = model.codes[pick % Math.max(1, model.codes.length)];
    if (!code) return;
    const answer = await answerOf(real, model.secret, code.value, wrong);
    if (model.suspended) return expect(answer).toBe("invalid_client");
    const good =
      !code.used &&
      !code.withdrawn &&
      model.seconds - code.issuedAt < LIFE &&
      Object.keys(wrong).length === 0;
    if (good) {
      expect(answer).toMatch(/^at_/);
      code.used = true;
      code.token = answer;
      return;
    }
    expect(answer).toBe("invalid_grant");
    if (code.used) code.token = null; // a replay ends what the code had issued
  };
}

const steps: Record<string, fc.Arbitrary<Step>> = {
  allow: fc.constant<Step>(async (model, { world, app, userId }) => {
    if (model.suspended) return;
    const value = await codeFor(world, app, userId);
    model.codes.push({ value, issuedAt: model.seconds, used: false, token: null, withdrawn: false });
  }),
  redeem: fc.nat(20).map((pick) => redeem(pick, {})),
  redeemWrongly: fc
    .tuple(
      fc.nat(20),
      fc.constantFrom<Fields>({ code_verifier: "w".repeat(43) }, { redirect_uri: "https://app.example/" }),
    )
    .map(([pick, wrong]) => redeem(pick, wrong)),
  withWrongSecret: fc.nat(20).map<Step>((pick) => async (model, real) => {
    const code = model.codes[pick % Math.max(1, model.codes.length)];
    if (code) expect(await answerOf(real, "cs_wrong", code.value)).toBe("invalid_client");
  }),
  wait: fc.integer({ min: 1, max: 45 }).map<Step>((seconds) => async (model, { world }) => {
    world.clock.forward(seconds);
    model.seconds += seconds;
  }),
  rotate: fc.constant<Step>(async (model, { world, app }) => {
    for (const secret of world.store.secrets) secret.expiresAt ??= world.clock.now();
    model.secret = await world.facts.addSecret(app.client_id, null);
  }),
  withdraw: fc.constant<Step>(async (model, { world, app, userId }) => {
    await world.facts.withdrawConsents(userId, app.client_id);
    for (const code of model.codes) Object.assign(code, { withdrawn: true, token: null });
  }),
  suspend: fc.boolean().map<Step>((suspended) => async (model, { world, app }) => {
    await world.facts.setStatus(app.client_id, suspended ? "suspended" : "active");
    model.suspended = suspended;
  }),
};

test("a code is used once, in time, by its client, with its proof; its token lives as long as all behind it does", async () => {
  const { allow, redeem: redeemed, ...others } = steps;
  const step = fc.oneof(
    { arbitrary: allow ?? fc.constant<Step>(async () => {}), weight: 3 },
    { arbitrary: redeemed ?? fc.constant<Step>(async () => {}), weight: 4 },
    ...Object.values(others).map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
  let issued = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (sequence) => {
      const world = createWorld();
      const app = await world.facts.addApp({ preset: "perpetual" });
      const real: Real = { world, app, userId: await world.facts.addUser() };
      const model: Model = { seconds: 0, secret: app.secret, codes: [], suspended: false };
      for (const run of sequence) {
        await run(model, real);
        const live = model.suspended ? [] : model.codes.flatMap((code) => code.token ?? []);
        for (const code of model.codes)
          if (code.token) {
            issued += 1;
            expect((await introspectBearer(world.as, code.token)).active).toBe(live.includes(code.token));
          }
        expect(world.store.tokens.size).toBe(model.codes.filter((code) => code.token).length);
      }
    }),
    { numRuns: 150 },
  );
  expect(issued).toBeGreaterThan(100); // the steps do lead somewhere
});
