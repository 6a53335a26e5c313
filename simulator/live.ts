import { type Delivery, deliverRequest } from "./delivery";
import { createRandom } from "./random";
import { isAccepted } from "./world/keys";
import type { SimulatedRequest } from "./world/requests";
import type { World } from "./world/world";

export interface LiveTrafficOptions {
  /** Mean number of requests per minute, over all keys. */
  perMinute: number;
  /** Told of each request and what its Broadcast came to. */
  onRequest?: (request: SimulatedRequest, deliveries: Delivery[]) => void;
}

const FAILED_SHARE = 0.01;

/** Records requests at random intervals as time passes and broadcasts them, until stopped. */
export function startLiveTraffic(world: World, { perMinute, onRequest }: LiveTrafficOptions): { stop(): void } {
  const random = createRandom(`${world.seed}/live`);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const next = () => {
    if (isStopped) return;
    const waitMs = (-Math.log(1 - random.next()) * 60_000) / perMinute;
    timer = setTimeout(() => void fire(), waitMs);
    // A world on its own must not keep a process alive.
    timer.unref();
  };

  const fire = async () => {
    next();
    const now = world.now();
    const choices = world.keys().flatMap((key) => {
      const profile = world.profiles.get(key.hash);
      const isUsed = profile && (profile.activeUntil ?? 1) >= 1 && isAccepted(key, now);
      return isUsed ? [{ key, profile, weight: profile.requestsPerDay }] : [];
    });
    if (choices.length === 0) return;
    const { key, profile } = random.weighted(choices);
    const model = random.weighted(profile.models);
    const request = world.record({
      keyHash: key.hash,
      model: model.slug,
      isByok: random.next() < (model.byokShare ?? 0),
      failed: random.next() < FAILED_SHARE,
    });
    const deliveries = await deliverRequest(world, request);
    onRequest?.(request, deliveries);
  };

  next();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
