import { Rivals } from './rivals';
import type { Contest } from './workloads';
import type { Labels } from '../../manifest/labels';
import type { Manifest, ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type Telemetry = ManifestOf<'Telemetry'>;

export function selectorOf({ spec }: Telemetry): Labels {
  return spec?.selector?.matchLabels ?? {};
}

export const TELEMETRY_PARTS = ['metrics', 'tracing', 'accessLogging'] as const;

/** The parts that a Telemetry states; two can conflict only in one that both state. */
function partsOf({ spec }: Telemetry): readonly string[] {
  return TELEMETRY_PARTS.filter(part => (spec?.[part] ?? []).length > 0);
}

/** A workload that several Telemetries select. */
export interface TelemetryContest extends Contest {
  readonly rivals: Rivals<Telemetry>;
}

/** Those of a contest that set one of an object's parts, and the parts that another one of them sets too. */
export interface PartRivals {
  readonly rivals: Rivals<Telemetry>;
  readonly shared: readonly string[];
}

/** The Telemetries of a contest by the parts that they share with one of them. */
export function partRivals({ rivals: { all } }: TelemetryContest, object: Telemetry, index: TrafficIndex): PartRivals | undefined {
  const known = index.memoOf(all, () => new Map<string, PartRivals>());
  const own = partsOf(object);
  const key = own.join();
  let found = known.get(key);
  if (!found) {
    const stating = all.filter(other => partsOf(other).some(part => own.includes(part)));
    const shared = own.filter(part => stating.filter(other => partsOf(other).includes(part)).length > 1);
    known.set(key, found = { rivals: new Rivals(stating), shared });
  }
  return found.rivals.others > 0 ? found : undefined;
}

/** The workloads that a Telemetry and others select. */
export function contestsOf(object: Telemetry, index: TrafficIndex): readonly TelemetryContest[] {
  return (index.memo(findContests).get(object) ?? []) as readonly TelemetryContest[];
}

function findContests(index: TrafficIndex): ReadonlyMap<Manifest, readonly Contest[]> {
  return index.workloads.contested(index.of('Telemetry').flatMap(object => {
    const selector = selectorOf(object);
    return Object.keys(selector).length === 0 ? [] : [{ object, selector, namespace: index.namespaceOf(object) }];
  }));
}

/** Others that select a workload, in words. */
export function selectingText(rivals: Rivals<Telemetry>, { object, workload }: Contest, index: TrafficIndex): string {
  return `${rivals.beside(object as Telemetry, index)} select${rivals.others === 1 ? 's' : ''} the pods of ${workload.object.kind} `
    + `${index.nameOf(workload.object)} too`;
}
