import { describe, expect, test } from "vitest";
import { z } from "zod";
import { runForm } from "@/lib/action";
import { AppError } from "@/lib/base/errors";

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
    const state = await runForm(Schema, data, async (input) => input, "en");
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
      "en",
    );
    expect(state.status).toBe("failed");
    expect(state.errors?.map((error) => error.field).sort()).toEqual(["name", "odd"]);
    expect(state.values).toEqual({ note: "hello", odd: "1" });
  });

  test("lets no null byte through in any field, alone or in a list: PostgreSQL would fail at it", async () => {
    const never = async () => expect.unreachable();
    const refused = { status: "failed", message: "Please check the marked fields." };
    for (const [field, value] of [
      ["name", "a\0b"],
      ["note", "\0"],
      ["tags", "\0"],
    ] as const) {
      const data = form([
        ["name", "Ann"],
        ["tags", "a"],
      ]);
      if (field === "name") data.set(field, value);
      else data.append(field, value);
      const errors = [{ field, message: "may not contain a null byte" }];
      expect(await runForm(Schema, data, never, "en")).toMatchObject({ ...refused, errors });
    }
  });

  test("tells what we may tell of a refusal, and nothing of a fault", async () => {
    const refuse = async () => {
      throw new AppError("conflict", "This is taken", { errors: [{ field: "name", message: "is taken" }] });
    };
    expect(await runForm(Schema, form([["name", "Ann"]]), refuse, "en")).toMatchObject({
      status: "failed",
      message: "This is taken",
      errors: [{ field: "name", message: "is taken" }],
    });
    const fail = async () => {
      throw new Error("secret inner workings");
    };
    expect((await runForm(Schema, form([["name", "Ann"]]), fail, "en")).message).toBe(
      "Something went wrong. Nothing was changed.",
    );
    const away = async () => {
      throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    };
    expect((await runForm(Schema, form([["name", "Ann"]]), away, "en")).message).toMatch(/database cannot be reached/);
  });

  test("speaks a person's language, and English where it knows no other words", async () => {
    const refusal = async (detail: string, message = "is required") => {
      const refuse = async () => {
        throw new AppError("conflict", detail, { errors: [{ field: "name", message }] });
      };
      return runForm(Schema, form([["name", "Ann"]]), refuse, "it");
    };
    expect(await refusal("You can watch at most 10 keys; delete one first")).toMatchObject({
      message: "Puoi osservare al massimo 10 chiavi; prima eliminane una",
      errors: [{ field: "name", message: "è obbligatorio" }],
    });
    expect(await refusal("The password must contain a digit")).toMatchObject({
      message: "La password deve contenere una cifra",
    });
    expect(await refusal("OpenRouter asks us to slow down (HTTP 429)")).toMatchObject({
      message: "OpenRouter chiede di rallentare (HTTP 429)",
    });
    expect(await refusal("This is taken")).toMatchObject({ message: "This is taken" });
    const empty = await runForm(Schema, form([]), async () => null, "it");
    expect(empty.message).toBe("Controlla i campi segnati.");
    expect(empty.errors?.[0]?.message).toMatch(/atteso/);
  });
});
