/** A file of suppressions that cannot be used: a mistake in the file or in its name. */
export class RefusedSuppressions extends Error {}
