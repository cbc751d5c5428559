/** Who is signed in, and the way out. */
import { LogOut } from "lucide";
import { Button } from "./ui/button";
import { Icon } from "./ui/icon";
import { Logo } from "./ui/logo";

export function SignedIn({ name, email }: { name: string; email: string }) {
  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-2.5 px-1.5 py-1">
        <Logo name={name} src={null} />
        <div className="min-w-0 flex-1 leading-tight">
          <p className="truncate font-medium text-md">{name}</p>
          <p className="truncate text-faint text-sm" title={email}>
            {email}
          </p>
        </div>
      </div>
      <form method="post" action="/logout">
        <Button type="submit" variant="quiet" size="sm" shape="row">
          <Icon of={LogOut} className="text-faint" />
          Sign out
        </Button>
      </form>
    </div>
  );
}
