/** Something that the caller of a command can repair; it is told without a stack. */
export class UsageError extends Error {}
