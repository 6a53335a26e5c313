/** What the requests of one model at one provider amount to, as OpenRouter reports it: null where it reports nothing. */
export type Figures = {
  model: string | null;
  provider: string | null;
  requests: number | null;
  tokensInput: number | null;
  tokensOutput: number | null;
  tokensReasoning: number | null;
  tokensCached: number | null;
  /** Exact decimal USD, which no number holds. */
  cost: string;
  byokCost: string | null;
};
