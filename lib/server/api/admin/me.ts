/** Who calls the administration API. */
import { z } from "zod";
import { operation } from "./operation";

export const readMe = operation({
  method: "GET",
  path: "/admin/v1/me",
  operationId: "readMe",
  summary: "The administrator the token acts for",
  success: {
    status: 200,
    answer: z.object({
      type: z.literal("user"),
      id: z.string(),
      email: z.string().optional(),
      username: z.string().describe("Of a service account").optional(),
      scopes: z.array(z.string()),
    }),
  },
  run: async (_rt, { adminId: id, token: { username, scope } }) => ({
    status: 200,
    answer: {
      type: "user" as const,
      id,
      ...(username !== undefined && (username.includes("@") ? { email: username } : { username })),
      scopes: scope.split(" "),
    },
  }),
});
