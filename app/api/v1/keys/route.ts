import { PageQuery } from "@/lib/base/page";
import { methods } from "@/lib/http/methods";
import { tokenRoute } from "@/lib/route";
import { KeyTotalsList } from "@/lib/usage/answers";
import { listKeyTotals } from "@/lib/usage/read/list-key-totals";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: tokenRoute(
    {
      permission: "keys.read",
      summary: "The monitored keys with all that was ever counted for them",
      tags: ["Public API"],
      scope: "read:keys",
      keep: true,
      query: PageQuery,
      response: KeyTotalsList,
    },
    listKeyTotals,
  ),
});
