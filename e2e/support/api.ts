// Calls the sample API as a client's server does.

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
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
}
