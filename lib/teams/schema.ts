import { z } from "zod";

/** The viewer's team, as far as it can be set. */
export const TeamView = z.object({
  id: z.int(),
  name: z.string(),
  reads_people: z
    .boolean()
    .describe(
      "Whether usage is read by end user and country, which may be personal data; OpenRouter keeps both for 31 days",
    ),
});

export const UpdateTeam = z.strictObject({ reads_people: z.boolean() });

/** The same from a form, where everything is text. */
export const UpdateTeamForm = z.strictObject({ reads_people: z.stringbool() });
