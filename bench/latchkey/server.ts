/** Our server as a subject: the production build, started as `npm start` does, with the probe in it. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { freePort, PROBE, productionEnv, startFile, until } from "../process";
import { type Running, running } from "../subject";

/**
 * @param folder where it keeps its data
 * @param databaseUrl undefined: the embedded database
 */
export async function startLatchkey(folder: string, databaseUrl: string | undefined): Promise<Running> {
  const port = await freePort();
  const env = {
    ...productionEnv(),
    PORT: String(port),
    ISSUER_URL: `http://localhost:${port}`,
    DATA_DIR: path.join(folder, "data"),
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    DEMO: "0",
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  const child = startFile("scripts/start.mjs", ["--no-env-file"], {
    execArgv: ["--import", PROBE],
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended early, with ${child.exitCode}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200;
  });
  return running(child, port);
}
