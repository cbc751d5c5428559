/** Why somebody cannot register an app here, and whom to ask. */
import { Card, CardBody, CardHead } from "./ui/card";
import { Logo } from "./ui/logo";

interface RegistrationClosedProps {
  companies: readonly { company: string; people: readonly { name: string; email: string }[] }[];
}

export function RegistrationClosed({ companies }: RegistrationClosedProps) {
  const asked = companies.filter(({ people }) => people.length > 0);
  return (
    <>
      <h1 className="font-semibold text-2xl">Create app</h1>
      <p className="mb-5 max-w-[62ch] text-soft">
        Here only owners and auth managers of a company register apps, and you are neither.{" "}
        {asked.length > 0
          ? "Ask one of them to register it, or to make you an auth manager."
          : "You belong to no company that has one: ask an administrator of this installation."}
      </p>
      <div className="grid gap-5">
        {asked.map(({ company, people }) => (
          <Card key={company}>
            <CardHead title={company} text="Can register apps" />
            <CardBody>
              <ul className="grid gap-3">
                {people.map(({ name, email }) => (
                  <li key={email} className="flex items-center gap-3">
                    <Logo name={name} src={null} />
                    <span className="min-w-0 leading-tight">
                      <span className="block truncate font-medium">{name}</span>
                      <a
                        href={`mailto:${email}`}
                        className="block truncate text-accent-text text-sm hover:underline"
                      >
                        {email}
                      </a>
                    </span>
                  </li>
                ))}
              </ul>
            </CardBody>
          </Card>
        ))}
      </div>
    </>
  );
}
