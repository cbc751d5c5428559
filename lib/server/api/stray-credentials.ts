/** Finds credentials where they do not belong: in the query or the body of an API call. */
import { type EndpointRequest, mediaType } from "../../oauth/message";
import { decodeUtf8 } from "../../oauth/params";

/** RFC 6750 §2.2 and §2.3 allow two more ways to send a token; this API has one. A secret has no business here. */
const STRAY = ["client_secret", "access_token"];

/** Was a client secret or an access token sent as a parameter? */
export function carriesCredentials(request: EndpointRequest): boolean {
  return [...namesInQuery(request.query), ...namesInBody(request)].some((name) => STRAY.includes(name));
}

function namesInQuery(query: string): string[] {
  return query === "" ? [] : [...new URLSearchParams(query).keys()];
}

function namesInBody(request: EndpointRequest): string[] {
  const text = request.body.length === 0 ? null : decodeUtf8(request.body);
  if (text === null) return [];
  if (mediaType(request) === "application/x-www-form-urlencoded") return namesInQuery(text);
  try {
    return Object.keys(JSON.parse(text) ?? {});
  } catch {
    return [];
  }
}
