import { groupVersionOf, isServed } from './api-version';
import { OF_A_REVISION, UNKNOWN, WITHOUT_NAMESPACE } from './kinds/control-plane';
import { makesPods, PODS } from './kinds/pods';
import { BY_KIND, isWhole, KNOWN_KINDS } from './rows-by-kind';
import { unknownKind } from './unknown-kind';
import type { UnreadKind } from './unread';
import type { Manifest } from '../manifest/manifest';

/** All rows, each once. */
export const ROWS: readonly UnreadKind[] = [...new Set([...BY_KIND.values()].flat()), ...PODS, OF_A_REVISION, UNKNOWN, WITHOUT_NAMESPACE];

/** The rows of objects. Most objects share a kind with many others, so that the rows of a kind are found once. */
export class RowsOfKinds {
  private readonly known = new Map<string, readonly UnreadKind[]>();

  /** Those of an object's kind, and those of pods and of objects of any kind. */
  public of(manifest: Manifest): readonly UnreadKind[] {
    const { apiVersion, kind } = manifest;
    const hasPods = makesPods(manifest);
    const key = `${apiVersion} ${kind} ${hasPods}`;
    let rows = this.known.get(key);
    if (!rows) this.known.set(key, rows = rowsOf(manifest, hasPods));
    return rows;
  }
}

function rowsOf(manifest: Manifest, hasPods: boolean): readonly UnreadKind[] {
  const { group, version } = groupVersionOf(manifest);
  const isOfWholeGroup = isWhole(group);
  const isServedKind = KNOWN_KINDS.get(group)?.includes(manifest.kind) && isServed(manifest.kind, group, version);
  const isKnown = isOfWholeGroup ? isServedKind : unknownKind(manifest) === undefined;
  return [
    ...BY_KIND.get(`${group}/${manifest.kind}`) ?? [],
    ...(isKnown ? [] : [UNKNOWN]),
    ...(hasPods ? PODS : []),
    ...(isOfWholeGroup ? [OF_A_REVISION] : []),
    WITHOUT_NAMESPACE,
  ];
}
