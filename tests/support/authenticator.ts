import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** Which address the browser would say it is at, and what the authenticator would say of itself. */
export type Circumstances = {
  origin?: string;
  rpId?: string;
  /** Whether a person was there, and whether PIN, finger or face proved who. */
  present?: boolean;
  verified?: boolean;
  counter?: number;
  userHandle?: string | null;
};

type Options = { challenge: string };
type CreationOptions = Options & { user: { id: string } };

export const ORIGIN = "https://monitor.example.com";
const RP_ID = "monitor.example.com";

/** An authenticator in software that makes real keys and signatures (WebAuthn Level 3: ES256, attestation "none"). One passkey each. */
export function createAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credentialId = randomBytes(32);
  const id = credentialId.toString("base64url");
  let signed = 0;
  let handle: string | undefined;
  const credential = <Response>(response: Response) => ({
    id,
    rawId: id,
    type: "public-key" as const,
    clientExtensionResults: {},
    response,
  });
  return {
    id,
    /** Answers `navigator.credentials.create`. */
    create(options: CreationOptions, circumstances: Circumstances = {}) {
      handle = options.user.id;
      const data = authenticatorData({ counter: 0, ...circumstances }, attested(credentialId, publicKey));
      const attestation = cborMap([
        [cborText("fmt"), cborText("none")],
        [cborText("attStmt"), cborMap([])],
        [cborText("authData"), cborBytes(data)],
      ]);
      return credential({
        clientDataJSON: clientData("webauthn.create", options.challenge, circumstances).toString("base64url"),
        attestationObject: attestation.toString("base64url"),
        transports: ["internal"],
      });
    },
    /** Answers `navigator.credentials.get`. */
    get(options: Options, circumstances: Circumstances = {}) {
      signed += 1;
      const client = clientData("webauthn.get", options.challenge, circumstances);
      const data = authenticatorData({ counter: signed, ...circumstances });
      const signature = sign("sha256", Buffer.concat([data, hashOf(client)]), privateKey);
      const userHandle = circumstances.userHandle === undefined ? handle : circumstances.userHandle;
      return credential({
        clientDataJSON: client.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signature.toString("base64url"),
        ...(userHandle && { userHandle }),
      });
    },
  };
}

const hashOf = (bytes: Buffer | string): Buffer => createHash("sha256").update(bytes).digest();

const clientData = (type: string, challenge: string, { origin = ORIGIN }: Circumstances): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

const FLAGS = { present: 0x01, verified: 0x04, synced: 0x18, attested: 0x40 };

function authenticatorData(
  { rpId = RP_ID, present = true, verified = true, counter = 0 }: Circumstances,
  credential: Buffer = Buffer.alloc(0),
): Buffer {
  const flags =
    (present ? FLAGS.present : 0) |
    (verified ? FLAGS.verified : 0) |
    FLAGS.synced |
    (credential.length > 0 ? FLAGS.attested : 0);
  const rest = Buffer.alloc(5);
  rest.writeUInt8(flags);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([hashOf(rpId), rest, credential]);
}

function attested(credentialId: Buffer, publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  // COSE (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
  const key = cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), cborBytes(Buffer.from(x, "base64url"))],
    [cborInteger(-3), cborBytes(Buffer.from(y, "base64url"))],
  ]);
  const aaguid = Buffer.alloc(16);
  return Buffer.concat([aaguid, length, credentialId, key]);
}

/** CBOR (RFC 8949), as much of it as an attestation needs. */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}
const cborInteger = (value: number): Buffer => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value));
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborText = (text: string): Buffer => Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborMap = (entries: [Buffer, Buffer][]): Buffer =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
