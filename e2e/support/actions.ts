// Server actions as anybody can send them: taken from a page before they reach the server, and sent again at will.

import type { Page } from "@playwright/test";

export interface HeldAction {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Does something on a page and keeps the server action it sends from reaching the server. */
export async function holdAction(page: Page, path: string, act: () => Promise<void>): Promise<HeldAction> {
  await page.goto(path);
  let keep: (held: HeldAction) => void = () => {};
  const held = new Promise<HeldAction>((resolve) => {
    keep = resolve;
  });
  await page.route("**/*", async (route, request) => {
    if (request.method() !== "POST") return route.fallback();
    const body = request.postDataBuffer() ?? Buffer.alloc(0);
    keep({ url: request.url(), headers: await request.allHeaders(), body });
    await route.abort();
  });
  await act();
  const action = await held;
  await page.unrouteAll({ behavior: "wait" });
  return action;
}

/** What the consoles say of an action that was held back. */
export const heldNoise = [/ERR_FAILED/, /Failed to fetch/];

/**
 * Sends an action with this cookie, and with other words in its body where `words` says so.
 * @returns the answer's text
 */
export async function sendAction(
  { url, headers, body }: HeldAction,
  cookie: string,
  words: readonly [from: string, to: string] = ["", ""],
): Promise<string> {
  const { "content-type": type = "", "next-action": action = "", origin = "", accept = "" } = headers;
  if (action === "") throw new Error(`${url} was not sent an action`);
  const changed = body.toString("latin1").replace(...words);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": type, "next-action": action, origin, accept, cookie },
    body: Buffer.from(changed, "latin1"),
    redirect: "manual",
  });
  return answer.text();
}
