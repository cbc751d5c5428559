// Calls the sample API and the token endpoint as a client's server does, and shows the answer as it came.

import type { App } from "./portal.ts";

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of an answer that the test is about to check
  body: any;
}

/** @param request such as `GET /public/v1/me` */
export async function callApi(
  issuer: string,
  token: string,
  request: string,
  body?: unknown,
): Promise<Answer> {
  const [method = "GET", path = "/"] = request.split(" ");
  const answer = await fetch(issuer + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return read(answer);
}

/** POST to the token endpoint with HTTP Basic. */
export async function requestToken(
  issuer: string,
  { client_id, client_secret }: Pick<App, "client_id" | "client_secret">,
  form: Record<string, string>,
): Promise<Answer> {
  const credentials = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const answer = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams(form),
    redirect: "manual",
  });
  return read(answer);
}

async function read(answer: Response): Promise<Answer> {
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
}
