import { readSecrets } from "@/db/embedded/secrets";
import { EnvError } from "@/lib/base/env";
import { rotateKeys } from "@/lib/keys/rotate";
import { runCommand } from "./launch/command";

// npm run keys:rotate
await runCommand(async ({ url, settings }) => {
  const { given, isEmbedded, dataDir } = settings;
  const secrets = isEmbedded ? await readSecrets(dataDir) : {};
  // biome-ignore lint/style/noProcessEnv: the product reads its keys and its database from nowhere else
  Object.assign(process.env, secrets, given, { DATABASE_URL: url });
  const { renewed, unreadable } = await rotateKeys();
  if (unreadable.length > 0)
    throw new EnvError(
      `${renewed} renewed, but no key in ENCRYPTION_KEYS_OLD opens ${unreadable.join(", ")}: add the missing key and run this again`,
    );
  return `${renewed} secrets renewed; ENCRYPTION_KEYS_OLD is needed no longer`;
});
