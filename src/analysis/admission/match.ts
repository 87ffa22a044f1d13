import { checkGatewayNames } from './destinations';
import { matchHeaderProblem } from './headers';
import { isDnsLabel } from './hosts';
import { labelsProblems, optionalPortProblem, stringMatchProblem, subnetProblem } from './values';
import type { Verdict } from './verdict';
import type { HTTPMatchRequest, L4MatchAttributes, StringMatch, TLSMatchAttributes } from '../../manifest/istio-specs.generated';
import type { WrittenField } from '../../manifest/written-match';
import type { ConnectionMatchField } from '../../traffic/match-fields';

/** Checks the value of a field, which is at the path. */
type Check<V> = (verdict: Verdict, value: V, path: string) => void;
/** A check for each field of a message, also for its optional fields. */
type Checks<M, F extends keyof M> = { readonly [field in F]-?: Check<NonNullable<M[field]>> };

type OfTcp = Exclude<ConnectionMatchField, 'sniHosts'>;
type OfTls = Exclude<OfTcp, 'sourceSubnet'>;

/** Admission takes every value. */
const takesAll = () => undefined;

const checkString: Check<StringMatch> = (verdict, value, path) => verdict.error(path, stringMatchProblem(value));
const checkPort: Check<number> = (verdict, value, path) => verdict.error(path, optionalPortProblem(value));
const checkLabels: Check<{ readonly [name: string]: string }> = (verdict, value, path) => verdict.error(path, ...labelsProblems(value));
/** Does not report the old way to name a Gateway. */
const checkGateways: Check<readonly string[]> = (verdict, value, path) => checkGatewayNames(verdict, value, path, { quiet: true });

const HTTP: Checks<HTTPMatchRequest, WrittenField> = {
  headers: (verdict, value, path) => {
    for (const [name, condition] of Object.entries(value)) verdict.error(path, matchHeaderProblem(name), stringMatchProblem(condition));
  },
  withoutHeaders: (verdict, value, path) => {
    for (const [name, condition] of Object.entries(value)) {
      verdict.error(path, matchHeaderProblem(name), condition.regex === '*' ? undefined : stringMatchProblem(condition));
    }
  },
  uri: (verdict, value, path) => verdict.error(path, stringMatchProblem(value, { emptyPrefix: true })),
  scheme: checkString,
  method: checkString,
  authority: checkString,
  queryParams: (verdict, value, path) => {
    for (const [name, condition] of Object.entries(value)) verdict.error(`${path}["${name}"]`, stringMatchProblem(condition));
  },
  port: checkPort,
  sourceLabels: checkLabels,
  gateways: checkGateways,
  sourceNamespace: (verdict, value, path) => {
    if (value && !isDnsLabel(value)) verdict.error(path, [`is '${value}', which is not a valid namespace`, 'name a namespace']);
  },
  ignoreUriCase: takesAll,
  name: takesAll,
  statPrefix: takesAll,
};

const CONNECTION: Checks<L4MatchAttributes & TLSMatchAttributes, OfTls> = {
  destinationSubnets: (verdict, value, path) => value.forEach((subnet, i) => verdict.error(`${path}[${i}]`, subnetProblem(subnet))),
  port: checkPort,
  sourceLabels: checkLabels,
  gateways: checkGateways,
  sourceNamespace: takesAll,
};

const TCP: Checks<L4MatchAttributes, OfTcp> = { ...CONNECTION, sourceSubnet: takesAll };
const TLS: Checks<TLSMatchAttributes, OfTls> = { ...CONNECTION, gateways: checkGatewayNames };

function check<M, F extends keyof M & string>(checks: Checks<M, F>, verdict: Verdict, match: M, path: string): void {
  for (const field of Object.keys(checks) as F[]) {
    const value = match[field];
    if (value !== undefined && value !== null) checks[field](verdict, value, `${path}.${field}`);
  }
}

/** Checks an item of the match list of an entry of `http`. */
export function checkHttpMatch(verdict: Verdict, match: HTTPMatchRequest, path: string): void {
  check(HTTP, verdict, match, path);
}

/** Checks an item of the match list of an entry of `tcp`. */
export function checkTcpMatch(verdict: Verdict, match: L4MatchAttributes, path: string): void {
  check(TCP, verdict, match, path);
}

/** Checks an item of the match list of an entry of `tls`, except its server names. */
export function checkTlsConditions(verdict: Verdict, match: TLSMatchAttributes, path: string): void {
  check(TLS, verdict, match, path);
}
