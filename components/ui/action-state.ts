/** What a server action answers to its form. */

/** `null` before the first submit; then done (with what it made), or what is wrong per field (`form` for the whole). */
export type ActionState<Done extends object = object> =
  | null
  | ({ ok: true } & Done)
  | { ok: false; errors: Record<string, string> };

/** A server action as `useActionState` calls it. */
export type FormAction<Done extends object = object> = (
  state: ActionState<Done>,
  form: FormData,
) => Promise<ActionState<Done>>;

/** What is wrong with one field, if anything. */
export function errorOf(state: ActionState, field: string): string | undefined {
  return state && !state.ok ? state.errors[field] : undefined;
}
