import { parseDuration } from '../manifest/duration';

/** A duration as istiod writes it: `1.500s`. Undefined for 0 and for one that Go cannot read. */
export function goDuration(text: string | undefined): string | undefined {
  const nanoseconds = parseDuration(text) ?? 0;
  return nanoseconds === 0 ? undefined : secondsText(nanoseconds);
}

/** With no decimals, or 3, 6 or 9 of them, as protobuf writes JSON. */
function secondsText(nanoseconds: number): string {
  const [seconds, rest] = [Math.trunc(nanoseconds / 1e9), Math.abs(nanoseconds % 1e9)];
  const decimals = String(rest).padStart(9, '0').replace(/(?:000){1,3}$/, '');
  return `${seconds}${decimals === '' ? '' : `.${decimals}`}s`;
}
