/** Load that remembers: what was answered must still be true after the server was killed. */
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestApp } from "../../support/facts";
import { basic, encode, exchangeFields, type Fields } from "../../support/world";

export interface Answer {
  status: number;
  body: { access_token?: string; refresh_token?: string; error?: string; active?: boolean };
}

/** How often a client that is told to come back later does so, and after how many milliseconds. */
const RETRIES = { times: 100, after: 100 };

/** A POST of a form, sent again while the answer is 503, as a client would. @throws when no whole answer came */
export async function postForm(
  agent: http.Agent,
  url: string,
  fields: Fields,
  app: TestApp,
): Promise<Answer> {
  for (let retries = RETRIES.times; ; retries--) {
    const answer = await postOnce(agent, url, fields, app);
    if (answer.status !== 503 || retries === 0) return answer;
    await sleep(RETRIES.after);
  }
}

function postOnce(agent: http.Agent, url: string, fields: Fields, app: TestApp): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded", authorization: basic(app) };
    const request = http.request(url, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (!response.complete) return reject(new Error("the answer ended early"));
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
    });
    request.on("error", reject);
    request.end(encode(fields));
  });
}

/** Everything that was answered, and everything the server refused although it should not have. */
export interface Remembered {
  /** Access tokens by the workload that got them. */
  tokens: { W1: string[]; W3: string[]; W4: string[] };
  /** The last refresh token each line of them was given: what its client still has. */
  chains: { refresh_token: string }[];
  /** What the exchanges of codes brought beside access tokens. */
  refreshTokens: string[];
  /** Codes whose exchange got no answer. */
  lostCodes: string[];
  refused: string[];
}

export interface Load {
  record: Remembered;
  /** Resolves when every worker has come to its end: out of codes, or no server. */
  done: Promise<void>;
  /** Lets the workers finish the request they have sent. */
  stop(): Promise<void>;
}

interface Plan {
  url: string;
  app: TestApp;
  /** Connections for each workload. */
  connections: { W1: number; W3: number; W4: number };
  codes: readonly string[];
  chains: readonly string[];
}

/** Runs W1 (client credentials), W3 (a refresh chain for each connection) and W4 (codes) until stopped or cut off. */
export function startLoad({ url, app, connections, codes, chains }: Plan): Load {
  const agent = new http.Agent({ keepAlive: true });
  const record: Remembered = {
    tokens: { W1: [], W3: [], W4: [] },
    chains: chains.map((refresh_token) => ({ refresh_token })),
    refreshTokens: [],
    lostCodes: [],
    refused: [],
  };
  let stopped = false;

  /** @returns null when the answer was lost */
  async function send(fields: Fields): Promise<Answer | null> {
    let answer: Answer;
    try {
      answer = await postForm(agent, `${url}/oauth/token`, fields, app);
    } catch {
      stopped = true; // the server is gone
      return null;
    }
    if (answer.status !== 200)
      record.refused.push(`${fields.grant_type}: ${answer.status} ${answer.body.error}`);
    return answer;
  }

  async function issue() {
    while (!stopped) {
      const answer = await send({ grant_type: "client_credentials" });
      if (answer?.body.access_token) record.tokens.W1.push(answer.body.access_token);
    }
  }

  async function refresh(chain: { refresh_token: string }) {
    while (!stopped) {
      const answer = await send({ grant_type: "refresh_token", refresh_token: chain.refresh_token });
      if (answer?.body.access_token) record.tokens.W3.push(answer.body.access_token);
      if (answer?.status !== 200) return;
      chain.refresh_token = answer.body.refresh_token ?? "";
    }
  }

  const left = codes.values();
  async function exchange() {
    for (const code of left) {
      if (stopped) return;
      const answer = await send(exchangeFields(code));
      if (answer === null) record.lostCodes.push(code);
      if (answer?.body.access_token) record.tokens.W4.push(answer.body.access_token);
      if (answer?.body.refresh_token) record.refreshTokens.push(answer.body.refresh_token);
    }
  }

  const workers = [
    ...Array.from({ length: connections.W1 }, issue),
    ...record.chains.slice(0, connections.W3).map(refresh),
    ...Array.from({ length: connections.W4 }, exchange),
  ];
  const done = Promise.all(workers).then(() => agent.destroy());
  const stop = () => {
    stopped = true;
    return done;
  };
  return { record, done, stop };
}
