import type { IConstruct } from 'constructs';
import { AppState } from './app-state';

const SITE = Symbol('call site');
/** The package's own folder, `src` or `lib/src`. */
const OWN = __dirname.replace(/[\\/]plan[\\/]collect$/, '');
/** How many calls may lie between a program's line and the construct that it makes; each costs time. */
const DEPTH = 8;

/** A construct that knows at which line it was made; the text is made when it is asked for. */
interface Sited {
  [SITE]?: { readonly stack?: string };
}

/** From here on, statements note the line that makes them. */
export function recordCallSites(scope: IConstruct): void {
  AppState.of(scope).recordsCallSites = true;
}

/** Notes the line that makes a statement; for an AppState that records them. */
export function noteCallSite(at: IConstruct): void {
  if ((at as Sited)[SITE]) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  // Half the cost of Error.captureStackTrace().
  (at as Sited)[SITE] = new Error();
  Error.stackTraceLimit = limit;
}

/** The file and line of the program that made a construct, or else the nearest one around it; undefined where nobody noted any. */
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
