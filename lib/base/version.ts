/** This version of the application, as package.json says: put in by the build, by npm where scripts run. */
export const appVersion = (): string =>
  // biome-ignore lint/style/noProcessEnv: no setting of anybody's; Next replaces the first of these when it builds
  process.env.APP_VERSION ?? process.env.npm_package_version ?? "0.0.0";
