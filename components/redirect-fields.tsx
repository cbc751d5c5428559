/** How an app's redirects are matched, and the field that goes with the choice. */
import type { AppSummary } from "@/lib/db/apps";
import { type ActionState, errorOf } from "./ui/action-state";
import { RadioCards } from "./ui/radio-cards";
import { TextField } from "./ui/text-field";
import { TextareaField } from "./ui/textarea-field";

interface RedirectFieldsProps {
  state: ActionState;
  redirect: AppSummary["redirect"];
  /** How many addresses the chosen policy works with. */
  needed: "none" | "one" | "many";
}

const hints = {
  none: "Not needed: under this policy the app sends nobody anywhere.",
  one: "One address. https, or http on localhost with any port.",
  many: "One a line, up to ten. https, or http on localhost with any port.",
};

/** The field of the other choice is hidden by CSS (`:has`), so the switch also works without JavaScript. */
export function RedirectFields({ state, redirect, needed }: RedirectFieldsProps) {
  return (
    <div className="group/redirect grid gap-5">
      <RadioCards
        id="match"
        name="match"
        legend="Redirect matching"
        defaultValue={redirect.match}
        error={errorOf(state, "match")}
        cards={[
          {
            value: "exact",
            label: "Exact redirect URIs",
            description: "Safest. The app sends people back to these addresses only.",
          },
          {
            value: "origin_path",
            label: "Redirect domain",
            description: "Any path of one site, for apps with many callback addresses.",
          },
        ]}
      />
      <TextareaField
        id="uris"
        name="uris"
        label="Redirect URIs"
        hint={hints[needed]}
        placeholder="https://yourapp.com/callback"
        rows={3}
        defaultValue={redirect.match === "exact" ? redirect.uris.join("\n") : ""}
        error={errorOf(state, "uris")}
        className="hidden group-has-[[value=exact]:checked]/redirect:grid"
      />
      <TextField
        id="domain"
        name="domain"
        label="Redirect domain"
        hint="The base URL of your app. Same host and port, this path or below; never subdomains."
        placeholder="https://yourapp.com"
        inputMode="url"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        defaultValue={redirect.match === "origin_path" ? redirect.domain : ""}
        error={errorOf(state, "domain")}
        className="group-has-[[value=exact]:checked]/redirect:hidden"
      />
    </div>
  );
}
