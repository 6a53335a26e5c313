/** Why the application does not start, in one line for the person at the terminal. */
export class LaunchError extends Error {}
