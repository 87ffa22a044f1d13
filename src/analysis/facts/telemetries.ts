import type { Contest } from './workloads';
import type { Labels } from '../../manifest/labels';
import type { Manifest, ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type Telemetry = ManifestOf<'Telemetry'>;

export function selectorOf({ spec }: Telemetry): Labels {
  return spec?.selector?.matchLabels ?? {};
}

export const TELEMETRY_PARTS = ['metrics', 'tracing', 'accessLogging'] as const;

/** The parts that two Telemetries both state; only there can they conflict. */
export function sharedParts(one: Telemetry, other: Telemetry): string[] {
  return TELEMETRY_PARTS.filter(part => [one, other].every(({ spec }) => (spec?.[part] ?? []).length > 0));
}

/** A workload that several Telemetries select. */
export interface TelemetryContest extends Contest {
  readonly others: readonly Telemetry[];
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
export function selectingText(others: readonly Telemetry[], { workload: { object } }: Contest, index: TrafficIndex): string {
  return `${others.map(other => index.nameOf(other)).join(', ')} select${others.length === 1 ? 's' : ''} the pods of ${object.kind} `
    + `${index.nameOf(object)} too`;
}
