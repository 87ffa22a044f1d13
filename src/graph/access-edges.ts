import type { GraphEdge } from './mesh-graph';
import { groupBy } from '../manifest/group-by';
import { callerNames } from '../simulator/access-changes/caller-names';
import type { PortAccess } from '../simulator/access-map/access-map';
import type { CallerFate } from '../simulator/access-map/caller-fates';
import { BY_DEFAULT } from '../simulator/access-map/caller-fates';

/** Callers of a service or a gateway that are drawn alike. */
export interface CallersEdge {
  readonly callers: readonly string[];
  readonly kind: GraphEdge['kind'];
  readonly labels: readonly string[];
  /** Whether the label is for all requests to all ports. */
  readonly isWhole: boolean;
}

/** What becomes of requests to one port. */
interface FateAtPort extends CallerFate {
  readonly port: number;
}

/** The maximum number of sets of requests that a label names, and of examples. */
const [NAMED, EXAMPLES] = [4, 2];

const KINDS = { allowed: 'route', undecided: 'undecided', refused: 'blocked' } as const;

/** The edges of callers to a service or a gateway with some ports. */
export function accessEdges(ports: readonly PortAccess[]): readonly CallersEdge[] {
  const byCaller = new Map<string, FateAtPort[]>();
  for (const { port, fates } of ports) {
    for (const fate of fates) {
      for (const caller of fate.callers) byCaller.set(caller, [...byCaller.get(caller) ?? [], { ...fate, port }]);
    }
  }
  const all = [...byCaller.keys()];
  const portCount = new Set(ports.map(({ port }) => port)).size;
  const edges = [...byCaller].flatMap(([caller, fates]) => edgesOf(fates, portCount).map(edge => ({ caller, edge })));
  return [...groupBy(edges, ({ edge }) => JSON.stringify(edge)).values()].map(same => (
    { ...same[0].edge, callers: callerNames(same.map(({ caller }) => caller), all) }));
}

/** The edges of one caller: a kind for each fate of its requests. */
function edgesOf(fates: readonly FateAtPort[], portCount: number): readonly Omit<CallersEdge, 'callers'>[] {
  const reachesSome = fates.some(({ fate }) => fate !== 'refused');
  // What no rule allows needs no edge beside what one allows.
  const drawn = fates.filter(({ fate, why }) => fate !== 'refused' || !reachesSome || why !== BY_DEFAULT);
  return [...groupBy(drawn, ({ fate }) => KINDS[fate])].map(([kind, own]) => {
    const isWhole = own.every(({ areAll }) => areAll) && own.length === portCount;
    const labels = new Set(own.map(fate => labelOf(fate, own.length === portCount && areAlike(own) ? '' : `port ${fate.port}: `)));
    return { kind, labels: [...labels].filter(label => label !== ''), isWhole };
  });
}

function areAlike(fates: readonly FateAtPort[]): boolean {
  return new Set(fates.map(fate => labelOf(fate, ''))).size === 1;
}

function labelOf({ requests, areAll, areExamples, why }: FateAtPort, port: string): string {
  const shown = areExamples ? requests.slice(0, EXAMPLES) : requests.length > NAMED + 1 ? requests.slice(0, NAMED) : requests;
  const hidden = areExamples ? 0 : requests.length - shown.length;
  const named = `${areExamples ? 'for example ' : ''}${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
  const what = !areAll ? named : port === '' || why !== '' ? '' : 'everything';
  return `${port}${[why, what].filter(part => part !== '').join(': ')}`;
}
