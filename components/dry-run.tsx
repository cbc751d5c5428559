/** What a policy would have refused. */
import { Note } from "./ui/note";

export interface DryRunResult {
  title: string;
  lines: readonly { words: string; reason: string }[];
  note: string;
  /** The kinds of requests that would have been refused, with spaces between; empty when none would. */
  refused: string;
}

/** Sends along what was shown, so that a form that says something else by then is asked about again. */
export function DryRun({ result }: { result: DryRunResult }) {
  return (
    <Note tone={result.refused ? "warn" : "plain"} role={result.refused ? "alert" : "status"}>
      <strong>{result.title}</strong>
      {result.lines.length > 0 && (
        <ul className="mt-1 grid gap-0.5">
          {result.lines.map(({ words, reason }) => (
            <li key={words}>
              {words} <span className="text-sm">({reason})</span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-1 text-sm">{result.note}</p>
      <input type="hidden" name="accepted" value={result.refused} />
    </Note>
  );
}
