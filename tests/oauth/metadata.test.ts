import { expect, test } from "vitest";
import { metadata } from "../../lib/oauth/endpoints/metadata";
import { grants } from "../../lib/oauth/grants/index";
import { findEndpoint } from "../../lib/server/endpoints";
import { createWorld, issuer, jsonOf } from "../support/world";

const response = metadata(createWorld().as);
const document = jsonOf(response);

test("every endpoint it names is in the endpoint table, and every OAuth endpoint there is named", () => {
  const named = Object.entries(document).filter(([name]) => name.endsWith("_endpoint"));
  const paths = named.map(([, url]) => String(url).slice(issuer.length));
  expect(paths.toSorted()).toEqual([
    "/oauth/authorize",
    "/oauth/introspect",
    "/oauth/revoke",
    "/oauth/token",
  ]);
  for (const path of paths) expect(findEndpoint(path)?.entry.path).toBe(path);
  const methods = Object.fromEntries(
    paths.map((path) => [path, Object.keys(findEndpoint(path)?.entry.methods ?? {})]),
  );
  expect(methods).toEqual({
    "/oauth/authorize": ["GET", "POST"],
    "/oauth/token": ["POST"],
    "/oauth/introspect": ["POST"],
    "/oauth/revoke": ["POST"],
  });
});

test("it names the issuer exactly, and what the endpoints read", () => {
  expect(document).toMatchObject({
    issuer,
    scopes_supported: ["read", "write"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: grants.map(({ grant_type }) => grant_type),
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    authorization_response_iss_parameter_supported: true,
  });
});

test("it promises nothing that does not work yet", () => {
  for (const name of [
    "registration_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "device_authorization_endpoint",
  ])
    expect(document).not.toHaveProperty(name);
  expect(document.grant_types_supported).not.toContain("refresh_token");
});

test("anybody may read it from anywhere", () => {
  expect(response.headers["access-control-allow-origin"]).toBe("*");
});
