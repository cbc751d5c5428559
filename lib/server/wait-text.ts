/**
 * When to try again after too much of something, in words.
 * @param seconds as the limit says
 * @param what there was too much of
 */
export function waitText(seconds: number, what = "wrong passwords"): string {
  const [count, unit] = seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `Too many ${what}. Try again in ${count} ${unit}${count === 1 ? "" : "s"}.`;
}
