import type { NewKey } from "./keys";
import { createProfile, type TrafficProfile } from "./profiles";

/** A key of the made-up account with its behaviour. Times are given as days before now. */
export interface CastMember {
  key: Omit<NewKey, "accountId" | "workspaceId" | "expiresAt">;
  workspace: string;
  expiredDaysAgo?: number;
  expiresInDays?: number;
  profile: TrafficProfile | null;
}

const haiku = "anthropic/claude-haiku-4.5";
const sonnet = "anthropic/claude-sonnet-4.5";
const gpt41 = "openai/gpt-4.1";
const gpt5mini = "openai/gpt-5-mini";
const gemini = "google/gemini-2.5-flash";
const deepseek = "deepseek/deepseek-chat-v3.1";
const llama = "meta-llama/llama-3.3-70b-instruct";
const qwen = "qwen/qwen3-235b-a22b-2507";

export const DEFAULT_WORKSPACE = "Default Workspace";
export const MANAGEMENT_KEY = "monitor";

/** A small company's account: what a monitor meets in real life, one of each. */
export const demoCast: readonly CastMember[] = [
  { key: { name: MANAGEMENT_KEY, kind: "management" }, workspace: DEFAULT_WORKSPACE, profile: null },
  {
    key: { name: "prod-web", limit: "400", limitReset: "monthly" },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 900,
      promptFactor: 2,
      weekend: 0.7,
      models: [
        { slug: haiku, weight: 5 },
        { slug: gpt5mini, weight: 3 },
        { slug: gemini, weight: 2 },
      ],
    }),
  },
  {
    key: { name: "batch-nightly", limit: "5", limitReset: "daily", includeByokInLimit: true },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 520,
      peakHour: 2,
      rhythm: 1,
      weekend: 1,
      promptFactor: 4,
      models: [
        { slug: deepseek, weight: 6 },
        { slug: llama, weight: 3 },
        { slug: qwen, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "dev-laptop" },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 85,
      weekend: 0.15,
      promptFactor: 14,
      completionFactor: 3,
      models: [
        { slug: sonnet, weight: 8 },
        { slug: `${llama}:free`, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "old-prototype" },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 40,
      activeUntil: 0.3,
      models: [
        { slug: gpt41, weight: 2 },
        { slug: llama, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "contractor", disabled: true },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 70,
      weekend: 0.1,
      promptFactor: 5,
      activeFrom: 0.35,
      activeUntil: 0.8,
      models: [{ slug: sonnet, weight: 1 }],
    }),
  },
  {
    key: { name: "support-bot", limit: "900", limitReset: "monthly" },
    workspace: "Customer Apps",
    profile: createProfile({
      requestsPerDay: 640,
      promptFactor: 3,
      weekend: 0.8,
      spike: 8,
      models: [
        { slug: haiku, weight: 4 },
        { slug: gpt41, weight: 2, byokShare: 0.35 },
      ],
    }),
  },
  {
    key: { name: "backend" },
    workspace: "Customer Apps",
    profile: createProfile({
      requestsPerDay: 210,
      models: [
        { slug: gpt5mini, weight: 3 },
        { slug: gemini, weight: 2 },
      ],
    }),
  },
  {
    key: { name: "evaluations", limit: "120", limitReset: "weekly" },
    workspace: "Research",
    profile: createProfile({
      requestsPerDay: 160,
      peakHour: 10,
      weekend: 0.05,
      promptFactor: 3,
      completionFactor: 2,
      activeFrom: 0.5,
      models: [
        { slug: sonnet, weight: 2 },
        { slug: gpt41, weight: 2 },
        { slug: deepseek, weight: 1 },
        { slug: qwen, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "backend" },
    workspace: "Research",
    profile: createProfile({
      requestsPerDay: 45,
      models: [
        { slug: gemini, weight: 3 },
        { slug: llama, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "hackathon", limit: "25" },
    workspace: "Research",
    expiredDaysAgo: 20,
    profile: createProfile({
      requestsPerDay: 120,
      activeFrom: 0.9,
      activeUntil: 0.94,
      weekend: 2,
      models: [
        { slug: gemini, weight: 1 },
        { slug: haiku, weight: 1 },
      ],
    }),
  },
  {
    key: { name: "OAuth: Coding Assistant", kind: "oauth", limit: "50", limitReset: "monthly" },
    workspace: DEFAULT_WORKSPACE,
    expiresInDays: 200,
    profile: createProfile({
      requestsPerDay: 30,
      weekend: 0.3,
      promptFactor: 6,
      models: [{ slug: sonnet, weight: 1 }],
    }),
  },
  {
    key: { name: "Chatroom", kind: "chatroom" },
    workspace: DEFAULT_WORKSPACE,
    profile: createProfile({
      requestsPerDay: 14,
      models: [
        { slug: sonnet, weight: 1 },
        { slug: gpt41, weight: 1 },
      ],
    }),
  },
];

/** A management key and `keys` alike keys on the given models: for benches and property tests. */
export function plainCast(keys: number, models: readonly string[], requestsPerDay: number): CastMember[] {
  const manager: CastMember = {
    key: { name: MANAGEMENT_KEY, kind: "management" },
    workspace: DEFAULT_WORKSPACE,
    profile: null,
  };
  const choices = models.map((slug) => ({ slug, weight: 1 }));
  const profile = requestsPerDay > 0 && choices.length > 0 ? createProfile({ requestsPerDay, models: choices }) : null;
  const members = Array.from({ length: keys }, (_, index) => ({
    key: { name: `key-${String(index + 1).padStart(4, "0")}` },
    workspace: DEFAULT_WORKSPACE,
    profile,
  }));
  return [manager, ...members];
}
