/** A service account's secrets, the one time they can be seen. */
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";

export interface ServiceSecrets {
  secret?: string;
  username?: string;
  password?: string;
}

/** Shows those it is given, under what stays. */
export function ServiceSecretsOnce({ secret, username, password }: ServiceSecrets) {
  const both = secret !== undefined && password !== undefined;
  return (
    <>
      {secret !== undefined && <CopyField label="API Secret" value={secret} />}
      {username !== undefined && <CopyField label="Username" value={username} />}
      {password !== undefined && <CopyField label="Password" value={password} />}
      <Note tone="warn" role="status">
        <strong>
          {both && "Copy the secret and the password now."}
          {!both && `Copy the ${secret === undefined ? "password" : "secret"} now.`}
        </strong>{" "}
        {both ? "They are" : "It is"} not shown again. Keep {both ? "them" : "it"} on a server: not in a
        browser, a mobile app or a repository.
      </Note>
    </>
  );
}
