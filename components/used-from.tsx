/** Where a credential was used from and with which program, behind the moment it was: " · 203.0.113.7 · curl 8". */
import { agentInWords } from "@/lib/server/user-agent";

interface UsedFromProps {
  address: string | null;
  /** As it was sent; all of it shows on hover. */
  agent: string | null;
}

export function UsedFrom({ address, agent }: UsedFromProps) {
  const words = agentInWords(agent);
  return (
    <>
      {address && (
        <>
          {" · "}
          <span className="whitespace-nowrap">{address}</span>
        </>
      )}
      {words && agent && (
        <>
          {" · "}
          <span title={agent} className="relative z-10">
            {words}
          </span>
        </>
      )}
    </>
  );
}
