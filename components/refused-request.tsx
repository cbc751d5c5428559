/** One refused request: what was received beside what is registered, and who sent it. */
import type { ReactNode } from "react";
import type { RefusedRequest } from "@/lib/db/request-activity";
import { changedPart, redirectDiff } from "@/lib/oauth/redirect_diff";
import { Moment } from "./ui/moment";
import { timeInWords } from "./ui/time-in-words";
import { UsedFrom } from "./used-from";

export function RefusedRequestDetail({ refused }: { refused: RefusedRequest }) {
  const { id, at, endpoint, grantType, reason, received, registered, address, agent } = refused;
  const names = [...new Set([...Object.keys(received), ...Object.keys(registered)])];
  return (
    <div className="grid min-w-0 gap-2">
      <p className="wrap-anywhere text-md">{reason}</p>
      <p className="wrap-anywhere text-faint text-sm">
        <Moment at={at} />
        <UsedFrom address={address} agent={agent} /> · {endpoint}
        {grantType && ` · ${grantType}`} · Request ID <code className="font-mono text-soft">{id}</code>
      </p>
      {names.length > 0 && (
        <Compared caption={`Received and registered, request ${id}`}>
          {names.flatMap((name) => {
            const [theirs, ours] = [received[name], registered[name]];
            if (name === "redirect_uri" && theirs && ours)
              return redirectDiff(theirs, ours)
                .filter((part) => part.differs || part.received !== "")
                .map((part) => (
                  <ComparedRow
                    key={`${name} ${part.component}`}
                    name={`redirect_uri ${part.component}`}
                    received={part.received}
                    registered={part.registered}
                    differs={part.differs}
                  />
                ));
            return [
              <ComparedRow
                key={name}
                name={name}
                received={theirs}
                registered={ours}
                differs={theirs !== undefined && ours !== undefined && theirs !== ours}
              />,
            ];
          })}
        </Compared>
      )}
    </div>
  );
}

function Compared({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <table className="w-full table-fixed text-left text-sm max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-sunk/50 text-faint max-sm:sr-only">
          <tr>
            <th scope="col" className="w-40 px-3 py-2 font-medium">
              Component
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Received
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              Registered
            </th>
          </tr>
        </thead>
        <tbody className="max-sm:block">{children}</tbody>
      </table>
    </div>
  );
}

interface ComparedRowProps {
  name: string;
  /** Undefined: there is nothing to say on this side. */
  received: string | undefined;
  registered: string | undefined;
  differs: boolean;
}

function ComparedRow({ name, received, registered, differs }: ComparedRowProps) {
  return (
    <tr
      className={`border-line border-t max-sm:grid max-sm:gap-1 max-sm:px-3 max-sm:py-2 ${differs ? "bg-bad-soft/40" : ""}`}
    >
      <th scope="row" className="wrap-anywhere px-3 py-2 font-normal text-faint max-sm:p-0">
        {name}
        {differs && <span className="block font-medium text-bad">differs</span>}
      </th>
      <ComparedCell label="Received" value={received} other={differs ? registered : undefined} />
      <ComparedCell label="Registered" value={registered} other={differs ? received : undefined} />
    </tr>
  );
}

function ComparedCell({ label, value, other }: { label: string; value?: string; other?: string }) {
  return (
    <td
      data-label={label}
      className="wrap-anywhere px-3 py-2 align-top font-mono text-[0.8125rem] max-sm:p-0 max-sm:before:mr-2 max-sm:before:font-sans max-sm:before:text-faint max-sm:before:content-[attr(data-label)]"
    >
      {value === undefined ? <span className="text-faint">–</span> : <Marked value={value} other={other} />}
    </td>
  );
}

/** A value with the part marked that the other one has not; a moment in it is said in words as well. */
function Marked({ value, other }: { value: string; other?: string }) {
  if (value === "") return <span className="text-faint">(none)</span>;
  const ended = /^(ended|used) at (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(value);
  if (ended?.[2])
    return (
      <span title={ended[2]} className="font-sans">
        {ended[1]} {timeInWords(new Date(ended[2]), new Date())}
      </span>
    );
  if (other === undefined) return value;
  const { before, changed, after } = changedPart(value, other);
  return (
    <>
      {before}
      {changed && <mark className="rounded-[3px] bg-bad-soft px-0.5 font-semibold text-bad">{changed}</mark>}
      {after}
    </>
  );
}
