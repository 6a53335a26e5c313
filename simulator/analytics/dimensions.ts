import { nameOfModel } from "../models";
import type { Settings } from "../settings";
import type { SimulatedKey } from "../world/keys";
import type { Cell } from "../world/ledger";
import type { World } from "../world/world";

type Columns = Record<string, string | number | boolean | null>;

export interface Dimension {
  label: string;
  /** Only within 31 days. */
  isRecentOnly: boolean;
  /** The columns as shown: names, not ids. */
  show(cell: Cell, key: SimulatedKey, world: World, settings: Settings): Columns;
  /** The value that filters compare with: ids, not names. */
  value(cell: Cell, key: SimulatedKey, world: World, settings: Settings): string | number | boolean | null;
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

/** A value that hangs on who spent, on what and where: parts of a sum then add up to it. */
function perSeries(
  name: string,
  label: string,
  value: (cell: Cell, key: SimulatedKey) => string | null,
  isRecentOnly = true,
): [string, Dimension] {
  return [name, { label, isRecentOnly, show: (cell, key) => ({ [name]: value(cell, key) }), value }];
}

const few: [string, Dimension][] = [
  perSeries("app", "App", (_cell, key) => (key.id % 2 === 0 ? "Coding Assistant" : "Unknown"), false),
  perSeries("origin", "Origin", (cell) => (cell.model.startsWith("openai/") ? "https://app.example" : "")),
  perSeries("country", "Country", (_cell, key) => (key.id % 3 === 0 ? null : key.id % 3 === 1 ? "DE" : "IT")),
  perSeries("data_region", "Data Region", (cell) => (cell.provider.length % 2 === 0 ? "europe" : "global")),
  perSeries("finish_reason", "Finish Reason", (cell) => (cell.provider.length % 3 === 0 ? "length" : "stop")),
  perSeries("external_user", "External User", (_cell, key) => (key.id % 2 === 0 ? `customer-${key.id % 5}` : null)),
];

/** A generation is not kept per hour, so these answer with one constant where OpenRouter would tell more. */
const constants: [string, Dimension][] = [
  constant("skin", "Skin", "Chat Completions"),
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
      show: (cell, _key, _world, settings) => ({ model: nameOfModel(cell.model, settings.modelsShownAs) }),
      value: (cell, _key, _world, { modelFilters }) =>
        modelFilters === "nothing" ? null : nameOfModel(cell.model, modelFilters),
    },
  ],
  [
    "variant",
    { label: "Variant", isRecentOnly: false, show: (cell) => ({ variant: variantOf(cell) }), value: variantOf },
  ],
  [
    "api_key_id",
    {
      label: "API Key",
      isRecentOnly: false,
      show: (_cell, key) => ({ api_key_id: key.name }),
      value: (_cell, key) => (key.kind === "chatroom" ? -1 : key.hash),
    },
  ],
  [
    "user",
    {
      label: "User",
      isRecentOnly: false,
      show: () => ({ user: "Account Owner", user_email: "owner@example.com" }),
      value: (_cell, key, world) => world.account(key.accountId).userId,
    },
  ],
  [
    "workspace",
    {
      label: "Workspace",
      isRecentOnly: false,
      show: (_cell, key, world) => ({ workspace: workspaceName(key, world) }),
      value: (_cell, key) => key.workspaceId,
    },
  ],
  [
    "provider",
    {
      label: "Provider",
      isRecentOnly: true,
      show: (cell) => ({ provider: cell.provider }),
      value: (cell) => cell.provider,
    },
  ],
  ...few,
  ...constants,
]);

function variantOf(cell: Cell): string {
  return cell.model.split(":")[1] ?? "standard";
}
