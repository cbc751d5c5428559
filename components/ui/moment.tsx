/** A moment in people's words, exact on hover. */
import { dateInWords, exactTime, timeInWords } from "./time-in-words";

interface MomentProps {
  at: Date;
  /** `relative`: "2 minutes ago". `date`: "3 March". */
  style?: "relative" | "date";
  now?: Date;
}

/** A `<time>`; render it on the server, where "now" is one moment for the whole page. */
export function Moment({ at, style = "relative", now = new Date() }: MomentProps) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)} className="relative z-10 whitespace-nowrap">
      {style === "date" ? dateInWords(at, now) : timeInWords(at, now)}
    </time>
  );
}
