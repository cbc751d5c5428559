/** The brand: its sign and its name. */
import { brand } from "@/latchkey.config";
import { BrandMark } from "./brand-mark";

export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-lg">
      <BrandMark />
      {brand.name}
    </span>
  );
}
