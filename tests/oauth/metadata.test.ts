import { expect, test } from "vitest";
import { metadata } from "../../lib/oauth/endpoints/metadata";
import { grants } from "../../lib/oauth/grants/index";
import type { Instance } from "../../lib/oauth/instance";
import { findEndpoint } from "../../lib/server/endpoints";
import { createWorld, issuer, jsonOf } from "../support/world";

const response = await metadata(createWorld().as);
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
    scopes_supported: ["read", "write", "admin"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
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
  for (const grant of ["implicit", "password"]) expect(document.grant_types_supported).not.toContain(grant);
});

const withInstance = async (instance: Partial<Instance>) => {
  const world = createWorld();
  await world.facts.setInstance(instance);
  return jsonOf(await metadata(world.as));
};

test("the password grant is named while the installation has it", async () => {
  expect(await withInstance({ password: true })).toEqual({
    ...document,
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials", "password"],
  });
  expect(await withInstance({ password: false })).toEqual(document);
});

test("the implicit grant is named while the installation has it, with where it answers", async () => {
  expect(await withInstance({ implicit: true })).toEqual({
    ...document,
    response_types_supported: ["code", "token"],
    response_modes_supported: ["query", "fragment"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials", "implicit"],
  });
});

test("every grant in the table of grants is named once everything is switched on", async () => {
  const { grant_types_supported } = await withInstance({ implicit: true, password: true });
  expect(grant_types_supported).toEqual([...grants.map(({ grant_type }) => grant_type), "implicit"]);
});

test("anybody may read it from anywhere", () => {
  expect(response.headers["access-control-allow-origin"]).toBe("*");
});
