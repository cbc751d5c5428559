const { ISSUER_URL = "" } = process.env;

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Opened once per process by the server; a bundled second copy would open the embedded database twice.
  serverExternalPackages: [
    "@electric-sql/pglite",
    "pg",
    "@prisma/client",
    "@prisma/adapter-pg",
    "sharp",
    "pino",
    "nodemailer",
    "@simplewebauthn/server",
  ],
  // Pages have theirs from proxy.ts, which does not see the files a page is made of.
  headers: async () => [
    {
      source: "/_next/:path*",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        { key: "cross-origin-resource-policy", value: "same-origin" },
      ],
    },
  ],
  // Asked for by browsers before, or without, a page that names its icon.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  // `npm test` checks the types; a start need not.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    serverActions: {
      // A logo may be 512 KB; the form around it is small.
      bodySizeLimit: "1mb",
      // Read at the start, too: behind a proxy that does not keep Host, a form's origin is the issuer's all the same.
      allowedOrigins: URL.canParse(ISSUER_URL) ? [new URL(ISSUER_URL).host] : [],
    },
  },
};
