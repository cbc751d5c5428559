/** What a company's manager makes here: OAuth credentials by one press, legacy tokens by two. */
import { ChevronDown } from "lucide";
import Form from "next/form";
import { Button } from "./ui/button";
import { Icon } from "./ui/icon";
import { MenuButton } from "./ui/menu-button";

/** The button is a form's, so that it works without JavaScript. */
export function CreateCredentialButton() {
  return (
    <div className="flex max-sm:w-full">
      <Form action="/company/api/new" className="grow">
        <Button type="submit" variant="primary" shape="joinedLeft" className="max-sm:w-full">
          Create OAuth credentials
        </Button>
      </Form>
      <MenuButton
        label="More credential types"
        icon={<Icon of={ChevronDown} />}
        items={[
          {
            href: "/company/api/legacy/new",
            label: "Create legacy token",
            description: "Still supported, not recommended for new integrations.",
          },
        ]}
      />
    </div>
  );
}
