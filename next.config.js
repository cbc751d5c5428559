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
  ],
  // Asked for by browsers before, or without, a page that names its icon.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  // `npm test` checks the types; a start need not.
  typescript: { ignoreBuildErrors: true },
  // A logo may be 512 KB; the form around it is small.
  experimental: { serverActions: { bodySizeLimit: "1mb" } },
};
