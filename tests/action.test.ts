import { describe, expect, test } from "vitest";
import { z } from "zod";
import { runForm } from "@/lib/action";
import { AppError } from "@/lib/errors";

const Schema = z.strictObject({
  name: z.string(),
  note: z.string().optional(),
  password: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

function form(fields: [string, string][]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

describe("a form", () => {
  test("hands its fields over: blank ones are absent, repeated ones a list, Next's own left out", async () => {
    const data = form([
      ["name", "Ann"],
      ["note", "  "],
      ["tags", "a"],
      ["tags", "b"],
      ["$ACTION_ID_1", "x"],
    ]);
    const state = await runForm(Schema, data, async (input) => input);
    expect(state).toEqual({ status: "done", data: { name: "Ann", tags: ["a", "b"] } });
  });

  test("that is not filled in right says where, and gives back what was typed but for secrets", async () => {
    const state = await runForm(
      Schema,
      form([
        ["note", "hello"],
        ["password", "hunter2"],
        ["odd", "1"],
      ]),
      async () => null,
    );
    expect(state.status).toBe("failed");
    expect(state.errors?.map((error) => error.field).sort()).toEqual(["name", "odd"]);
    expect(state.values).toEqual({ note: "hello", odd: "1" });
  });

  test("tells what we may tell of a refusal, and nothing of a fault", async () => {
    const refuse = async () => {
      throw new AppError("conflict", "This is taken", { errors: [{ field: "name", message: "is taken" }] });
    };
    expect(await runForm(Schema, form([["name", "Ann"]]), refuse)).toMatchObject({
      status: "failed",
      message: "This is taken",
      errors: [{ field: "name", message: "is taken" }],
    });
    const fail = async () => {
      throw new Error("secret inner workings");
    };
    expect((await runForm(Schema, form([["name", "Ann"]]), fail)).message).toBe(
      "Something went wrong. Nothing was changed.",
    );
    const away = async () => {
      throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    };
    expect((await runForm(Schema, form([["name", "Ann"]]), away)).message).toMatch(/database cannot be reached/);
  });
});
