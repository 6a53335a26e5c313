import { modelName, variantOf } from "../model-names";
import type { Settings } from "../settings";
import type { SimulatedKey } from "../world/keys";
import type { World } from "../world/world";

export type Value = string | number | boolean | null;
type Columns = Record<string, Value>;

/** What a dimension is read of: a series of the books. Its model is a slug. */
export interface Subject {
  key: SimulatedKey;
  model: string;
  provider: string;
}

export interface Context {
  world: World;
  settings: Settings;
}

export interface Dimension {
  label: string;
  /** Only within 31 days. */
  isRecentOnly: boolean;
  /** The columns as shown: names, not ids. */
  show(subject: Subject, context: Context): Columns;
  /** The value that filters compare with: ids, not names. undefined = no filter value equals it. */
  value(subject: Subject, context: Context): Value | undefined;
}

function constant(
  name: string,
  label: string,
  value: string | boolean | null,
  isRecentOnly = true,
): [string, Dimension] {
  return [name, { label, isRecentOnly, show: () => ({ [name]: value }), value: () => value }];
}

function workspaceName(key: SimulatedKey, world: World): string {
  const workspace = world.workspacesOf(key.accountId).find((each) => each.id === key.workspaceId);
  return workspace?.name ?? "Unattributed";
}

/** A generation is not kept per hour, so these answer with one constant where OpenRouter would tell more. */
const constants: [string, Dimension][] = [
  constant("app", "App", "Unknown", false),
  constant("origin", "Origin", "Unknown"),
  constant("country", "Country", null),
  constant("data_region", "Data Region", "global"),
  constant("skin", "Skin", "Chat Completions"),
  constant("finish_reason", "Finish Reason", "stop"),
  constant("external_user", "External User", null),
  constant("context_length_bucket", "Context Length", null),
  constant("generation_id", "Generation", null),
  constant("session_id", "Session", null),
  constant("streamed", "Streamed", true),
];

/** The dimensions of `GET /analytics/meta`, by their wire name. */
export const dimensions: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  [
    "model",
    {
      label: "Model",
      isRecentOnly: false,
      show: ({ model }, { settings }) => ({ model: modelName(model, settings.modelShownAs) }),
      value: ({ model }, { settings: { modelFilteredBy: form } }) =>
        form === "nothing" ? undefined : modelName(model, form),
    },
  ],
  [
    "variant",
    {
      label: "Variant",
      isRecentOnly: false,
      show: ({ model }) => ({ variant: variantOf(model) }),
      value: ({ model }) => variantOf(model),
    },
  ],
  [
    "api_key_id",
    {
      label: "API Key",
      isRecentOnly: false,
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
      show: () => ({ user: "Account Owner", user_email: "owner@example.com" }),
      value: ({ key }, { world }) => world.account(key.accountId).userId,
    },
  ],
  [
    "workspace",
    {
      label: "Workspace",
      isRecentOnly: false,
      show: ({ key }, { world }) => ({ workspace: workspaceName(key, world) }),
      value: ({ key }) => key.workspaceId,
    },
  ],
  [
    "provider",
    {
      label: "Provider",
      isRecentOnly: true,
      show: ({ provider }) => ({ provider }),
      value: ({ provider }) => provider,
    },
  ],
  ...constants,
]);
