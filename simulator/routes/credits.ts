import { callerOf, ok, type Route } from "../http";
import { unitsToNumber } from "../money";

/** `GET /credits`: lifetime USD bought and charged; management keys alone. */
export const creditsRoute: Route = {
  method: "GET",
  pattern: "/credits",
  access: "management",
  handle(call) {
    const account = call.world.account(callerOf(call).accountId);
    const used = call.world.keys(account.id).reduce((sum, key) => sum + call.world.books.spend(key.hash).cost, 0);
    return ok({ data: { total_credits: unitsToNumber(account.creditsBought), total_usage: unitsToNumber(used) } });
  },
};
