import type { IConstruct } from 'constructs';
import { AppState } from './app-state';

const SITE = Symbol('call site');
/** The folder of this package, `src` or `lib/src`. */
const OWN = __dirname.replace(/[\\/]plan[\\/]collect$/, '');
/** The maximum number of calls between a line of the program and the construct that it creates; each costs time. */
const DEPTH = 8;

/** A construct that knows the line that created it. The text is created on request. */
interface Sited {
  [SITE]?: { readonly stack?: string };
}

/** From now on, statements record the line that creates them. */
export function recordCallSites(scope: IConstruct): void {
  AppState.of(scope).recordsCallSites = true;
}

/** Records the line that creates a statement, if the AppState records them. */
export function noteCallSite(at: IConstruct): void {
  if ((at as Sited)[SITE]) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  // Half the cost of Error.captureStackTrace().
  (at as Sited)[SITE] = new Error();
  Error.stackTraceLimit = limit;
}

/** The file and line of the program that created a construct, else the nearest enclosing construct; undefined if none was recorded. */
export function callSiteOf(construct: IConstruct): string | undefined {
  for (let at: IConstruct | undefined = construct; at; at = at.node.scope) {
    const site = siteOf(at);
    if (site !== undefined) return site;
  }
  return undefined;
}

function siteOf(construct: IConstruct): string | undefined {
  const lines = (construct as Sited)[SITE]?.stack?.split('\n').slice(1) ?? [];
  const places = lines.map(line => /\(?((?:file:\/\/)?[^()\s]+:\d+):\d+\)?$/.exec(line)?.[1].replace(/^file:\/\//, ''));
  return places.find(place => place !== undefined && !place.startsWith(OWN) && !/[\\/]node_modules[\\/]|^node:/.test(place));
}
