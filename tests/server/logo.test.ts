import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { limits } from "../../latchkey.config";
import { reencodeLogo } from "../../lib/server/logo";

const red = { r: 220, g: 20, b: 20 };

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: red } });
}

async function stored(bytes: Uint8Array) {
  const result = await reencodeLogo(bytes);
  if (!result.ok) throw new Error(result.problem);
  return sharp(result.image);
}

describe("an uploaded logo", () => {
  it.each(["png", "jpeg", "webp"] as const)(
    "becomes a square WebP of 192 px when it is a %s",
    async (format) => {
      const bytes = await picture(320, 200).toFormat(format).toBuffer();
      expect(await (await stored(bytes)).metadata()).toMatchObject({
        format: "webp",
        width: 192,
        height: 192,
      });
    },
  );

  it("keeps the whole picture, on a clear ground", async () => {
    const wide = await stored(await picture(400, 100).png().toBuffer());
    const { data, info } = await wide.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const alphaAt = (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
    expect(alphaAt(96, 4)).toBe(0);
    expect(alphaAt(96, 96)).toBe(255);
    expect(alphaAt(2, 96)).toBe(255);
  });

  it("loses its metadata", async () => {
    const bytes = await picture(50, 50)
      .withExif({ IFD0: { Copyright: "somebody", ImageDescription: "51.5, -0.1" } })
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).exif).toBeDefined();
    expect((await (await stored(bytes)).metadata()).exif).toBeUndefined();
  });

  it("loses whatever was appended to it", async () => {
    const bytes = Buffer.concat([
      await picture(50, 50).png().toBuffer(),
      Buffer.from("<script>alert(1)</script>"),
    ]);
    const result = await reencodeLogo(bytes);
    expect(result.ok && Buffer.from(result.image).includes("script")).toBe(false);
  });
});

describe("a logo is refused", () => {
  it.each([
    ["an SVG", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ["an SVG behind an XML head", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["a web page", "<!doctype html><img src=x onerror=alert(1)>"],
    ["a PDF", "%PDF-1.7"],
    ["text", "hello"],
  ])("when it is %s", async (_, text) => {
    expect(await reencodeLogo(new TextEncoder().encode(text))).toEqual({
      ok: false,
      problem: "Only PNG, JPEG and WebP pictures can be a logo.",
    });
  });

  it.each(["gif", "tiff", "avif"] as const)("when it is a %s", async (format) => {
    const bytes = await picture(20, 20).toFormat(format).toBuffer();
    expect(await reencodeLogo(bytes)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("Only PNG"),
    });
  });

  it("when it is empty", async () => {
    expect(await reencodeLogo(new Uint8Array())).toEqual({ ok: false, problem: "The file is empty." });
  });

  it("when it begins like a picture and is none", async () => {
    const png = await picture(20, 20).png().toBuffer();
    const forged = Buffer.concat([
      png.subarray(0, 8),
      Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ]);
    expect(await reencodeLogo(forged)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("damaged"),
    });
  });

  it("when it is cut off", async () => {
    const png = await picture(300, 300).png({ compressionLevel: 0 }).toBuffer();
    expect(await reencodeLogo(png.subarray(0, png.length / 2))).toMatchObject({ ok: false });
  });

  it("when it is larger than the limit in bytes", async () => {
    const result = await reencodeLogo(new Uint8Array(limits.logoBytes + 1));
    expect(result).toEqual({ ok: false, problem: "The file is larger than 512 KB." });
  });

  it("when it is a small file with a huge picture in it", async () => {
    const bomb = await picture(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(limits.logoBytes);
    expect(await reencodeLogo(bomb)).toMatchObject({ ok: false });
  });

  it("when one side is too long", async () => {
    const long = await picture(5_000, 10).png().toBuffer();
    expect(await reencodeLogo(long)).toMatchObject({ ok: false, problem: expect.stringContaining("4096") });
  });
});
