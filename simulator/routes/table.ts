import type { Route } from "../http";
import { activityRoute } from "./activity";
import { analyticsMetaRoute } from "./analytics-meta";
import { analyticsQueryRoute } from "./analytics-query";
import { creditsRoute } from "./credits";
import { destinationsRoutes } from "./destinations";
import { generationRoute } from "./generation";
import { keyRoutes } from "./key";
import { keysRoutes } from "./keys";
import { modelsRoutes } from "./models";
import { workspacesRoutes } from "./workspaces";

export interface RouteMatch {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a call; `allowed` are the methods that the path knows when the asked one is not among them. */
export function createRouteTable() {
  const routes = [
    ...keyRoutes,
    ...keysRoutes,
    activityRoute,
    analyticsQueryRoute(),
    analyticsMetaRoute,
    creditsRoute,
    ...modelsRoutes,
    ...workspacesRoutes,
    generationRoute,
    ...destinationsRoutes,
  ].map((route) => ({ route, expression: expressionOf(route.pattern) }));

  return function find(method: string, path: string): { match: RouteMatch | null; allowed: string[] } {
    const fitting = routes.flatMap(({ route, expression }) => {
      const found = expression.exec(path);
      return found ? [{ route, params: { ...found.groups } }] : [];
    });
    return {
      match: fitting.find(({ route }) => route.method === method) ?? null,
      allowed: fitting.map(({ route }) => route.method),
    };
  };
}

const expressionOf = (pattern: string) => new RegExp(`^${pattern.replaceAll(/:([a-z]+)/g, "(?<$1>[^/]+)")}$`);
