import { z } from "zod";
import { requestLocale } from "@/i18n/locales";
import { deviceOf } from "@/lib/auth/device";
import { methods } from "@/lib/http/methods";
import { publicRoute } from "@/lib/route";
import { register } from "@/lib/users/register";
import { Register } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  POST: publicRoute(
    {
      permission: "public",
      summary: "Register with e-mail and password",
      tags: ["Account"],
      body: Register,
      response: z.object({ id: z.int(), email: z.string(), created_at: z.iso.datetime() }),
      status: 201,
      errors: [400, 403, 429],
    },
    (request, input) => register(deviceOf(request.headers), input, { ...requestLocale(request.headers) }),
  ),
});
