/** The end of a form on a page: do it, or go back. On phones the main button is the lower one, near the thumb. */
import Link from "next/link";
import { buttonClass } from "./button";
import { SubmitButton } from "./submit-button";

interface FormFootProps {
  submitLabel: string;
  pending: boolean;
  cancelHref: string;
}

export function FormFoot({ submitLabel, pending, cancelHref }: FormFootProps) {
  return (
    <div className="grid grid-cols-2 gap-2.5 sm:flex sm:flex-row-reverse sm:justify-start">
      <SubmitButton variant="primary" pending={pending} className="max-sm:order-last">
        {submitLabel}
      </SubmitButton>
      <Link href={cancelHref} className={buttonClass()}>
        Cancel
      </Link>
    </div>
  );
}
