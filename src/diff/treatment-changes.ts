import type { Change, ChangeKind, Move, Risk } from './change';
import { describeDestination } from './destination';
import type { Aspect, RouteTreatment } from './route-treatment';

/** The kinds of changes in a route's treatment, and their risk. */
const ASPECTS: { readonly [A in Aspect]: readonly [kind: ChangeKind, risk: Risk] } = {
  'goes to': ['shares', 'medium'],
  'answer': ['answer', 'high'],
  'mirror': ['mirror', 'medium'],
  'timeout': ['timeout', 'medium'],
  'retries': ['retries', 'medium'],
  'fault': ['fault', 'high'],
  'rewrite': ['rewrite', 'high'],
  'headers': ['headers', 'low'],
  'cors': ['cors', 'medium'],
  'hash policy': ['hash-policy', 'low'],
  'other': ['other', 'medium'],
};

/** What changes, without the requests that it changes for. */
export type TreatmentChange = Pick<Change, 'kind' | 'risk' | 'before' | 'after' | 'moves'>;

/** What changes in a treatment for requests to a path, one change per aspect. */
export function treatmentChanges(old: RouteTreatment, now: RouteTreatment, path: string): TreatmentChange[] {
  const isPathSame = old.path.of(path) === now.path.of(path);
  const isRewriteSame = isPathSame && old.hostRewrite === now.hostRewrite;
  const aspects = (Object.keys(ASPECTS) as Aspect[]).filter(aspect => (
    old.aspects[aspect] !== now.aspects[aspect] && !(aspect === 'rewrite' && isRewriteSame && old.aspects.rewrite && now.aspects.rewrite)));
  // If a route starts or stops answering itself, that is one change. The aspects of forwarding are not listed.
  const told = aspects.includes('answer')
    ? aspects.filter(aspect => aspect === 'answer' || aspect === 'headers' || aspect === 'other')
    : aspects;
  const changes = told.map((aspect): TreatmentChange => {
    const [kind, risk] = ASPECTS[aspect];
    const moves = kind === 'shares' ? movesBetween(old, now) : undefined;
    const [before, after] = [old, now].map(t => t.aspects[aspect] ?? (aspect === 'answer' ? t.aspects['goes to'] : undefined) ?? 'none');
    const hurts = after.includes(': the proxy has no such cluster') || (moves ?? []).some(m => Math.abs(m.after - m.before) >= 0.5);
    return { kind, risk: hurts ? 'high' : risk, before, after, ...(moves ? { moves } : {}) };
  });
  // The same rewrite replaces different parts of a path if the matches differ.
  const isTold = told.includes('rewrite') || told.includes('answer');
  return isPathSame || isTold ? changes : [...changes, { kind: 'rewrite', risk: 'high', before: old.path.words, after: now.path.words }];
}

function movesBetween(old: RouteTreatment, now: RouteTreatment): Move[] {
  const moves = new Map<string, { destination: string; before: number; after: number }>();
  const move = (destination: string) =>
    moves.get(destination) ?? moves.set(destination, { destination, before: 0, after: 0 }).get(destination)!;
  for (const share of old.shares) move(describeDestination(share.destination)).before += share.fraction;
  for (const share of now.shares) move(describeDestination(share.destination)).after += share.fraction;
  return [...moves.values()].filter(({ before, after }) => before !== after);
}

const NO_ROUTE = 'no route (404)';

/** A treatment in words. Compared with another one, aspects that both share are omitted, except for the destination. */
export function describeTreatment(treatment: RouteTreatment | undefined, other: RouteTreatment | undefined): string {
  if (treatment === undefined) return NO_ROUTE;
  const { 'goes to': goesTo, answer, ...others } = treatment.aspects;
  const differs = (aspect: string, text: string | undefined) => (other ? other.aspects[aspect as Aspect] !== text : text !== 'none');
  const stated = Object.entries(others).filter(([aspect, text]) => text !== undefined && differs(aspect, text));
  return [answer ?? goesTo, ...stated.map(([aspect, text]) => `${aspect} ${text}`)].join('; ');
}
