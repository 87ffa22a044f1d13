import { checkGatewayNames } from './destinations';
import { matchHeaderProblem } from './headers';
import { isDnsLabel } from './hosts';
import { labelsProblems, optionalPortProblem, stringMatchProblem, subnetProblem } from './values';
import type { Verdict } from './verdict';
import type { WrittenField } from '../../manifest/written-match';
import type { ConnectionMatchField } from '../../traffic/match-fields';
import type { Fields } from '../fields';
import { entries, texts } from '../fields';

/** What admission has against the value of a field; it is stated, and stands at the path. */
type Check = (verdict: Verdict, value: Fields, path: string) => void;

/** Admission takes every value. */
const takesAll: Check = () => undefined;

const checkString: Check = (verdict, value, path) => verdict.error(path, stringMatchProblem(value));
const checkPort: Check = (verdict, value, path) => verdict.error(path, optionalPortProblem(value));
const checkLabels: Check = (verdict, value, path) => verdict.error(path, ...labelsProblems(value));
/** Says nothing of the old way to name a Gateway. */
const checkGateways: Check = (verdict, value, path) => checkGatewayNames(verdict, value, path, { quiet: true });

const HTTP: { readonly [F in WrittenField]: Check } = {
  headers: (verdict, value, path) => {
    for (const [name, condition] of entries(value)) verdict.error(path, matchHeaderProblem(name), stringMatchProblem(condition));
  },
  withoutHeaders: (verdict, value, path) => {
    for (const [name, condition] of entries(value)) {
      verdict.error(path, matchHeaderProblem(name), condition?.regex === '*' ? undefined : stringMatchProblem(condition));
    }
  },
  uri: (verdict, value, path) => verdict.error(path, stringMatchProblem(value, { emptyPrefix: true })),
  scheme: checkString,
  method: checkString,
  authority: checkString,
  queryParams: (verdict, value, path) => {
    for (const [name, condition] of entries(value)) verdict.error(`${path}["${name}"]`, stringMatchProblem(condition));
  },
  port: checkPort,
  sourceLabels: checkLabels,
  gateways: checkGateways,
  sourceNamespace: (verdict, value, path) => {
    if (value && !isDnsLabel(value)) verdict.error(path, [`is '${value}', which is no namespace`, 'name one']);
  },
  ignoreUriCase: takesAll,
  name: takesAll,
  statPrefix: takesAll,
};

const CONNECTION: { readonly [F in Exclude<ConnectionMatchField, 'sniHosts'>]: Check } = {
  destinationSubnets: (verdict, value, path) => texts(value).forEach((subnet, i) => verdict.error(`${path}[${i}]`, subnetProblem(subnet))),
  port: checkPort,
  sourceLabels: checkLabels,
  gateways: checkGateways,
  sourceNamespace: takesAll,
  sourceSubnet: takesAll,
};

function check(checks: { readonly [field: string]: Check }, verdict: Verdict, match: Fields, path: string): void {
  for (const [field, of] of Object.entries(checks)) if (match[field] !== undefined) of(verdict, match[field], `${path}.${field}`);
}

/** What admission has against a match of HTTP requests. */
export function checkHttpMatch(verdict: Verdict, match: Fields, path: string): void {
  check(HTTP, verdict, match, path);
}

/** What admission has against a match of TCP connections. */
export function checkTcpMatch(verdict: Verdict, match: Fields, path: string): void {
  check(CONNECTION, verdict, match, path);
}

/** What admission has against a match of TLS connections, beside its server names. */
export function checkTlsConditions(verdict: Verdict, match: Fields, path: string): void {
  check({ ...CONNECTION, gateways: checkGatewayNames }, verdict, match, path);
}
