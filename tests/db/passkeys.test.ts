/** Passkeys: whose they are, and how often an answer of one counts. */
import { describe, expect, test } from "vitest";
import {
  addPasskey,
  findPasskey,
  listCredentials,
  listPasskeys,
  type NewPasskey,
  PASSKEY_LIMIT,
  removePasskey,
  renamePasskey,
  takeAnswer,
} from "../../lib/db/passkeys";
import { randomId } from "../../lib/oauth/tokens";
import { onEachDatabase, random } from "../support/databases";
import { givePasskey } from "../support/factors";

onEachDatabase((on) => {
  const challenge = () => ({ value: randomId(40, random), expiresAt: on.db.now() });
  const passkey = (change: Partial<NewPasskey> = {}): NewPasskey => ({
    ...{
      credentialId: Buffer.from(random(20)).toString("base64url"),
      publicKey: new Uint8Array([1, 2]),
      counter: 0,
    },
    ...{ transports: ["internal"], name: "Laptop", isSynced: true, challenge: challenge(), ...change },
  });
  const events = async (actorId: string) =>
    (await on.db.prisma.auditEvent.findMany({ where: { actorId } })).map(({ action }) => action).sort();

  describe("adding a passkey", () => {
    test("makes it known to whoever brings it, with whose it is", async () => {
      const id = await on.facts.addUser();
      const made = passkey();
      expect(await addPasskey(on.db, id, made)).toBe(true);
      expect(await findPasskey(on.db, made.credentialId)).toMatchObject({
        publicKey: made.publicKey,
        user: { id },
      });
      expect(await listPasskeys(on.db, id)).toMatchObject([
        { name: "Laptop", isSynced: true, createdAt: on.db.now(), lastUsedAt: null },
      ]);
      expect(await listCredentials(on.db, id)).toEqual([{ id: made.credentialId, transports: ["internal"] }]);
      expect(await events(id)).toEqual(["second_factor.added"]);
    });

    test("happens once for an answer, and once for a passkey, whoever comes with it", async () => {
      const [id, other] = [await on.facts.addUser(), await on.facts.addUser()];
      const made = passkey();
      const sent = Array.from({ length: 4 }, () => addPasskey(on.db, id, made));
      expect((await Promise.all(sent)).filter(Boolean)).toHaveLength(1);
      expect(await addPasskey(on.db, id, passkey({ challenge: made.challenge }))).toBe(false);
      expect(await addPasskey(on.db, other, { ...made, challenge: challenge() })).toBe(false);
      expect((await findPasskey(on.db, made.credentialId))?.user.id).toBe(id);
    });

    test("ends at twenty, and is not for who is suspended", async () => {
      const id = await on.facts.addUser();
      for (let made = 0; made < PASSKEY_LIMIT - 1; made += 1) await givePasskey(on.db, id);
      const last = await Promise.all([addPasskey(on.db, id, passkey()), addPasskey(on.db, id, passkey())]);
      expect(last.filter(Boolean)).toHaveLength(1);
      expect(await listPasskeys(on.db, id)).toHaveLength(PASSKEY_LIMIT);
      const suspended = await on.facts.addUser();
      await on.facts.suspendUser(suspended);
      expect(await addPasskey(on.db, suspended, passkey())).toBe(false);
    });
  });

  describe("an answer of a passkey", () => {
    const made = async (counter: number) => {
      const id = await on.facts.addUser();
      const one = passkey({ counter });
      await addPasskey(on.db, id, one);
      return { userId: id, id: (await findPasskey(on.db, one.credentialId))?.id ?? "" };
    };

    test("counts for one of eight who bring it at once", async () => {
      const { id, userId } = await made(0);
      const same = challenge();
      const sent = Array.from({ length: 8 }, () => takeAnswer(on.db, id, 0, same));
      const answers = await Promise.all(sent);
      expect(answers.filter((answer) => answer === "used")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "replayed")).toHaveLength(7);
      expect((await listPasskeys(on.db, userId))[0]?.lastUsedAt).toEqual(on.db.now());
    });

    test.each([
      ["grows", 5, 6, "used"],
      ["begins", 0, 1, "used"],
      ["is not kept", 0, 0, "used"],
      ["stands still", 5, 5, "copied"],
      ["goes back", 5, 4, "copied"],
      ["is gone", 5, 0, "copied"],
      ["is as large as it can be", 5, 2 ** 32 - 1, "used"],
    ])("whose counter %s, from %i to %i, is %s", async (_, before, after, outcome) => {
      const { id } = await made(before);
      expect(await takeAnswer(on.db, id, after, challenge())).toBe(outcome);
    });

    test("that was removed meanwhile is gone", async () => {
      const { id, userId } = await made(0);
      await removePasskey(on.db, userId, id);
      expect(await takeAnswer(on.db, id, 0, challenge())).toBe("gone");
    });
  });

  test("only its owner names and removes it, and a suspended one's opens nothing", async () => {
    const [id, other] = [await on.facts.addUser(), await on.facts.addUser()];
    const credentialId = await givePasskey(on.db, id);
    const passkeyId = (await findPasskey(on.db, credentialId))?.id ?? "";
    expect(await renamePasskey(on.db, other, passkeyId, "Mine")).toBe(false);
    expect(await removePasskey(on.db, other, passkeyId)).toBeNull();
    expect(await renamePasskey(on.db, id, passkeyId, "Key ring")).toBe(true);
    await on.facts.suspendUser(id);
    expect(await findPasskey(on.db, credentialId)).toBeNull();
    expect(await removePasskey(on.db, id, passkeyId)).toBe("Key ring");
    expect(await removePasskey(on.db, id, passkeyId)).toBeNull();
    expect(await events(id)).toEqual(["second_factor.added", "second_factor.removed"]);
    expect(await events(other)).toEqual([]);
  });
});
