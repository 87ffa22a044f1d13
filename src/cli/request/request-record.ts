import type { Tally } from './tally';
import type { Decision } from '../../simulator/decision';
import { describeOrigin } from '../explain/route-origin';

/** A decision in JSON. */
export function requestRecord(decision: Decision, tally: readonly Tally[] | undefined): object {
  const {
    request, outcome, status, flag, split, mirrors, timeoutMs, retry, fault, redirection, rejection, body, route, origin, path, notJudged,
    access,
  } = decision;
  return {
    request: { method: request.method, url: request.url },
    outcome,
    ...(status === undefined ? {} : { status }),
    ...(flag === undefined ? {} : { flag }),
    ...(route === undefined ? {} : { route: { name: route.name, ...(origin ? { origin: describeOrigin(origin) } : {}) } }),
    split: split.map(({ weighted: _, ...share }) => share),
    mirrors,
    path,
    authority: decision.authority(),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retry ? { retry } : {}),
    ...(fault ? { fault } : {}),
    ...(redirection ? { redirection: { ...redirection, ...(decision.isRedirectLoop ? { isLoop: true } : {}) } } : {}),
    ...(rejection ? { rejection } : {}),
    ...(body === undefined ? {} : { body }),
    ...(access ? { access } : {}),
    notJudged,
    ...(tally ? { tally } : {}),
    explanation: decision.explain().split('\n'),
  };
}
