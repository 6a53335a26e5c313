import { methods } from "@/lib/http/methods";
import { sessionRoute } from "@/lib/route";
import { deleteAccount } from "@/lib/users/delete-account";
import { getProfile, updateProfile } from "@/lib/users/profile";
import { Password, ProfileView, UpdateProfile } from "@/lib/users/schema";

export const { GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS } = methods({
  GET: sessionRoute(
    { permission: "personal", summary: "Read your own account", tags: ["Account"], response: ProfileView },
    getProfile,
  ),
  PATCH: sessionRoute(
    {
      permission: "personal",
      summary: "Change name, timezone, language or theme",
      tags: ["Account"],
      body: UpdateProfile,
      response: ProfileView,
    },
    updateProfile,
  ),
  DELETE: sessionRoute(
    {
      permission: "personal",
      summary: "Delete your account with its keys, usage and tokens",
      tags: ["Account"],
      body: Password,
      response: null,
      status: 204,
      errors: [400, 429],
    },
    deleteAccount,
  ),
});
