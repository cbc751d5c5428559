/** Whether the answers were right: looked at between the rounds and after them, never in the timed loop. */
import type { DatabaseOptions } from "../lib/db/database";
import type { Loaded } from "./load";
import { type Prepared, readOutcome } from "./prepare";

/** Collects what is wrong with the answers to a run's requests. */
export function check({ codes, tokens }: Prepared) {
  const problems = new Set<string>();
  const accessTokens: string[] = [];
  const userIds = new Set<string>();
  let floorAnswers = 0;
  const expect = (holds: boolean, problem: string) => void (holds || problems.add(problem));
  const succeeded = (what: string, { answers, broken }: Loaded) => {
    for (const problem of broken) problems.add(`${what}: ${problem}`);
    return answers.filter(({ text }) => {
      const ok = text.startsWith("HTTP/1.1 200 ");
      expect(ok, `${what}: ${text.slice(0, text.indexOf("\r\n"))}`);
      return ok;
    });
  };

  return {
    floor(loaded: Loaded) {
      floorAnswers += succeeded("floor", loaded).length;
    },

    exchange(loaded: Loaded, first: number) {
      for (const { text } of succeeded("exchange", loaded)) {
        const { access_token, token_type, expires_in, scope } = bodyOf(text);
        expect(
          token_type === "Bearer" && expires_in === 3600 && scope === "read write",
          "exchange: wrong answer",
        );
        accessTokens.push(String(access_token));
      }
      expect(first + loaded.answers.length < codes.length, "exchange: the codes ran out");
    },

    bearer(loaded: Loaded) {
      for (const { request, text } of succeeded("bearer", loaded)) {
        const userId = tokens[request]?.userId;
        expect(userId !== undefined && bodyOf(text).id === userId, "bearer: somebody else's answer");
        userIds.add(String(userId));
      }
    },

    /** @returns every problem of the whole run */
    async atTheEnd(location: DatabaseOptions["location"], floorRows: number): Promise<string[]> {
      const answered = accessTokens.length;
      const outcome = await readOutcome(location, accessTokens);
      expect(new Set(accessTokens).size === answered, "two exchanges got one token");
      expect(outcome.found === answered, `of ${answered} answered tokens the database has ${outcome.found}`);
      expect(outcome.issued === answered, `${answered} exchanges answered, ${outcome.issued} tokens issued`);
      expect(outcome.consumed === answered, `${answered} exchanges answered, ${outcome.consumed} codes used`);
      expect(outcome.used === userIds.size, `${userIds.size} tokens were used, ${outcome.used} say so`);
      expect(floorRows === floorAnswers, `the floor answered ${floorAnswers} and has ${floorRows} rows`);
      return [...problems];
    },
  };
}

function bodyOf(text: string): Record<string, unknown> {
  return JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4));
}
