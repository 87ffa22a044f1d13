import type { Destination, Reception } from './clusters';
import type { Outcome } from './outcome';
import type { Place } from './place';
import type { Request } from './request';
import { portStart } from './request';
import type { CompiledRoute, FoundHost } from './route-table';
import { failuresOf } from './route-table';
import type { Question } from '../edge/caller-edge';
import type { NotJudged } from '../edge/not-judged';
import type { Lacks } from '../edge/outside-input';
import type { RouteOrigin } from '../envoy/proxy-config';
import { describeObject } from '../manifest/kubernetes-object';

/** What a request asks for, by which the edge finds what is not read and could change the answer. */
export function questionOf(request: Request, { chain, table, found, taken, open, rejection }: Place): Question {
  const isRedirected = found?.host.asksForTls(request) ?? false;
  const isUnanswered = !chain || (table !== undefined && !taken && !open && !rejection && !isRedirected);
  return { asked: askedHosts(request, found), port: request.port, isUnanswered };
}

/** What an answer lacks, so that something outside the input may change it. */
export function lacksOf(outcome: Outcome, { found }: Place, destinations: readonly Destination[]): Lacks {
  const at = (reception: Reception) => destinations.filter(each => each.reception === reception);
  return {
    clusters: at('unknown cluster'),
    endpoints: at('no healthy host'),
    labels: destinations.filter(({ addedLabels }) => addedLabels !== undefined),
    server: serverLacking(outcome, found),
  };
}

function serverLacking(outcome: Outcome, found: FoundHost | undefined): Lacks['server'] {
  switch (outcome) {
    case 'blocked':
    case 'passed through': return 'host';
    case 'connection refused':
    case 'closed': return 'port';
    case 'no route': return (found?.host.routes ?? []).length === 0 ? 'routes' : undefined;
    default: return undefined;
  }
}

/** The entry about a route of which it is not known whether it matches. */
export function openRouteEntry(open: CompiledRoute, request: Request, origin: RouteOrigin | undefined): NotJudged {
  const { route, index } = open;
  return {
    what: 'the condition',
    changes: failuresOf(open, request, undefined),
    objects: [`route ${index + 1} of ${origin ? describeObject(origin.object) : (route.name ?? 'the virtual host')}`],
    decides: true,
  };
}

/** The hosts of a request: as it names them, and as the proxy knows them. */
function askedHosts({ authority, host }: Request, found: FoundHost | undefined): readonly string[] {
  const names = found ? [authority, found.host.virtualHost.name] : [authority];
  return [...new Set([host, ...names.map(name => (portStart(name) < 0 ? name : name.slice(0, portStart(name))))])];
}
