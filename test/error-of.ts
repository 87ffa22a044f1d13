/** The message of the error that a function throws. */
export function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error('nothing was refused');
}
