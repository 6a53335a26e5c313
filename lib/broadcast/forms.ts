import { z } from "zod";
import { CreateConnection, CreateDestination } from "./schema";

/** The choice of an account and one of its workspaces as one field: `12` or `12:<workspace id>`. */
const Target = z.string("is required").transform((target, context): CreateDestination => {
  const [, id, workspace] = /^(\d+)(?::(.+))?$/.exec(target) ?? [];
  const choice = CreateDestination.safeParse({ management_key_id: id, workspace_id: workspace });
  if (choice.success) return choice.data;
  context.addIssue({ code: "custom", message: "is not an account" });
  return z.NEVER;
});

export const ConnectionForm = CreateConnection.pick({ name: true }).extend({ target: Target.optional() });
export type ConnectionForm = z.output<typeof ConnectionForm>;

export const DestinationForm = z.strictObject({ target: Target });
export type DestinationForm = z.output<typeof DestinationForm>;
