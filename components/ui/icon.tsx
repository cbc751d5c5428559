/** An icon of Lucide's as plain SVG: a picture needs no script in the browser. It always stands beside words. */
import type { IconNode } from "lucide";
import { createElement } from "react";

export interface IconProps {
  of: IconNode;
  className?: string;
  /** Of 24 units across. */
  strokeWidth?: number;
}

export function Icon({ of, className, strokeWidth = 2 }: IconProps) {
  const svg = {
    ...{ viewBox: "0 0 24 24", width: 24, height: 24, fill: "none", stroke: "currentColor", strokeWidth },
    ...{ strokeLinecap: "round", strokeLinejoin: "round", "aria-hidden": true, className },
  } as const;
  return createElement("svg", svg, ...of.map(([shape, attributes]) => createElement(shape, attributes)));
}
