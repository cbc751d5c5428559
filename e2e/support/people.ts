// The people of the demo data.

/** The password of everybody. */
export const password = "latchkey-demo";

export const people = {
  /** Owner of Northwind Labs, member of Quarry Works. */
  owner: "owner@latchkey.test",
  manager: "manager@latchkey.test",
  /** Member of Northwind Labs alone. */
  member: "member@latchkey.test",
  /** Member of no company. */
  admin: "admin@latchkey.test",
  /** Owner of Fabrikam, whose plan has no API access. */
  outsider: "outsider@latchkey.test",
} as const;
