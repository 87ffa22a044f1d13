import { setFlagsFromString } from 'node:v8';

/** How much a function runs, in bytes of its bytecode, before V8 looks at it; its default is about a ninth of it. */
const BUDGET = 600_000;
/** The releases of Node whose V8 has this flag; another one would complain about it on the terminal. */
const KNOWN = { first: 20, last: 22 };

/**
 * Lets V8 optimize only what runs for long. A command runs a lot of code a few thousand times and ends: by default two fifths of its CPU time go into
 * machine code that is hardly used, and the memory of that with it.
 */
export function optimizeLate(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= KNOWN.first && major <= KNOWN.last) setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}
