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

export const createKeyAction = action(CreateKey, refreshed(createKey));
export const updateKeyAction = action(EditKeyForm, refreshed(updateKey));
export const updateKeyIsActiveAction = action(SwitchKeyForm, refreshed(updateKey));
export const deleteKeyAction = action(KeyId, refreshed(deleteKey));
/** The same from the key's own page, which is gone with it. */
export const deleteKeyAndLeaveAction = action(KeyId, async (viewer, input): Promise<void> => {
  await deleteKey(viewer, input);
  redirect("/keys");
});
export const testKeyAction = action(KeyId, refreshed(testKey));
export const updateTeamAction = action(UpdateTeamForm, refreshed(team.updateTeam));
