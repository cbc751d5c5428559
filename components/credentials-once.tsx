/** A client secret, the one time it can be seen. */
import { CopyField } from "./ui/copy-field";
import { Note } from "./ui/note";

/** Goes under the `Client ID`, which stays. */
export function SecretOnce({ secret }: { secret: string }) {
  return (
    <>
      <CopyField label="Client Secret" value={secret} />
      <Note tone="warn" role="status">
        <strong>Copy the secret now.</strong> It is not shown again. Keep it on your server: not in a browser,
        a mobile app or a repository.
      </Note>
    </>
  );
}
