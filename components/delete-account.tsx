/** Deleting one's account: what goes with it in numbers, or what stands in the way. */
import { DeleteByName } from "./delete-by-name";
import type { FormAction } from "./ui/action-state";
import { Card, CardBody, CardHead } from "./ui/card";
import { Note } from "./ui/note";

interface DeleteAccountProps {
  email: string;
  departure: {
    companies: readonly string[];
    isOnlyAdmin: boolean;
    apps: number;
    people: number;
    tokens: number;
    consents: number;
  };
  /** Numbers above this are not exact. */
  countedTo: number;
  action: FormAction;
}

export function DeleteAccount({ email, departure, countedTo, action }: DeleteAccountProps) {
  const { companies, isOnlyAdmin, apps, people, tokens, consents } = departure;
  const count = (number: number, one: string, many = `${one}s`) => {
    if (number > countedTo) return `more than ${countedTo} ${many}`;
    return `${number} ${number === 1 ? one : many}`;
  };
  const isFree = companies.length === 0 && !isOnlyAdmin;
  const goes = [
    apps > 0 &&
      `${count(apps, "app")} of yours${people > 0 ? `, which ${count(people, "other person", "other people")} use` : ""}`,
    tokens > 0 && `${count(tokens, "token")} that act as you`,
    consents > 0 && `your approval of ${count(consents, "app")}`,
  ].filter((line) => line !== false);
  return (
    <Card>
      <CardHead
        title="Delete account"
        text="For good. Companies keep what you made for them, and the audit log what you did."
        aside={
          isFree && (
            <DeleteByName
              label="Delete account"
              name="your account"
              typed={email}
              action={action}
              fields={{}}
              then="/login?notice=deleted"
            >
              <p>
                {goes.length > 0 ? (
                  <>
                    With it go <strong>{inWords(goes)}</strong>. They stop working at once.
                  </>
                ) : (
                  "You are signed out everywhere at once."
                )}{" "}
                This cannot be undone.
              </p>
            </DeleteByName>
          )
        }
      />
      {!isFree && (
        <CardBody>
          {companies.length > 0 && (
            <Note tone="warn">
              You are the only owner of <strong>{inWords(companies)}</strong>. Make somebody else an owner
              first.
            </Note>
          )}
          {isOnlyAdmin && (
            <Note tone="warn">
              You are the only administrator of this installation. Make somebody else one first.
            </Note>
          )}
        </CardBody>
      )}
    </Card>
  );
}

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

function inWords(items: readonly string[]): string {
  return list.format(items);
}
