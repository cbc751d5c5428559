// Makes a fresh PostgreSQL database beside the one TEST_DATABASE_URL names, and drops it.

import { randomBytes } from "node:crypto";
import pg from "pg";

export async function createDatabase() {
  const name = `latchkey_e2e_${randomBytes(6).toString("hex")}`;
  const url = new URL(process.env.TEST_DATABASE_URL ?? "");
  url.pathname = `/${name}`;
  await execute(`CREATE DATABASE ${name}`);
  return { url: url.href, drop: () => execute(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function execute(sql: string) {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
