/** Uploaded logos: checked by content, never by name or declared type, and drawn anew. */
import sharp from "sharp";
import { limits } from "../../latchkey.config";

/** Side of a stored logo in pixels: twice what the largest place on a page needs. */
const side = 192;
/** A picture this large on either side is a decompression bomb or a mistake. */
const maxSide = 4096;

const signatures = [
  {
    format: "png",
    matches: (bytes: Uint8Array) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  { format: "jpeg", matches: (bytes: Uint8Array) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  // "RIFF", four bytes of length, "WEBP".
  {
    format: "webp",
    matches: (bytes: Uint8Array) =>
      startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  },
] as const;

export type Reencoded = { ok: true; image: Uint8Array<ArrayBuffer> } | { ok: false; problem: string };

/**
 * A PNG, JPEG or WebP as a square WebP of 192 px, without metadata; the whole picture is kept, on a clear ground.
 * Only pixels survive, so nothing that hides in a file reaches another browser.
 * @param bytes the file as uploaded
 */
export async function reencodeLogo(bytes: Uint8Array): Promise<Reencoded> {
  if (bytes.length === 0) return { ok: false, problem: "The file is empty." };
  if (bytes.length > limits.logoBytes) {
    return { ok: false, problem: `The file is larger than ${limits.logoBytes / 1024} KB.` };
  }
  const signature = signatures.find(({ matches }) => matches(bytes));
  if (!signature) return { ok: false, problem: "Only PNG, JPEG and WebP pictures can be a logo." };
  try {
    const picture = sharp(bytes, { limitInputPixels: maxSide * maxSide, failOn: "error", pages: 1 });
    const { format, width, height } = await picture.metadata();
    if (format !== signature.format) return { ok: false, problem: unreadable };
    if (width > maxSide || height > maxSide) {
      return { ok: false, problem: `The picture is larger than ${maxSide} × ${maxSide} pixels.` };
    }
    const image = await picture
      .timeout({ seconds: 5 })
      .autoOrient()
      .resize(side, side, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .webp({ quality: 90 })
      .toBuffer();
    return { ok: true, image: new Uint8Array(image) };
  } catch {
    return { ok: false, problem: unreadable };
  }
}

const unreadable = "The file is damaged: it could not be read as a picture.";

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}
