/** Moments in people's words. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const fullDate = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });

/** "just now", "2 minutes ago", "yesterday", "in 9 days"; beyond 99 days the date ("3 March", "3 March 2024"). */
export function timeInWords(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime();
  const size = Math.abs(away);
  if (size < 45 * second) return away > 0 ? "in a moment" : "just now";
  if (size < hour - minute / 2) return relative.format(awayFromZero(away / minute), "minute");
  if (size < day - hour / 2) return relative.format(Math.round(away / hour), "hour");
  if (size < 99.5 * day) return relative.format(Math.round(away / day), "day");
  return dateInWords(at, now);
}

/** "3 March", with the year when it is another one. */
export function dateInWords(at: Date, now: Date): string {
  return at.getUTCFullYear() === now.getUTCFullYear() ? dayAndMonth.format(at) : fullDate.format(at);
}

/** "3 March 2026 at 14:05:09 UTC", for those who must know. */
export function exactTime(at: Date): string {
  return `${exact.format(at)} UTC`;
}

function awayFromZero(count: number): number {
  return Math.sign(count) * Math.max(1, Math.round(Math.abs(count)));
}
