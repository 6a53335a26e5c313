/** Why the embedded database cannot be used, in one line for the person at the terminal. */
export class EmbeddedError extends Error {}

/** Another live instance holds the DATA_DIR. */
export class InUseError extends EmbeddedError {}
