import type { Aspect, RouteTreatment } from './route-treatment';
import type { Condition, Test } from '../proof/condition';
import type { Telling } from '../proof/differences';
import type { PathChange } from '../proof/path-change';
import { UNCHANGED } from '../proof/path-change';
import { exactly, matching, stringSetOf } from '../proof/string-set';

export const EVERY: Telling = { have: [], areAll: false };

/** Which requests are likely to be treated differently, if not all are. */
export function tellingRequests(old: RouteTreatment, now: RouteTreatment): Telling {
  if (old.key === now.key) return tellingPaths([old.path, now.path]);
  const aspects = { ...old.aspects, ...now.aspects };
  const changed = (Object.keys(aspects) as Aspect[]).filter(aspect => old.aspects[aspect] !== now.aspects[aspect]);
  if (changed.join() !== 'cors') return EVERY;
  // CORS only applies to requests with an origin, and most of it applies to preflight requests.
  const origins = [...old.origins, ...now.origins].flatMap(origin => holding('header origin', stringSetOf(origin)));
  const preflight = [...holding('method', exactly('OPTIONS')), ...holding('header access-control-request-method', exactly('GET'))].flat();
  return { have: [...origins.map(origin => [...origin, ...preflight]), ...origins], areAll: false };
}

/** A regex rewrite keeps a path that the regex does not match, and replaces each of several matches. */
function tellingPaths(changes: readonly PathChange[]): Telling {
  const regexes = changes.flatMap(({ regex }) => regex ?? []);
  const matched = (times: number) => regexes.flatMap(regex => holding('path', matching(`.*${`(?:${regex}).*`.repeat(times)}`)));
  const once = matched(1);
  return {
    have: [...once, ...matched(2)],
    areAll: once.length === regexes.length && changes.every(({ regex, key }) => regex !== undefined || key === UNCHANGED.key),
  };
}

function holding(field: Condition['field'], test: Test | undefined): Condition[][] {
  return test === undefined ? [] : [[{ field, test, holds: true }]];
}
