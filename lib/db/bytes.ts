/** Hashes are base64url strings in the rules and 32 bytes in the database. */

/** A base64url hash as the database keeps it. */
export function toBytes(hash: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(hash, "base64url");
  return new Uint8Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The same for the driver alone, without a copy: it reads a view of a shared buffer, which Prisma does not. */
export function toBuffer(hash: string): Buffer {
  return Buffer.from(hash, "base64url");
}

/** A stored hash as the rules name it. */
export function toHash(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}
