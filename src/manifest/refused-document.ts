/** A rejected document, with the repair. */
export class RefusedDocument extends Error {
  constructor(message: string, public readonly repair: string) {
    super(message);
  }
}
