/** Buttons, and links that look like them. */
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** The look of a button, for `<button>` and `<Link>` alike. One `primary` on a page. */
export const buttonClass = cva(
  "inline-flex shrink-0 select-none items-center whitespace-nowrap rounded-md border transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent text-accent-ink hover:bg-accent-press",
        secondary: "border-edge bg-panel text-ink hover:bg-sunk",
        quiet: "border-transparent text-soft hover:bg-sunk hover:text-ink",
        warning: "border-transparent text-bad hover:bg-bad-soft",
        done: "border-transparent text-good",
        danger: "border-transparent bg-danger text-danger-ink hover:bg-danger-press",
      },
      size: {
        md: "h-9 px-3.5 text-md pointer-coarse:h-11",
        sm: "h-8 px-2.5 text-md pointer-coarse:h-10",
        lg: "h-11 px-4 text-base",
        icon: "size-9 pointer-coarse:size-11",
      },
      shape: {
        button: "justify-center gap-1.5 font-medium",
        row: "w-full justify-start gap-2.5",
        /** The halves of a split button. */
        joinedLeft: "justify-center gap-1.5 rounded-r-none font-medium",
        joinedRight: "justify-center rounded-l-none border-l-accent-ink/25",
      },
    },
    defaultVariants: { variant: "secondary", size: "md", shape: "button" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonClass>;

/** A `<button>`; `type="button"` unless told otherwise, so that it never submits by accident. */
export function Button({ variant, size, shape, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cn(buttonClass({ variant, size, shape }), className)} {...rest} />;
}
