import { parseDuration } from '../../manifest/duration';

/** `google.protobuf.Duration` in JSON: seconds and an `s`, such as `1.500s`. */
export type Duration = `${number}s`;

/** `google.protobuf.UInt32Value`, which JSON writes as a number. */
export type UInt32Value = number;

/** `google.protobuf.UInt64Value`, `uint64` and `int64`, which JSON writes as strings of digits. */
export type UInt64Value = `${number}`;

/** `google.protobuf.Struct`. */
export interface Struct { readonly [field: string]: Value }

/** `google.protobuf.Value`. */
export type Value = string | number | boolean | null | readonly Value[] | Struct;

/** `google.protobuf.Empty`, and messages without fields that are set. */
export type Empty = { readonly [field: string]: never };

/** `envoy.type.v3.Percent`: from 0 to 100; absent is 0. */
export interface Percent { readonly value?: number }

/** `envoy.type.v3.FractionalPercent`: so many of the denominator, which is a hundred where it is absent. */
export interface FractionalPercent {
  readonly numerator?: number;
  readonly denominator?: 'HUNDRED' | 'TEN_THOUSAND' | 'MILLION';
}

/** `envoy.config.core.v3.RuntimeFractionalPercent`. */
export interface RuntimeFractionalPercent {
  readonly defaultValue?: FractionalPercent;
  readonly runtimeKey?: string;
}

/** `envoy.config.core.v3.RuntimeDouble`. */
export interface RuntimeDouble {
  readonly defaultValue?: number;
  readonly runtimeKey: string;
}

const SECOND = 1e9;
const DENOMINATORS = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 } as const;

/** A manifest's duration, such as `1h30m` or `250ms`; undefined where it is absent or no duration. */
export function durationOf(text: string | undefined): Duration | undefined {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? undefined : duration(nanoseconds);
}

/** Seconds with no, three, six or nine digits behind the point, as Go and C++ write the message. */
function duration(nanoseconds: number): Duration {
  const size = Math.abs(nanoseconds);
  const [seconds, rest] = [Math.floor(size / SECOND), size % SECOND];
  const digits = String(rest).padStart(9, '0').replace(/^(?:(\d{3})0{6}|(\d{6})0{3}|(\d{9}))$/, '$1$2$3');
  return `${nanoseconds < 0 ? '-' : ''}${seconds}${rest === 0 ? '' : `.${digits}`}s` as Duration;
}

/** The whole seconds of a manifest's duration, for fields that Envoy counts in seconds. */
export function wholeSecondsOf(text: string): number {
  return Math.trunc((parseDuration(text) ?? 0) / SECOND);
}

/** A duration in milliseconds; 0 where it is absent. */
export function milliseconds(value: Duration | undefined): number {
  return value === undefined ? 0 : Number((parseFloat(value) * 1000).toFixed(6));
}

/** A percentage of a manifest, in millionths as istiod writes it. */
export function fractionalPercentOf({ value = 0 }: Percent): FractionalPercent {
  const numerator = Math.trunc(value * 10000);
  return { ...(numerator === 0 ? {} : { numerator }), denominator: 'MILLION' };
}

/** A fraction in percent, at most 100; 0 where it is absent. */
export function percentOf(fraction: FractionalPercent | undefined): number {
  if (fraction === undefined) return 0;
  return Math.min(100, 100 * (fraction.numerator ?? 0) / DENOMINATORS[fraction.denominator ?? 'HUNDRED']);
}
