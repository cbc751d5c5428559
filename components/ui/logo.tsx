/** A square picture, or a coloured tile with the first letter of a name. */
import { cn } from "./cn";

const tiles = [
  "bg-tile-1",
  "bg-tile-2",
  "bg-tile-3",
  "bg-tile-4",
  "bg-tile-5",
  "bg-tile-6",
  "bg-tile-7",
  "bg-tile-8",
] as const;

const sizes = {
  sm: "size-6 rounded-sm text-xs",
  md: "size-9 rounded-md text-base",
  lg: "size-12 rounded-lg text-xl",
  xl: "size-14 rounded-xl text-xl",
};

interface LogoProps {
  name: string;
  /** Address of the picture; the tile stands in when there is none. */
  src: string | null;
  size?: keyof typeof sizes;
  /** Called when the picture cannot be shown. */
  onBroken?: () => void;
}

/** Decorative: the name always stands beside it. */
export function Logo({ name, src, size = "md", onBroken }: LogoProps) {
  const box = cn("block shrink-0 select-none", sizes[size]);
  if (src) {
    return (
      // biome-ignore lint/performance/noImgElement: already 192 px, re-encoded and cached for ever by our own route.
      <img
        src={src}
        alt=""
        onError={onBroken}
        className={cn(box, "border border-line bg-panel object-cover")}
      />
    );
  }
  return (
    <span aria-hidden className={cn(box, "grid place-items-center font-semibold text-white", tileOf(name))}>
      {Array.from(name.trim())[0]?.toLocaleUpperCase("en") ?? "?"}
    </span>
  );
}

/** The same name always gets the same colour. */
function tileOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return tiles[sum % tiles.length] ?? tiles[0];
}
