/** The filters of an audit log as they stand in an address; what cannot be read is no filter. */
import { z } from "zod";

const DAY_MS = 24 * 60 * 60 * 1000;

const orNone = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const words = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .regex(/^\P{Cc}*$/u);
const id = z.string().regex(/^[\w-]{1,64}$/);
/** One action, or all of a kind. */
const action = orNone(z.string().regex(/^[a-z_]{1,40}\.(?:[a-z_]{1,40}|\*)$/));
/** A day of this age: a database does not know every year there could be. */
const day = orNone(z.iso.date().regex(/^2[01]/));

/** What an address can say, by whose audit log it is. */
export const auditQuery = {
  /** People write whom and what they mean: an address, a client ID, a name. */
  installation: z.object({
    person: orNone(words),
    action,
    app: orNone(words),
    company: orNone(words),
    from: day,
    to: day,
  }),
  /** Links on names say who did it and in which app; a person's address can be typed as well. */
  company: z.object({
    actor: orNone(id),
    person: orNone(words.toLowerCase()),
    app: orNone(id),
    action,
    from: day,
    to: day,
  }),
};

/** As it was written, for the form and for links. */
export type AuditQuery<Log extends keyof typeof auditQuery> = z.infer<(typeof auditQuery)[Log]>;

/** What to search for: the days as moments, in UTC, both of them whole. */
export function toSearch<Query extends { from?: string; to?: string }>({ from, to, ...rest }: Query) {
  return {
    ...rest,
    ...(from && { from: new Date(`${from}T00:00:00Z`) }),
    ...(to && { to: new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS) }),
  };
}
