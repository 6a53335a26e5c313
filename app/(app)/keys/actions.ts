"use server";
import { redirect } from "next/navigation";
import { action } from "@/lib/action";
import { createKey } from "@/lib/keys/create-key";
import { EditKeyForm, SwitchKeyForm } from "@/lib/keys/forms";
import { deleteKey, updateKey } from "@/lib/keys/keys";
import { CreateKey, KeyId } from "@/lib/keys/schema";
import { testKey } from "@/lib/keys/test-key";
import { UpdateTeamForm } from "@/lib/teams/schema";
import * as team from "@/lib/teams/team";
import { refreshed } from "../refreshed";

export const createKeyAction = action("keys.write", CreateKey, refreshed(createKey));
export const updateKeyAction = action("keys.write", EditKeyForm, refreshed(updateKey));
export const updateKeyIsActiveAction = action("keys.write", SwitchKeyForm, refreshed(updateKey));
export const deleteKeyAction = action("keys.write", KeyId, refreshed(deleteKey));
/** The same from the key's own page, which is gone with it. */
export const deleteKeyAndLeaveAction = action("keys.write", KeyId, async (viewer, input): Promise<void> => {
  await deleteKey(viewer, input);
  redirect("/keys");
});
export const testKeyAction = action("keys.test", KeyId, refreshed(testKey));
export const updateTeamAction = action("team.change", UpdateTeamForm, refreshed(team.updateTeam));
