/** The forms about an app's secrets, wherever they are: rotating, and when an old secret ends by itself. */
import { z } from "zod";

/** The silence that can be chosen, in hours. */
export const SILENT_HOURS = 24;

const silent = z.enum([String(SILENT_HOURS)]).nullable();
const rotation = z.object({ overlap: z.enum(["0", "3600", "86400", "604800"]), silent });
const retirement = z.object({
  secret: z.string().regex(/^[\w-]{1,64}$/),
  silent: z.enum([String(SILENT_HOURS), "never"]),
});

export interface RotationChoice {
  overlapSeconds: number;
  /** The old secret ends sooner once nobody has used it for so long; null: not sooner. */
  silentHours: number | null;
}

/** What was chosen for the old secret; null for what the dialog does not offer. */
export function rotationChoice(form: FormData): RotationChoice | null {
  const { data } = rotation.safeParse({ overlap: form.get("overlap"), silent: form.get("silent") });
  if (!data) return null;
  return {
    overlapSeconds: Number(data.overlap),
    silentHours: data.silent === null ? null : Number(data.silent),
  };
}

/** Which secret shall end when silent, or at its date after all; null for what the dialogs do not send. */
export function retirementChoice(form: FormData): { secretId: string; silentHours: number | null } | null {
  const { data } = retirement.safeParse({ secret: form.get("secret"), silent: form.get("silent") });
  if (!data) return null;
  return { secretId: data.secret, silentHours: data.silent === "never" ? null : Number(data.silent) };
}
