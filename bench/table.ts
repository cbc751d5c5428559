/** Markdown tables that can be read as plain text, too. */

/** @param rows the first is the head; the first column is text, the others are numbers unless `text` names them */
export function table(rows: string[][], text: readonly number[] = [0]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const padded = (cell: string, column: number) =>
    text.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (row: string[]) => `| ${row.map(padded).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (text.includes(i) ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [head = [], ...rest] = rows;
  return [line(head), rule, ...rest.map(line)];
}
