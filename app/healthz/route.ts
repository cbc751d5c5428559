import { route } from "@/lib/server/route";

const handler = route("/healthz");

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
