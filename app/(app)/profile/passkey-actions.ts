"use server";
import { action } from "@/lib/action";
import { removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { AddPasskeyForm, RemovePasskeyForm, RenamePasskeyForm } from "@/lib/passkeys/schema";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { Confirmation, Password } from "@/lib/users/schema";
import { refreshed } from "../refreshed";

export const beginPasskeyAction = action(Confirmation, beginPasskey);
export const addPasskeyAction = action(AddPasskeyForm, refreshed(addPasskey));
export const renamePasskeyAction = action(RenamePasskeyForm, refreshed(renamePasskey));
export const removePasskeyAction = action(RemovePasskeyForm, refreshed(removePasskey));
export const requirePasskeyAction = action(Password, refreshed(requirePasskey));
export const requirePasskeyNoLongerAction = action(Password, refreshed(requirePasskeyNoLonger));
