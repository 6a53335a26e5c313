import { modelName, variantOf } from "../model-names";
import type { Settings } from "../settings";
import { seedOf } from "../world/chance";
import type { SimulatedKey } from "../world/keys";
import { type Traits, UNKNOWN_APP } from "../world/traits";
import type { World } from "../world/world";

export type Value = string | number | boolean | null;
type Columns = Record<string, Value>;

/** What a dimension is read of: a series of the books, and the traits of a part where the question divides cells. */
export interface Subject {
  key: SimulatedKey;
  /** A slug. */
  model: string | null;
  provider: string;
  traits: Traits | null;
}

export interface Context {
  world: World;
  settings: Settings;
}

export interface Dimension {
  label: string;
  /** Only within 31 days. */
  isRecentOnly: boolean;
  /** Whether it tells the generations of one cell apart. */
  divides: boolean;
  /** The columns as shown: names, not ids. */
  show(subject: Subject, context: Context): Columns;
  /** The value that filters compare with: ids, not names. undefined = no filter value equals it. */
  value(subject: Subject, context: Context): Value | undefined;
}

function constant(name: string, label: string, value: string | null): [string, Dimension] {
  const dimension = { label, isRecentOnly: true, divides: false, show: () => ({ [name]: value }), value: () => value };
  return [name, dimension];
}

/** What is known of single generations; the same word in answers and in filters. */
function trait(name: Exclude<keyof Traits, "app">, label: string): [string, Dimension] {
  const read = ({ traits }: Subject) => traits?.[name] ?? null;
  return [
    name,
    { label, isRecentOnly: true, divides: true, show: (subject) => ({ [name]: read(subject) }), value: read },
  ];
}

/** The number that filters take for an app: −1 for what is unknown. */
export const appId = (name: string) => (name === UNKNOWN_APP ? -1 : 1 + ((seedOf(name) >>> 0) % 1_000_000));

function workspaceName(key: SimulatedKey, world: World): string {
  const workspace = world.workspacesOf(key.accountId).find((each) => each.id === key.workspaceId);
  return workspace?.name ?? "Unattributed";
}

/** The dimensions of `GET /analytics/meta`, by their wire name. */
export const dimensions: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  [
    "model",
    {
      label: "Model",
      isRecentOnly: false,
      divides: false,
      show: ({ model }, { settings }) => ({ model: model === null ? null : modelName(model, settings.modelShownAs) }),
      value: ({ model }, { settings: { modelFilteredBy: form } }) =>
        form === "nothing" ? undefined : model === null ? null : modelName(model, form),
    },
  ],
  [
    "variant",
    {
      label: "Variant",
      isRecentOnly: false,
      divides: false,
      show: ({ model }) => ({ variant: variantOf(model ?? "") }),
      value: ({ model }) => variantOf(model ?? ""),
    },
  ],
  [
    "api_key_id",
    {
      label: "API Key",
      isRecentOnly: false,
      divides: false,
      show: ({ key }) => ({ api_key_id: key.name }),
      value: ({ key }, { settings }) =>
        settings.keyFilteredBy === "nothing" ? undefined : key.kind === "chatroom" ? -1 : key.hash,
    },
  ],
  [
    "user",
    {
      label: "User",
      isRecentOnly: false,
      divides: false,
      show: () => ({ user: "Account Owner", user_email: "owner@example.com" }),
      value: ({ key }, { world }) => world.account(key.accountId).userId,
    },
  ],
  [
    "workspace",
    {
      label: "Workspace",
      isRecentOnly: false,
      divides: false,
      show: ({ key }, { world }) => ({ workspace: workspaceName(key, world) }),
      value: ({ key }) => key.workspaceId,
    },
  ],
  [
    "provider",
    {
      label: "Provider",
      isRecentOnly: true,
      divides: false,
      show: ({ provider }) => ({ provider }),
      value: ({ provider }) => provider,
    },
  ],
  [
    "app",
    {
      label: "App",
      isRecentOnly: false,
      divides: true,
      show: ({ traits }) => ({ app: traits?.app ?? UNKNOWN_APP }),
      value: ({ traits }) => appId(traits?.app ?? UNKNOWN_APP),
    },
  ],
  trait("origin", "Origin"),
  trait("country", "Country"),
  trait("data_region", "Data Region"),
  trait("finish_reason", "Finish Reason"),
  trait("external_user", "External User"),
  trait("context_length_bucket", "Context Length"),
  trait("streamed", "Streamed"),
  // Single generations are not in the books, so these answer with one constant where OpenRouter would tell more.
  constant("skin", "Skin", "Chat Completions"),
  constant("generation_id", "Generation", null),
  constant("session_id", "Session", null),
]);
