import { fieldOf, judge, judgeOnce } from './differential';
import type { Judged } from './differential';
import type { FuzzCase } from './fuzz-case';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** The number of candidates per batch: istiod starts once per batch, and few candidates are wasted. */
const AT_ONCE = 40;

/** Shrinks a case that still fails in one of the same fields, by removing irrelevant objects, proxies and fields. */
export async function shrink(failing: Judged, rounds = 100): Promise<Judged> {
  const fields = new Set(failing.mismatches.map(anyItem));
  let smallest = failing;
  for (let round = 0; round < rounds; round++) {
    const found = await firstFailing(smaller(smallest.each).map((each, place) => ({ ...each, id: `${failing.each.id}/${place}` })), fields);
    if (!found) return smallest;
    smallest = found;
  }
  return smallest;
}

/** The field of a mismatch, in any item of a list. */
function anyItem(mismatch: string): string {
  return fieldOf(mismatch).replace(/\[[^\]]*\]/g, '[]');
}

/** Only candidates with a difference are repeated, and only until one of them fails every time. */
async function firstFailing(candidates: readonly FuzzCase[], fields: ReadonlySet<string>): Promise<Judged | undefined> {
  const fails = ({ mismatches }: Judged) => mismatches.some(wrong => fields.has(anyItem(wrong)));
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    const suspects = (await judgeOnce(candidates.slice(from, from + AT_ONCE))).filter(fails);
    for (const { each } of suspects) {
      const [judged] = await judge([each]);
      if (fails(judged)) return judged;
    }
  }
  return undefined;
}

function smaller(each: FuzzCase): FuzzCase[] {
  const { objects, proxies, meshConfig } = each;
  const half = Math.ceil(objects.length / 2);
  const halves = objects.length > 3 ? [objects.slice(half), objects.slice(0, half)].map(kept => ({ ...each, objects: kept })) : [];
  const fewerProxies = proxies.length > 1 ? proxies.map(proxy => ({ ...each, proxies: [proxy] })) : [];
  const plainMesh = Object.keys(meshConfig).map(field => ({ ...each, meshConfig: without(meshConfig, field) }));
  const fewer = objects.map((_, place) => ({ ...each, objects: objects.filter((__, other) => other !== place) }));
  const simpler = objects.flatMap((object, place) => (isAdmitted(object) ? simplified(object.spec) : fewerPorts(object.spec))
    .map(spec => ({ ...each, objects: objects.map((other, at) => (at === place ? { ...object, spec } : other)) })));
  return [...fewerProxies, ...halves, ...fewer, ...plainMesh, ...simpler];
}

/** Whether istiod, or our own reading, rejects invalid input. istiod would accept a Service without the number of a port. */
function isAdmitted({ apiVersion }: KubernetesObject): boolean {
  return apiVersion.includes('istio.io/') || apiVersion.startsWith('gateway.networking.k8s.io/');
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function fewerPorts({ ports = [], ...spec }: any = {}): any[] {
  return ports.map((_: unknown, place: number) => ({ ...spec, ports: ports.filter((__: unknown, other: number) => other !== place) }));
}

/** All values with one field or item removed, at any depth. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function simplified(value: any): any[] {
  if (Array.isArray(value)) {
    return [
      ...value.map((_, place) => value.filter((__, other) => other !== place)),
      ...value.flatMap((item, place) => simplified(item).map(simpler => value.map((other, at) => (at === place ? simpler : other)))),
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...Object.keys(value).map(field => without(value, field)),
    ...Object.entries(value).flatMap(([field, item]) => simplified(item).map(simpler => ({ ...value, [field]: simpler }))),
  ];
}

function without<T extends object>(value: T, field: string): T {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== field)) as T;
}
