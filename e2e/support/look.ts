// A look at a page as it is now: one h1, nothing sideways, nothing that axe finds in light and dark; with SCREENS=1 a
// picture of each.

import type { Page } from "@playwright/test";
import { arrived, checkAccessibility, expect, settle } from "./test.ts";

const widths = { desk: 1280, phone: 360 };

export type Device = keyof typeof widths;

export const devices = ["desk", "phone"] as const satisfies Device[];

/** A browser of that size, for `browse`. */
export function sizeOf(device: Device) {
  const phone = device === "phone";
  return {
    viewport: { width: widths[device], height: phone ? 740 : 800 },
    hasTouch: phone,
    isMobile: phone,
    reducedMotion: "reduce",
  } as const;
}

const isKept = Boolean(process.env.SCREENS);

/**
 * Looks at the page in both colour schemes; on a phone in the dark only for a picture, as colours are the same at any
 * width. With SCREENS=1, test-results/screens has the pictures.
 */
export async function look(page: Page, device: Device, name: string) {
  await arrived(page);
  const schemes = device === "phone" && !isKept ? (["light"] as const) : (["light", "dark"] as const);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => scrollTo(0, 0));
    await settle(page);
    if (isKept) await page.screenshot(picture(`${name}-${device}-${colorScheme}`));
    await checkAccessibility(page, colorScheme === "dark" ? ["color-contrast"] : undefined); // all that differs
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, name).toBeLessThanOrEqual(widths[device]);
}

function picture(name: string) {
  return { path: `test-results/screens/${name}.png`, fullPage: true, animations: "disabled" } as const;
}
