/** A file of suppressions that cannot be taken: a mistake of whoever wrote or named it. */
export class RefusedSuppressions extends Error {}
