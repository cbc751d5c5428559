/** Starts the runtime where Next owns the server (`next dev`); under `server.ts` it is running already. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NODE_ENV === "production") return;
  const { isRunning, startRuntime } = await import("./lib/server/runtime");
  if (isRunning()) return;
  const { seedDemo } = await import("./prisma/seed");
  const rt = await startRuntime();
  if (rt.env.demo) await seedDemo(rt.db, rt.passwords.hash);
  const { firstAdminAddress } = await import("./lib/server/setup");
  const setup = await firstAdminAddress(rt);
  if (setup !== null) process.stdout.write(`\nThe first administrator is made at ${setup}\n\n`);
  rt.courier.start();
}
