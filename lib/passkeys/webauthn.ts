import { z } from "zod";

/** Shapes of WebAuthn Level 3 in JSON, as browsers and programs send and get them. */

const Bytes = (most: number) =>
  z
    .string("is required")
    .min(1, "is required")
    .max(most, "is too long")
    .regex(/^[\w-]+$/, "must be base64url");

const answered = {
  id: Bytes(1500),
  rawId: Bytes(1500),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
};
/** Nothing of ours depends on extensions; browsers send at least an empty object. */
const clientExtensionResults = z.record(z.string(), z.unknown()).default({});

/** What a passkey signed to sign in. Fields that the standard may add are ignored. */
export const Assertion = z.object({
  ...answered,
  clientExtensionResults,
  response: z.object({
    clientDataJSON: Bytes(4096),
    authenticatorData: Bytes(4096),
    signature: Bytes(8192),
    userHandle: Bytes(128).optional(),
  }),
});
export type Assertion = z.output<typeof Assertion>;

/** What a new passkey says of itself. */
export const Attestation = z.object({
  ...answered,
  clientExtensionResults,
  response: z.object({
    clientDataJSON: Bytes(4096),
    attestationObject: Bytes(32_768),
    transports: z
      .array(
        z
          .string()
          .max(32)
          .regex(/^[\w-]+$/, "is not valid"),
      )
      .max(10)
      .optional(),
  }),
});
export type Attestation = z.output<typeof Attestation>;

/** The same inside a form, as text. */
export const fromText = <T extends z.ZodType>(schema: T) =>
  z
    .string("is required")
    .max(60_000, "is too long")
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not valid" });
        return z.NEVER;
      }
    })
    .pipe(schema);
export const AssertionText = fromText(Assertion);

/** `PublicKeyCredentialRequestOptionsJSON`, for `navigator.credentials.get`. */
export const RequestOptions = z.looseObject({
  challenge: z.string(),
  rpId: z.string(),
  timeout: z.int(),
  userVerification: z.enum(["required", "preferred"]),
});
/** `PublicKeyCredentialCreationOptionsJSON`, for `navigator.credentials.create`. */
export const CreationOptions = z.looseObject({
  challenge: z.string(),
  rp: z.looseObject({ id: z.string(), name: z.string() }),
  user: z.looseObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  timeout: z.int(),
});
