/** The units of Go's durations, which Istio's objects use, in nanoseconds. */
const UNITS: { readonly [unit: string]: number } = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Go stores nanoseconds in 64 bits and rejects longer durations: about 292 years. */
const OVERFLOW = 2 ** 63;

/** A number and its unit. */
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** A cache. A mesh has few different durations, which many rules read in many places. */
const known = new Map<string, number | undefined>();
const MOST_KNOWN = 1000;

/** A duration such as `1h30m`, `1.5s` or `250ms` in nanoseconds. Undefined if it is invalid. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  if (known.has(text)) return known.get(text);
  if (known.size >= MOST_KNOWN) known.clear();
  const duration = parse(text);
  known.set(text, duration);
  return duration;
}

function parse(text: string): number | undefined {
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
  if (rest === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  const sum = [...rest.matchAll(PART)].reduce(
    (total, [, number, unit]) => total + Number(number) * UNITS[unit],
    0,
  );
  if (sum >= OVERFLOW) return undefined;
  return Math.round(sign === '-' ? -sum : sum);
}

/** Whether a valid duration is a multiple of `unit` nanoseconds. A long one has more nanoseconds than a number tells apart. */
export function isInWhole(unit: number, duration: string): boolean {
  const nanoseconds = [...duration.matchAll(PART)].reduce((total, [, number, name]) => {
    const [whole, fraction = ''] = number.split('.');
    return total + BigInt(whole) * BigInt(UNITS[name]) + BigInt(Math.round(Number(`0.${fraction || '0'}`) * UNITS[name]));
  }, 0n);
  return nanoseconds % BigInt(unit) === 0n;
}
