/**
 * The way through the provider. A link and no form: a form may only lead where the page's Content-Security-Policy says,
 * and where the provider leads on to nobody knows (docs/decisions/0007).
 */
import { buttonClass } from "./ui/button";
import { cn } from "./ui/cn";

export function SsoLink({ name, href }: { name: string; href: string }) {
  return (
    <div className="mt-5 grid gap-5">
      <div className="flex items-center gap-3 text-faint text-sm">
        <span className="h-px flex-1 bg-line" />
        or
        <span className="h-px flex-1 bg-line" />
      </div>
      <a href={href} className={cn(buttonClass({ size: "lg" }), "min-w-0")}>
        <span className="truncate">Continue with {name}</span>
      </a>
    </div>
  );
}
