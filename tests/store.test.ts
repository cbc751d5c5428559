import { createStore } from "../lib/db/store";
import { storeContract } from "./store.contract";
import { databaseFacts, databases, openTestDatabase } from "./support/databases";
import { memoryFacts } from "./support/memory/facts";
import { MemoryStore } from "./support/memory-store";

const unused = { client: () => {}, token: () => {} };

storeContract("memory", async (now) => {
  const store = new MemoryStore(now);
  return { store, facts: memoryFacts(store), close: async () => {} };
});

for (const database of databases)
  storeContract(database.name, async (now) => {
    const db = await openTestDatabase(database, now);
    return { store: createStore(db, unused), facts: databaseFacts(db), close: db.close };
  });
