/**
 * Facts that a browser carries for us from one page to a later one: encrypted, so that it can neither read nor change
 * them, and gone by themselves after a while.
 */
import { decode, encode } from "next-auth/jwt";
import type { z } from "zod";
import { hostCookie, parseCookies } from "./cookies";
import type { Runtime } from "./runtime";

type Sealing = Pick<Runtime, "env" | "keys">;

export interface SealedCookie<Facts> {
  /** @returns the Set-Cookie value */
  seal(rt: Sealing, facts: Facts): Promise<string>;
  /** @returns null where there is none, and for what is forged, damaged or past its time */
  open(rt: Sealing, cookieHeader: string | undefined): Promise<Facts | null>;
  /** @returns the Set-Cookie value that takes it away */
  clear(rt: Sealing): string;
}

/**
 * @param name what it is called, and what its key is derived for: no cookie passes for another
 * @param seconds how long it is good
 */
export function sealedCookie<Facts extends Record<string, unknown>>(
  name: string,
  schema: z.ZodType<Facts>,
  seconds: number,
): SealedCookie<Facts> {
  const cookie = ({ env }: Sealing) => hostCookie(env.issuer, name, "Lax");
  return {
    async seal(rt, facts) {
      const sealed = await encode({ token: facts, secret: rt.keys.current, maxAge: seconds, salt: name });
      return `${cookie(rt).name}=${sealed}; Max-Age=${seconds}; ${cookie(rt).attributes}`;
    },
    async open(rt, cookieHeader) {
      const sealed = parseCookies(cookieHeader)[cookie(rt).name];
      if (!sealed) return null;
      for (const secret of rt.keys.readable) {
        const facts = await decode({ token: sealed, secret, salt: name }).catch(() => null);
        const parsed = facts && schema.safeParse(facts);
        if (parsed) return parsed.success ? parsed.data : null;
      }
      return null;
    },
    clear: (rt) => `${cookie(rt).name}=; Max-Age=0; ${cookie(rt).attributes}`,
  };
}
