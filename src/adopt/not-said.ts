/** Why no construct says what an object says. */
export class NotSaid extends Error {}

/** Gives up the form with constructs, with the reason. */
export function cannot(reason: string): never {
  throw new NotSaid(reason);
}

/** Gives up if an object has fields that the form with constructs does not read. */
export function readOnly(what: string, object: object, known: readonly string[]): void {
  const stated = Object.entries(object).filter(([, value]) => value !== undefined && value !== null).map(([name]) => name);
  const others = stated.filter(name => !known.includes(name));
  if (others.length > 0) cannot(`no construct is written for ${what}.${others.join(`, ${what}.`)}`);
}
