/** When to try again after too many wrong passwords, in words. @param seconds as the lock-out says */
export function waitText(seconds: number): string {
  const [count, unit] = seconds < 90 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `Too many wrong passwords. Try again in ${count} ${unit}${count === 1 ? "" : "s"}.`;
}
