"use server";
import { action } from "@/lib/action";
import { pageOrigin } from "@/lib/base/origin";
import { createConnection, deleteConnection } from "@/lib/broadcast/connections";
import { createDestination } from "@/lib/broadcast/create-destination";
import { ConnectionForm, DestinationForm } from "@/lib/broadcast/forms";
import { ConnectionId } from "@/lib/broadcast/schema";
import { refreshed } from "../../refreshed";

export const createConnectionAction = action(
  "broadcast.write",
  ConnectionForm,
  refreshed(async (viewer, { name, target }: ConnectionForm) =>
    createConnection(viewer, { name, ...target }, await pageOrigin()),
  ),
);
export const createDestinationAction = action(
  "broadcast.write",
  DestinationForm,
  refreshed(async (viewer, { target }: DestinationForm) => createDestination(viewer, target, await pageOrigin())),
);
export const deleteConnectionAction = action("broadcast.write", ConnectionId, refreshed(deleteConnection));
