import type { CallerWords } from '../../diff/caller-words';
import { describeNotJudged } from '../../edge/not-judged';
import type { Hole, HoleKind } from '../../holes/hole';
import { describeWitness } from '../../invariants/result-words';
import { requestCommand } from '../check/text-results';
import { describeOrigin } from '../explain/route-origin';
import type { Line } from '../line';
import { line, styled } from '../line';

const WORDS: { readonly [K in HoleKind]: string } = {
  'no route': 'requests that no route takes get 404',
  'unknown cluster': 'requests go to a cluster that the proxy does not have: 503, or 500 from routes of the Gateway API',
  'no endpoint': 'requests go to a destination without an endpoint: 503',
  'redirect loop': 'requests are redirected endlessly',
  'unreachable': 'no request reaches this rule',
  'default': 'requests that no rule names go to the default; this may be intended',
};

/** Holes as text, each with a request that shows it, or with the rules that cover one. */
export function textHoles(holes: readonly Hole[], words: CallerWords, paths: readonly string[]): Line[][] {
  return holes.map(({ kind, host, port, callers, witness, origin, coveredBy, notJudged }) => [
    line`${styled(kind, kind === 'default' ? 'cyan' : 'red', 'bold')}: ${host}, port ${port}: ${WORDS[kind]}`,
    ...(origin ? [line`  ${styled('rule:', 'dim')} ${describeOrigin(origin)}`] : []),
    ...coveredBy.map(each => line`  ${styled('covered by:', 'dim')} ${describeOrigin(each)}`),
    line`  ${styled('callers:', 'dim')} ${words.describe(callers)}`,
    ...notJudged.map(entry => line`  ${styled('unless:', 'dim')} ${describeNotJudged(entry)}`),
    ...(witness ? [
      line`  ${styled('for example:', 'dim')} ${describeWitness(witness)}`,
      line`  ${styled('replay:', 'dim')} ${requestCommand(witness, paths)}`,
    ] : []),
  ]);
}
