"use server";
import { action } from "@/lib/action";
import { removePasskey, renamePasskey } from "@/lib/passkeys/passkeys";
import { addPasskey, beginPasskey } from "@/lib/passkeys/register";
import { AddPasskeyForm, RemovePasskeyForm, RenamePasskeyForm } from "@/lib/passkeys/schema";
import { requirePasskey, requirePasskeyNoLonger } from "@/lib/users/passkey-factor";
import { Confirmation, Password } from "@/lib/users/schema";
import { refreshed } from "../refreshed";

export const beginNewPasskey = action(Confirmation, beginPasskey);
export const addNewPasskey = action(AddPasskeyForm, refreshed(addPasskey));
export const renameOnePasskey = action(RenamePasskeyForm, refreshed(renamePasskey));
export const removeOnePasskey = action(RemovePasskeyForm, refreshed(removePasskey));
export const turnOnPasskeyFactor = action(Password, refreshed(requirePasskey));
export const turnOffPasskeyFactor = action(Password, refreshed(requirePasskeyNoLonger));
