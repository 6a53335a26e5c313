"use server";
import { action } from "@/lib/action";
import { SaveView, ViewId } from "@/lib/views/schema";
import { deleteView, saveView } from "@/lib/views/views";
import { refreshed } from "./refreshed";

export const keepView = action(SaveView, refreshed(saveView));
export const forgetView = action(ViewId, refreshed(deleteView));
