import type { PortTrafficPolicy, TrafficPolicy } from '../../manifest/istio-specs.generated';

type Policy = TrafficPolicy | PortTrafficPolicy;

/** The fields of an object, by their dotted places. */
function leavesOf(value: object, place = ''): string[] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    const at = place === '' ? name : `${place}.${name}`;
    return typeof part === 'object' && part !== null && !Array.isArray(part) && Object.keys(part).length > 0 ? leavesOf(part, at) : [at];
  });
}

/** The parts that a narrower level replaces as a whole although they have fields of their own. */
const COMPOSED = ['connectionPool', 'outlierDetection'] as const;

/** Fields of a wider level that a narrower one leaves out of a part that both state. */
export function lostFields(wider: Policy | undefined, narrower: Policy | undefined): string[] {
  return COMPOSED.flatMap(part => {
    const [before, after] = [wider?.[part], narrower?.[part]];
    if (!before || !after) return [];
    const kept = new Set(leavesOf(after));
    return leavesOf(before).filter(field => !kept.has(field)).map(field => `${part}.${field}`);
  });
}
