"use server";
import { redirect } from "next/navigation";
import { action } from "@/lib/action";
import { createKey } from "@/lib/keys/create";
import { EditKeyForm, SwitchKeyForm } from "@/lib/keys/forms";
import { deleteKey, updateKey } from "@/lib/keys/keys";
import { CreateKey, KeyId } from "@/lib/keys/schema";
import { testKey } from "@/lib/keys/test-key";
import { UpdateTeamForm } from "@/lib/teams/schema";
import * as team from "@/lib/teams/team";
import { refreshed } from "../refreshed";

export const addKey = action(CreateKey, refreshed(createKey));
export const editKey = action(EditKeyForm, refreshed(updateKey));
export const switchKey = action(SwitchKeyForm, refreshed(updateKey));
export const removeKey = action(KeyId, refreshed(deleteKey));
/** The same from the key's own page, which is gone with it. */
export const removeKeyAndLeave = action(KeyId, async (viewer, input): Promise<void> => {
  await deleteKey(viewer, input);
  redirect("/keys");
});
export const checkKey = action(KeyId, refreshed(testKey));
export const updateTeam = action(UpdateTeamForm, refreshed(team.updateTeam));
