import { describeUnread } from '../../edge/not-judged';
import type { UnreadDifference } from '../../edge/unread-differences';

/** The differences in what is not judged, one item each, such as `added: AuthorizationPolicy shop/cart (which calls are allowed)`. */
export function notJudgedTexts(differences: readonly UnreadDifference[]): readonly string[] {
  return differences.flatMap(({ what, changes, ...ways }) => (['added', 'removed', 'changed'] as const).flatMap(way => {
    const objects = ways[way];
    return objects.length === 0 ? [] : [`${way}: ${describeUnread(what, objects)} (${changes})`];
  }));
}
