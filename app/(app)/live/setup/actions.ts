"use server";
import { action } from "@/lib/action";
import { createConnection, deleteConnection } from "@/lib/broadcast/connections";
import { createDestination } from "@/lib/broadcast/create-destination";
import { DestinationForm } from "@/lib/broadcast/forms";
import { ConnectionId, CreateConnection } from "@/lib/broadcast/schema";
import { pageOrigin } from "@/lib/http/origin";
import { refreshed } from "../../refreshed";

export const addConnection = action(
  CreateConnection,
  refreshed(async (viewer, input: CreateConnection) => createConnection(viewer, input, await pageOrigin())),
);
export const addDestination = action(
  DestinationForm,
  refreshed(async (viewer, { target }: DestinationForm) => createDestination(viewer, target, await pageOrigin())),
);
export const removeConnection = action(ConnectionId, refreshed(deleteConnection));
