/** Every server action there is, and a form it accepts from whoever may do it. */
import type { Scene } from "./scene";

type Fields = Record<string, string | readonly string[]>;

export interface Tried {
  /** What it does, for people. */
  does: string;
  /** Nothing that a form can say makes it happen. */
  isBeyondAForm?: boolean;
  fields(scene: Scene): Fields;
}

const appForm = {
  ...{ name: "Renamed", type: "confidential", match: "exact", uris: "https://app.example/callback" },
  ...{ preset: "standard", scope: ["read"] },
};

/** By the file below app/, without the groups of its path, and the action's name. */
export const tried: Record<string, Tried> = {
  "settings/profile/actions.ts saveProfile": {
    does: "Change one's own name",
    fields: () => ({ name: "Somebody" }),
  },
  "settings/profile/password-action.ts savePassword": {
    does: "Change one's own password",
    fields: () => ({ current: "right", next: "another-password" }),
  },
  "settings/api-access/consents/actions.ts revokeAccess": {
    does: "Take back what the owner allowed an app",
    fields: ({ allowed }) => ({ app: allowed }),
  },
  "settings/api-access/tokens/actions.ts revokeOneToken": {
    does: "Revoke the owner's personal token",
    fields: ({ token }) => ({ token }),
  },
  "settings/api-access/tokens/new/actions.ts createOneToken": {
    does: "Make a personal token for the company",
    fields: ({ company }) => ({ name: "Script", scope: ["read"], company, expiration: "30" }),
  },
  "settings/api-access/quarantine/actions.ts restoreOne": {
    does: "Let a token of the owner's that was reported work again",
    fields: ({ quarantined }) => ({ credential: quarantined }),
  },
  "settings/api-access/quarantine/actions.ts endOne": {
    does: "End a token of the owner's that was reported",
    fields: ({ quarantined }) => ({ credential: quarantined }),
  },
  "settings/api-access/apps/new/actions.ts createOneApp": {
    does: "Register an app of one's own",
    fields: () => appForm,
  },
  "settings/api-access/apps/[app]/edit/actions.ts saveApp": {
    does: "Change the owner's app",
    fields: ({ app }) => ({ ...appForm, app: app.id }),
  },
  "settings/api-access/apps/[app]/actions.ts deleteOneApp": {
    does: "Delete the owner's app",
    fields: ({ app }) => ({ app: app.id, confirm: "Test app" }),
  },
  "settings/api-access/apps/[app]/policy/actions.ts savePolicy": {
    does: "Change the policy of the owner's app",
    fields: ({ app }) => ({ app: app.id, preset: "perpetual" }),
  },
  "settings/api-access/apps/[app]/pin-actions.ts pinToExact": {
    does: "Pin the redirects of the owner's app",
    fields: ({ observed }) => ({ app: observed.id, uri: [observed.uri] }),
  },
  "settings/api-access/apps/[app]/credentials/actions.ts rotateOneSecret": {
    does: "Rotate a secret of the owner's app",
    fields: ({ app }) => ({ app: app.id, overlap: "3600" }),
  },
  "settings/api-access/apps/[app]/credentials/actions.ts revokeOneSecret": {
    does: "Revoke a secret of the owner's app",
    fields: ({ app }) => ({ app: app.id, secret: app.secret }),
  },
  "company/api/actions.ts revokeOne": {
    does: "Revoke the company's legacy token",
    fields: ({ legacy }) => ({ kind: "legacy", id: legacy }),
  },
  "company/api/new/actions.ts createOneCredential": {
    does: "Make credentials for the company",
    fields: ({ company }) => ({ company, name: "Export", scope: "read" }),
  },
  "company/api/legacy/new/actions.ts createOneLegacyToken": {
    does: "Make a legacy token for the company",
    fields: ({ company }) => ({ company, name: "Export", scope: "read", expiration: "1" }),
  },
  "company/api/[credential]/actions.ts rotateCredentialSecret": {
    does: "Rotate the secret of the company's credential",
    fields: ({ credential }) => ({ app: credential.id, overlap: "3600" }),
  },
  "company/api/[credential]/actions.ts revokeCredentialSecret": {
    does: "Revoke a secret of the company's credential",
    fields: ({ credential }) => ({ app: credential.id, secret: credential.secret }),
  },
  "company/api/[credential]/actions.ts revokeWholeCredential": {
    does: "Revoke the company's credential",
    fields: ({ credential }) => ({ app: credential.id }),
  },
  "admin/settings/actions.ts saveSettings": {
    does: "Change the installation's settings",
    fields: () => ({ registration: "open", leaked_credentials: "revoke", sign_up: "invitation" }),
  },
  "admin/apps/actions.ts approveOneApp": {
    does: "Approve an app that waits",
    fields: ({ waiting }) => ({ app: waiting, version: "1" }),
  },
  "admin/apps/actions.ts refuseOneApp": {
    does: "Refuse an app that waits",
    fields: ({ waiting }) => ({ app: waiting, version: "1", reason: "No." }),
  },
  "admin/service-accounts/new/actions.ts createOneServiceAccount": {
    does: "Make a service account",
    fields: ({ company }) => ({
      name: "Job",
      username: `job-${company.toLowerCase()}`,
      company,
      scope: "read",
    }),
  },
  "admin/service-accounts/[account]/actions.ts issueOneSecret": {
    does: "Issue a service account's secret",
    fields: ({ account }) => ({ app: account.key, overlap: "3600" }),
  },
  "admin/service-accounts/[account]/actions.ts revokeOneSecret": {
    does: "Revoke a service account's secret",
    fields: ({ account }) => ({ app: account.key, secret: account.secret }),
  },
  "admin/service-accounts/[account]/actions.ts resetOnePassword": {
    does: "Reset a service account's password",
    fields: ({ account }) => ({ account: account.id }),
  },
  "admin/service-accounts/[account]/actions.ts suspendOne": {
    does: "Suspend a service account",
    fields: ({ account }) => ({ account: account.id }),
  },
  "admin/service-accounts/[account]/actions.ts reactivateOne": {
    does: "Let a service account work again",
    fields: ({ account }) => ({ account: account.id }),
  },
  "admin/service-accounts/[account]/actions.ts deleteOne": {
    does: "Delete a service account",
    fields: ({ account }) => ({ account: account.id, confirm: account.username }),
  },
  "settings/notifications/actions.ts savePreferences": {
    does: "Choose one's own letters",
    fields: () => ({ notice: ["expiry"] }),
  },
  "settings/sessions/actions.ts endOneSession": {
    does: "End a sign-in of the owner's",
    fields: ({ session }) => ({ session }),
  },
  "settings/sessions/actions.ts endEveryOtherSession": {
    does: "End one's other sign-ins",
    fields: () => ({}),
  },
  "settings/profile/email-action.ts askForEmail": {
    does: "Ask for another e-mail address",
    fields: () => ({ newEmail: "other@example.test", password: "right" }),
  },
  "settings/profile/delete-action.ts deleteOwnAccount": {
    does: "Delete the member's account",
    fields: ({ people }) => ({ confirm: people.member.email }),
  },
  "settings/profile/unlink-action.ts unlinkProvider": {
    does: "Unlink the owner's other way to sign in",
    fields: ({ people }) => ({ issuer: "https://idp.example", subject: people.owner.id }),
  },
  "settings/security/authenticator-actions.ts startAuthenticator": {
    does: "Begin to set up an authenticator app",
    fields: () => ({}),
  },
  "settings/security/authenticator-actions.ts confirmAuthenticator": {
    does: "Finish setting it up, without its code",
    isBeyondAForm: true,
    fields: () => ({ code: "000000" }),
  },
  "settings/security/authenticator-actions.ts removeAuthenticator": {
    does: "Take away the authenticator app that the owner has",
    fields: () => ({}),
  },
  "settings/security/authenticator-actions.ts makeCodes": {
    does: "Make recovery codes, with the authenticator app that the owner has",
    fields: () => ({}),
  },
  "settings/security/passkey-actions.ts beginPasskey": {
    does: "Ask for a passkey",
    isBeyondAForm: true,
    fields: () => ({}),
  },
  "settings/security/passkey-actions.ts finishPasskey": {
    does: "Add a passkey, without the authenticator's answer",
    isBeyondAForm: true,
    fields: () => ({}),
  },
  "settings/security/passkey-actions.ts renamePasskey": {
    does: "Rename the owner's passkey",
    fields: ({ passkey }) => ({ id: passkey, name: "Laptop" }),
  },
  "settings/security/passkey-actions.ts forgetPasskey": {
    does: "Remove the owner's passkey",
    fields: ({ passkey }) => ({ id: passkey }),
  },
  "settings/api-access/tokens/actions.ts regenerateOneToken": {
    does: "Regenerate the owner's personal token",
    fields: ({ token }) => ({ token, overlap: "0", expiration: "30" }),
  },
  "settings/api-access/apps/[app]/actions.ts transferOneApp": {
    does: "Give the owner's app to the company",
    fields: ({ app, company }) => ({ app: app.id, company }),
  },
  "settings/api-access/apps/[app]/credentials/actions.ts setSecretRetirement": {
    does: "Let an old secret of the owner's app retire",
    fields: ({ app }) => ({ app: app.id, secret: app.oldSecret, silent: "24" }),
  },
  "settings/api-access/apps/[app]/maintainers/actions.ts addOneMaintainer": {
    does: "Name a member as maintainer of the company's app",
    fields: ({ companyApp, people }) => ({ app: companyApp.id, email: people.member.email }),
  },
  "settings/api-access/apps/[app]/maintainers/actions.ts removeOneMaintainer": {
    does: "Take a maintainer of the company's app away",
    fields: ({ companyApp }) => ({ app: companyApp.id, person: companyApp.maintainer }),
  },
  "settings/api-access/apps/[app]/webhooks/actions.ts createOneEndpoint": {
    does: "Add a webhook to the owner's app",
    fields: ({ app }) => ({ app: app.id, url: "https://saved.example/x", event: ["token.revoked"] }),
  },
  "settings/api-access/apps/[app]/webhooks/actions.ts updateOneEndpoint": {
    does: "Change a webhook of the owner's app",
    fields: ({ app, endpoint }) => ({
      ...{ app: app.id, endpoint: endpoint.id },
      ...{ url: "https://saved.example/y", event: ["token.revoked"] },
    }),
  },
  "settings/api-access/apps/[app]/webhooks/actions.ts rotateOneEndpoint": {
    does: "Rotate a webhook's signing secret",
    fields: ({ app, endpoint }) => ({ app: app.id, endpoint: endpoint.id }),
  },
  "settings/api-access/apps/[app]/webhooks/actions.ts switchOneEndpoint": {
    does: "Switch a webhook off",
    fields: ({ app, endpoint }) => ({ app: app.id, endpoint: endpoint.id, status: "disabled" }),
  },
  "settings/api-access/apps/[app]/webhooks/actions.ts deleteOneEndpoint": {
    does: "Delete a webhook",
    fields: ({ app, endpoint }) => ({ app: app.id, endpoint: endpoint.id }),
  },
  "settings/api-access/apps/[app]/webhooks/[endpoint]/delivery-actions.ts sendTest": {
    does: "Send a test event to a webhook",
    fields: ({ app, endpoint }) => ({ app: app.id, endpoint: endpoint.id }),
  },
  "settings/api-access/apps/[app]/webhooks/[endpoint]/delivery-actions.ts resend": {
    does: "Send a webhook's delivery again",
    fields: ({ app, endpoint }) => ({ app: app.id, delivery: endpoint.delivery }),
  },
  "company/apps/new/actions.ts createCompanyApp": {
    does: "Make an app of the company",
    fields: ({ company }) => ({ ...appForm, company }),
  },
  "company/profile/actions.ts renameOneCompany": {
    does: "Rename the company",
    fields: ({ company }) => ({ company, name: "Another name" }),
  },
  "company/members/actions.ts changeOneRole": {
    does: "Give a member of the company another role",
    fields: ({ company, people }) => ({ company, member: people.member.id, role: "auth_manager" }),
  },
  "company/members/actions.ts removeOneMember": {
    does: "Remove the auth manager from the company",
    fields: ({ company, people }) => ({ company, member: people["auth manager"].id }),
  },
  "company/members/actions.ts leaveOneCompany": {
    does: "Leave the company, of which the owner is the only one",
    fields: ({ company }) => ({ company }),
  },
  "company/members/invitation-actions.ts inviteOne": {
    does: "Invite somebody to the company",
    fields: ({ company }) => ({ company, email: "new@example.test", role: "member" }),
  },
  "company/members/invitation-actions.ts resendOne": {
    does: "Send an invitation again",
    fields: ({ company, invitation }) => ({ company, invitation }),
  },
  "company/members/invitation-actions.ts withdrawOne": {
    does: "Withdraw an invitation",
    fields: ({ company, invitation }) => ({ company, invitation }),
  },
  "company/api/[credential]/actions.ts setCredentialRetirement": {
    does: "Let an old secret of the company's credential retire",
    fields: ({ credential }) => ({ app: credential.id, secret: credential.oldSecret, silent: "24" }),
  },
  "admin/service-accounts/[account]/actions.ts setOneRetirement": {
    does: "Let an old secret of a service account retire",
    fields: ({ account }) => ({ app: account.key, secret: account.oldSecret, silent: "24" }),
  },
  "admin/apps/[app]/actions.ts suspendOne": {
    does: "Suspend anybody's app",
    fields: ({ app }) => ({ app: app.id, version: "1", reason: "No." }),
  },
  "admin/apps/[app]/actions.ts resumeOne": {
    does: "Let anybody's suspended app work again",
    fields: ({ suspendedApp }) => ({ app: suspendedApp, version: "1" }),
  },
  "admin/apps/[app]/actions.ts verifyOne": {
    does: "Verify anybody's app",
    fields: ({ app }) => ({ app: app.id, version: "1" }),
  },
  "admin/apps/[app]/actions.ts unverifyOne": {
    does: "Take an app's verification back",
    fields: ({ verifiedApp }) => ({ app: verifiedApp, version: "1" }),
  },
  "admin/apps/[app]/actions.ts transferOne": {
    does: "Transfer anybody's app",
    fields: ({ app, company }) => ({ app: app.id, version: "1", to: company }),
  },
  "admin/apps/[app]/actions.ts deleteOne": {
    does: "Delete anybody's app",
    fields: ({ app }) => ({ app: app.id, version: "1", confirm: "Test app" }),
  },
  "admin/companies/new/actions.ts createOneCompany": {
    does: "Make a company",
    fields: ({ people }) => ({ name: "Newcomers", plan: "yes", owner: people.outsider.email }),
  },
  "admin/companies/[company]/actions.ts renameOne": {
    does: "Rename any company",
    fields: ({ company }) => ({ company, name: "Another name" }),
  },
  "admin/companies/[company]/actions.ts includeApi": {
    does: "Put the API into a company's plan",
    fields: ({ companyWithoutApi }) => ({ company: companyWithoutApi }),
  },
  "admin/companies/[company]/actions.ts excludeApi": {
    does: "Take the API out of a company's plan",
    fields: ({ company }) => ({ company }),
  },
  "admin/tokens/actions.ts lookUpCredential": {
    does: "Look up a pasted token of anybody's",
    fields: ({ pasted }) => ({ credential: pasted }),
  },
  "admin/tokens/actions.ts revokeOneCredential": {
    does: "Revoke anybody's token",
    fields: ({ tokenKey }) => ({ kind: "personal", key: tokenKey }),
  },
  "admin/tokens/revoke/actions.ts revokeCounted": {
    does: "Revoke all credentials of a company",
    fields: ({ company, now }) => ({ company, until: now }),
  },
  "admin/users/new/actions.ts createOneUser": {
    does: "Make an account for somebody",
    fields: ({ company }) => ({ name: "New", email: `new-${company.toLowerCase()}@example.test` }),
  },
  "admin/users/[user]/actions.ts suspendOne": {
    does: "Suspend a person",
    fields: ({ people }) => ({ user: people.owner.id }),
  },
  "admin/users/[user]/actions.ts resumeOne": {
    does: "Let a suspended person in again",
    fields: ({ suspendedPerson }) => ({ user: suspendedPerson }),
  },
  "admin/users/[user]/actions.ts makeAdmin": {
    does: "Make an administrator",
    fields: ({ people }) => ({ user: people.owner.id }),
  },
  "admin/users/[user]/actions.ts takeAdmin": {
    does: "Take administration back",
    fields: ({ secondAdmin }) => ({ user: secondAdmin }),
  },
  "admin/users/[user]/actions.ts endOneSession": {
    does: "End anybody's sign-in",
    fields: ({ people, session }) => ({ user: people.owner.id, session }),
  },
  "admin/users/[user]/actions.ts endAllSessions": {
    does: "End all sign-ins of a person",
    fields: ({ people }) => ({ user: people.owner.id }),
  },
  "admin/users/[user]/actions.ts resetFactors": {
    does: "Reset the owner's second factor",
    fields: ({ people }) => ({ user: people.owner.id }),
  },
  "admin/users/[user]/actions.ts inviteAgain": {
    does: "Send a new account's letter again",
    fields: ({ newcomer }) => ({ user: newcomer }),
  },
};
