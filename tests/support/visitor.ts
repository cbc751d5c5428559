/** A browser without a screen: it keeps its cookies and does not follow where it is sent. */
export interface TestVisitor {
  get(path: string, headers?: Record<string, string>): Promise<Visit>;
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Visit>;
  /** Forgets a cookie, or all of them. */
  forget(name?: string): void;
  cookies(): ReadonlyMap<string, string>;
}

export interface Visit {
  status: number;
  /** Where it is sent, as the Location header says; empty for nowhere. */
  location: string;
  /** The query of that. */
  query: URLSearchParams;
  text: string;
}

export function createVisitor(url: string): TestVisitor {
  const jar = new Map<string, string>();
  const send = async (path: string, init: RequestInit, headers: Record<string, string> = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(new URL(path, url), {
      ...init,
      headers: { ...(cookie && { cookie }), ...headers },
      redirect: "manual",
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ""] = set.split(";", 1);
      const at = pair.indexOf("=");
      if (set.includes("Max-Age=0")) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get("location") ?? "";
    const query = new URL(location, url).searchParams;
    return { status: answer.status, location, query, text: await answer.text() };
  };
  return {
    get: (path, headers) => send(path, {}, headers),
    post: (path, form, headers) => send(path, { method: "POST", body: new URLSearchParams(form) }, headers),
    forget: (name) => (name === undefined ? jar.clear() : jar.delete(name)),
    cookies: () => jar,
  };
}
