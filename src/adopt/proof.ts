import { CallerWords } from '../diff/caller-words';
import type { TrafficChange } from '../diff/change';
import { describeConnection } from '../diff/change';
import { callersOfBoth, diffTraffic } from '../diff/traffic-diff';
import { unreadDifferences } from '../edge/unread-differences';
import { describeExample } from '../proof/example-request';
import { compareAccess } from '../simulator/access-changes/compare-access';
import type { MeshParts } from '../simulator/mesh-parts';

/** A difference between the manifests and what was written for them. */
export interface Difference {
  /** The host whose traffic differs; undefined if it is not known. */
  readonly host?: string;
  readonly port?: number;
  readonly text: string;
}

/** All differences for the traffic of every class of proxies. */
export function differencesOf(before: MeshParts, after: MeshParts): Difference[] {
  const isComplete = before.edge.isComplete && after.edge.isComplete;
  const classes = callersOfBoth(before, after, before.defaultNamespace, isComplete);
  const words = new CallerWords(classes.flatMap(({ members }) => members));
  const gateways = classes.flatMap(({ members }) => members.filter(({ type }) => type === 'gateway'));
  return [
    ...diffTraffic(before, after, classes).map(change => ({ host: change.host, port: change.port, text: changeText(change, words) })),
    ...compareAccess(before, after, gateways).changes.map(({ before: was, after: is }) => ({ text: `a call that is ${was} would be ${is}` })),
    ...unreadDifferences(before.edge, after.edge).map(({ what, added, removed, changed }) => (
      { text: `${what} would differ, and is not judged: ${[...added, ...removed, ...changed].join(', ')}` })),
  ];
}

function changeText(change: TrafficChange, words: CallerWords): string {
  const { host, port, before, after, example, connection, callers } = change;
  const shown = example ? describeExample(example) : connection ? describeConnection(connection) : `${host}${port === undefined ? '' : `:${port}`}`;
  return `${shown} would change for ${words.describe(callers)}: ${before} would be ${after}`;
}
