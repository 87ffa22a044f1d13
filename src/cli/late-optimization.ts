import { setFlagsFromString } from 'node:v8';

/** How much a function runs, in bytes of its bytecode, before V8 looks at it. V8's own value is about a ninth of it. */
const BUDGET = 600_000;
/** The releases of Node whose V8 has this flag; another one would complain about it on the terminal. */
const KNOWN = { first: 20, last: 22 };

/**
 * Lets V8 optimize only what runs for long. A command runs a lot of code a few thousand times and ends, and by default a third of its CPU time and more
 * goes into machine code that is hardly used. On 1,000 services, this takes a quarter off the time of `analyze` and 45 % off that of `diff` with two
 * cores (`npm run bench:cli`). `CDK8S_ISTIO_OPTIMIZE=early` switches it off.
 */
export function optimizeLate(environment: NodeJS.ProcessEnv): void {
  const major = Number(process.versions.node.split('.')[0]);
  const isKnown = major >= KNOWN.first && major <= KNOWN.last;
  if (isKnown && environment.CDK8S_ISTIO_OPTIMIZE !== 'early') setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}
