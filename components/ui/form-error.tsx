/** What is wrong with a form as a whole; nothing when nothing is. */
import { Note } from "./note";

export function FormError({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Note tone="bad" role="alert">
      {text}
    </Note>
  );
}
