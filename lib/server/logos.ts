/** GET /logos/:id: an app's re-encoded logo. Its id changes with its content, so it may be kept for ever. */
import { findLogo } from "../db/logos";
import { type EndpointRequest, type EndpointResponse, json } from "../oauth/message";
import type { Runtime } from "./runtime";

export async function logo(rt: Runtime, _request: EndpointRequest, id: string): Promise<EndpointResponse> {
  const image = /^[0-9A-Za-z]{1,40}$/.test(id) ? await findLogo(rt.db, id) : null;
  if (!image) return json(404, { error: "not_found", error_description: "no such logo" });
  return {
    status: 200,
    headers: {
      "content-type": "image/webp",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
    },
    body: image,
  };
}
