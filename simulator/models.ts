import { perMillion } from "./money";

/** One provider's offer of a model. Prices are whole units of 1e-10 USD per token; null = the provider has no cache. */
export interface Endpoint {
  provider: string;
  tag: string;
  weight: number;
  prompt: number;
  completion: number;
  cacheRead: number | null;
}

export interface Model {
  slug: string;
  canonicalSlug: string;
  name: string;
  /** Unix seconds. */
  created: number;
  contextLength: number;
  tokenizer: string;
  images: boolean;
  reasons: boolean;
  /** The planned removal, `YYYY-MM-DD`; null = none is announced. */
  expirationDate: string | null;
  endpoints: Endpoint[];
}

/** Provider, its tag, its share of the traffic, and USD per million tokens: prompt, completion, cached prompt. */
type Offer = [provider: string, tag: string, weight: number, prompt: number, completion: number, cacheRead?: number];
type Traits = Pick<Model, "contextLength" | "tokenizer" | "images" | "reasons"> &
  Partial<Pick<Model, "expirationDate">>;

function model(
  slug: string,
  canonicalSlug: string,
  name: string,
  created: number,
  traits: Traits,
  offers: Offer[],
): Model {
  const endpoints = offers.map(([provider, tag, weight, prompt, completion, cacheRead]) => ({
    provider,
    tag,
    weight,
    prompt: perMillion(prompt),
    completion: perMillion(completion),
    cacheRead: cacheRead === undefined ? null : perMillion(cacheRead),
  }));
  return { slug, canonicalSlug, name, created, expirationDate: null, ...traits, endpoints };
}

const claude = { contextLength: 200_000, tokenizer: "Claude", images: true, reasons: true };
const gpt = { tokenizer: "GPT", images: true };
const llama = { contextLength: 131_072, tokenizer: "Llama3", images: false, reasons: false };

/** Models with the slugs and list prices that OpenRouter showed in 2025 and 2026. */
export const catalogue: readonly Model[] = [
  model(
    "anthropic/claude-haiku-4.5",
    "anthropic/claude-4.5-haiku-20251001",
    "Anthropic: Claude Haiku 4.5",
    1760547638,
    claude,
    [
      ["Anthropic", "anthropic", 6, 1, 5, 0.1],
      ["Amazon Bedrock", "amazon-bedrock/global", 3, 1, 5, 0.1],
      ["Google", "google-vertex/global", 1, 1, 5, 0.1],
    ],
  ),
  model(
    "anthropic/claude-sonnet-4.5",
    "anthropic/claude-4.5-sonnet-20250929",
    "Anthropic: Claude Sonnet 4.5",
    1759161676,
    claude,
    [
      ["Anthropic", "anthropic", 7, 3, 15, 0.3],
      ["Amazon Bedrock", "amazon-bedrock/global", 3, 3, 15, 0.3],
    ],
  ),
  model(
    "openai/gpt-4.1",
    "openai/gpt-4.1-2025-04-14",
    "OpenAI: GPT-4.1",
    1744651385,
    { ...gpt, contextLength: 1_047_576, reasons: false },
    [
      ["OpenAI", "openai", 8, 2, 8, 0.5],
      ["Azure", "azure", 2, 2, 8, 0.5],
    ],
  ),
  model(
    "openai/gpt-5-mini",
    "openai/gpt-5-mini-2025-08-07",
    "OpenAI: GPT-5 Mini",
    1754587407,
    { ...gpt, contextLength: 400_000, reasons: true },
    [
      ["OpenAI", "openai", 8, 0.25, 2, 0.025],
      ["Azure", "azure", 2, 0.25, 2, 0.025],
    ],
  ),
  model(
    "google/gemini-2.5-flash",
    "google/gemini-2.5-flash",
    "Google: Gemini 2.5 Flash",
    1750172488,
    { contextLength: 1_048_576, tokenizer: "Gemini", images: true, reasons: true },
    [
      ["Google AI Studio", "google-ai-studio", 6, 0.3, 2.5, 0.03],
      ["Google", "google-vertex", 4, 0.3, 2.5, 0.03],
    ],
  ),
  model(
    "deepseek/deepseek-chat-v3.1",
    "deepseek/deepseek-chat-v3.1",
    "DeepSeek: DeepSeek V3.1",
    1755779628,
    { contextLength: 163_840, tokenizer: "DeepSeek", images: false, reasons: true },
    [
      ["DeepInfra", "deepinfra/fp4", 5, 0.21, 0.79, 0.168],
      ["Novita", "novita/fp8", 3, 0.27, 1],
      ["SiliconFlow", "siliconflow/fp8", 2, 0.27, 1],
    ],
  ),
  model(
    "meta-llama/llama-3.3-70b-instruct",
    "meta-llama/llama-3.3-70b-instruct",
    "Meta: Llama 3.3 70B Instruct",
    1733506137,
    llama,
    [
      ["DeepInfra", "deepinfra/turbo", 6, 0.13, 0.39],
      ["Groq", "groq", 3, 0.59, 0.79],
      ["Together", "together", 1, 0.88, 0.88],
    ],
  ),
  model(
    "qwen/qwen3-235b-a22b-2507",
    "qwen/qwen3-235b-a22b-07-25",
    "Qwen: Qwen3 235B A22B Instruct 2507",
    1753119555,
    { contextLength: 262_144, tokenizer: "Qwen3", images: false, reasons: false, expirationDate: "2027-01-31" },
    [
      ["DeepInfra", "deepinfra/fp8", 6, 0.09, 0.57],
      ["Novita", "novita/fp8", 4, 0.15, 0.8],
    ],
  ),
  model(
    "meta-llama/llama-3.3-70b-instruct:free",
    "meta-llama/llama-3.3-70b-instruct",
    "Meta: Llama 3.3 70B Instruct (free)",
    1733506137,
    llama,
    [["Venice", "venice", 1, 0, 0]],
  ),
];

const bySlug = new Map(catalogue.map((entry) => [entry.slug, entry]));

/** The model of a slug, or undefined when the catalogue does not carry it. */
export const findModel = (slug: string) => bySlug.get(slug);

/** A provider's offer of a model, or undefined. */
export const findEndpoint = (slug: string, provider: string) =>
  bySlug.get(slug)?.endpoints.find((endpoint) => endpoint.provider === provider);
