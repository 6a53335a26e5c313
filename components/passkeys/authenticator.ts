import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/browser";

/** Loaded when a passkey is asked for: most visits need none of it. */
const library = () => import("@simplewebauthn/browser");

/** Whether this browser can use passkeys here: it must know them, and the page must be open at the address that they are made for. */
export const canUsePasskeys = (origin: string): boolean =>
  window.location.origin === origin && typeof window.PublicKeyCredential === "function";

/** Lets the person make a passkey. Null when they did not, or the authenticator has one already. */
export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<RegistrationResponseJSON | null> {
  const { startRegistration } = await library();
  return startRegistration({ optionsJSON }).catch(() => null);
}

/** Lets the person answer with a passkey. Null when they did not. */
export async function answerByPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
): Promise<AuthenticationResponseJSON | null> {
  const { startAuthentication } = await library();
  return startAuthentication({ optionsJSON }).catch(() => null);
}

type Ask = () => Promise<PublicKeyCredentialRequestOptionsJSON | undefined>;

/**
 * Offers passkeys among the suggestions of the e-mail field and resolves when one was chosen. Null where the browser cannot, or when
 * another question to the authenticator took its place.
 */
export async function answerByAutofill(ask: Ask): Promise<AuthenticationResponseJSON | null> {
  if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return null;
  const [{ startAuthentication }, optionsJSON] = await Promise.all([library(), ask()]);
  if (!optionsJSON) return null;
  return startAuthentication({ optionsJSON, useBrowserAutofill: true }).catch(() => null);
}
