"use server";
import { action } from "@/lib/action";
import { removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { AddPasskeyForm, RemovePasskeyForm, RenamePasskeyForm } from "@/lib/passkeys/schema";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { Confirmation, Password } from "@/lib/users/schema";
import { refreshed } from "../refreshed";

export const beginPasskeyAction = action("personal", Confirmation, beginPasskey);
export const addPasskeyAction = action("personal", AddPasskeyForm, refreshed(addPasskey));
export const renamePasskeyAction = action("personal", RenamePasskeyForm, refreshed(renamePasskey));
export const removePasskeyAction = action("personal", RemovePasskeyForm, refreshed(removePasskey));
export const requirePasskeyAction = action("personal", Password, refreshed(requirePasskey));
export const requirePasskeyNoLongerAction = action("personal", Password, refreshed(requirePasskeyNoLonger));
