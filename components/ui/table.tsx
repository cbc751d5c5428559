/** A table that becomes a stack of small cards on phones: every column stays, nothing scrolls sideways. */
import type { ReactNode } from "react";
import { cn } from "./cn";

interface TableProps {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: readonly string[];
  /** Name of a last column that holds a button; read aloud, not seen. */
  actions?: string;
  children: ReactNode;
}

export function Table({ caption, columns, actions, children }: TableProps) {
  return (
    <table className="w-full border-collapse text-left text-md max-md:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="max-md:sr-only">
        <tr>
          {columns.map((column) => (
            <th
              key={column}
              scope="col"
              className="border-line border-b px-3 py-2.5 font-medium text-faint text-sm first:pl-5"
            >
              {column}
            </th>
          ))}
          {actions && (
            <th scope="col" className="border-line border-b">
              <span className="sr-only">{actions}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody className="max-md:block">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return (
    <tr className="border-line not-first:border-t max-md:relative max-md:grid max-md:grid-cols-1 max-md:gap-1.5 max-md:px-4 max-md:py-4">
      {children}
    </tr>
  );
}

/** The cell that names its row: first, and the head of the card on phones. */
export function HeadCell({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <th
      id={id}
      scope="row"
      className="px-3 py-3 pl-5 text-left font-normal max-md:block max-md:p-0 max-md:pr-24"
    >
      {children}
    </th>
  );
}

/** `label` repeats the column's name on phones, where the head row is not seen. */
export function Cell({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <td
      data-label={label}
      className={cn(
        "px-3 py-3 align-middle max-md:grid max-md:grid-cols-[6.5rem_minmax(0,1fr)] max-md:items-center max-md:p-0 max-md:text-sm max-md:*:justify-self-start max-md:before:text-faint max-md:before:content-[attr(data-label)]",
        className,
      )}
    >
      {children}
    </td>
  );
}

/** The cell with the row's button: on the right, on phones in the card's corner. `several` go below it there. */
export function ActionCell({ several = false, children }: { several?: boolean; children: ReactNode }) {
  return (
    <td
      className={cn(
        "py-2 pr-3 pl-1 text-right max-md:p-0",
        several ? "max-md:-mx-2.5 max-md:text-left" : "max-md:absolute max-md:top-2.5 max-md:right-2",
      )}
    >
      {several ? <div className="flex flex-wrap justify-end max-md:justify-start">{children}</div> : children}
    </td>
  );
}
