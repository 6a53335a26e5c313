"use server";
import { redirect } from "next/navigation";
import { clearSessionCookie } from "@/lib/access/session-cookie";
import type { Viewer } from "@/lib/access/viewer";
import { action } from "@/lib/action";
import { endOtherSessions, endSessionById } from "@/lib/sessions/sessions";
import { requestEmailChange } from "@/lib/users/change-email";
import { changePassword } from "@/lib/users/change-password";
import { deleteAccount } from "@/lib/users/delete-account";
import { updateProfile } from "@/lib/users/profile";
import { ChangeEmail, ChangePassword, Nothing, Password, ProfileForm, SessionId, TotpCode } from "@/lib/users/schema";
import { beginTwoFactor, disableTwoFactor, enableTwoFactor, renewRecoveryCodes } from "@/lib/users/two-factor";
import { refreshed } from "../refreshed";
import { rememberAppearance } from "./remember-appearance";

export const updateProfileAction = action(
  "personal",
  ProfileForm,
  refreshed(async (viewer: Viewer, input: Parameters<typeof updateProfile>[1]) => {
    await rememberAppearance(await updateProfile(viewer, input));
  }),
);
export const changePasswordAction = action("personal", ChangePassword, refreshed(changePassword));
export const endSessionByIdAction = action("personal", SessionId, refreshed(endSessionById));
export const endOtherSessionsAction = action("personal", Nothing, refreshed(endOtherSessions));

export const deleteAccountAction = action("personal", Password, async (viewer, input) => {
  await deleteAccount(viewer, input);
  await clearSessionCookie();
  redirect("/login?deleted");
});

export const beginTwoFactorAction = action("personal", Password, beginTwoFactor);
export const enableTwoFactorAction = action("personal", TotpCode, refreshed(enableTwoFactor));
export const disableTwoFactorAction = action("personal", Password, refreshed(disableTwoFactor));
export const renewRecoveryCodesAction = action("personal", Password, refreshed(renewRecoveryCodes));
export const requestEmailChangeAction = action("personal", ChangeEmail, requestEmailChange);
