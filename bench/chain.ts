/** Refresh requests that walk on: each takes the refresh token of the answer before. */

/** The same request with the refresh token of its answer; as it was, where the answer has none. */
export function followed(request: string, answer: string): string {
  const token = /"refresh_token":"([^"]+)"/.exec(answer)?.[1];
  if (token === undefined) return request;
  const next = request.replace(/refresh_token=[^&]+$/, `refresh_token=${token}`);
  // The head has promised a length.
  if (next.length !== request.length) throw new Error("refresh tokens of different lengths");
  return next;
}
