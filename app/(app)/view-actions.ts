"use server";
import { action } from "@/lib/action";
import { SaveView, ViewId } from "@/lib/views/schema";
import { deleteView, saveView } from "@/lib/views/views";
import { refreshed } from "./refreshed";

export const saveViewAction = action("views.write", SaveView, refreshed(saveView));
export const deleteViewAction = action("views.write", ViewId, refreshed(deleteView));
