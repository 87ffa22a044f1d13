import { parseGateway } from './gateway-name';
import type { CallerFields, InvariantFields, InvariantsFields, RequestsFields, TargetFields } from './invariant';
import { parseDuration } from '../manifest/duration';
import type { ValueProblem } from '../manifest/value-problem';
import { parseServiceAccount } from '../simulator/access/caller';
import { re2Problem } from '../traffic/re2';

type Path = ValueProblem['path'];

const KINDS = ['never', 'always', 'egress'] as const;
const DEMANDS = ['reach', 'timeout', 'retries', 'share'] as const;

/** What is wrong with invariants whose fields have their types. */
export function statementProblem({ invariants }: InvariantsFields): ValueProblem | undefined {
  const names = new Map<string, number>();
  for (const [i, invariant] of invariants.entries()) {
    const path = ['invariants', i];
    const other = names.get(invariant.name);
    if (other !== undefined) {
      return { path: [...path, 'name'], message: `is '${invariant.name}', the name of invariants[${other}] too; use another name` };
    }
    names.set(invariant.name, i);
    const problem = invariantProblem(invariant, path);
    if (problem) return problem;
  }
  return undefined;
}

function invariantProblem(invariant: InvariantFields, path: Path): ValueProblem | undefined {
  const stated = KINDS.filter(kind => invariant[kind] !== undefined);
  if (stated.length !== 1) {
    const has = stated.length === 0 ? 'has no statement' : `has ${stated.join(' and ')}`;
    return { path, message: `${has}; use one of ${KINDS.join(', ')}` };
  }
  const { never, always, egress } = invariant;
  const [kind] = stated;
  const own = [...path, kind];
  const { from = [], except = [] } = invariant[kind]!;
  const ofCallers = listProblem(from, [...own, 'from'], callerProblem) ?? listProblem(except, [...own, 'except'], callerProblem);
  if (ofCallers) return ofCallers;
  if (never) return targetProblem(never.to, [...own, 'to']) ?? requestsProblem(never.requests ?? {}, [...own, 'requests']);
  if (egress) return parseGateway(egress.through) ? undefined : gatewayProblem(egress.through, [...own, 'through']);
  return requestsProblem(always!.requests, [...own, 'requests']) ?? demandProblem(always!, own);
}

function demandProblem(always: NonNullable<InvariantFields['always']>, path: Path): ValueProblem | undefined {
  const { reach, timeout, share } = always;
  if (DEMANDS.every(demand => always[demand] === undefined)) return { path, message: `demands nothing; add one of ${DEMANDS.join(', ')}` };
  if (timeout && !((parseDuration(timeout.atMost) ?? 0) > 0)) {
    const message = `is '${timeout.atMost}', but must be a duration above 0; write one such as 5s or 250ms`;
    return { path: [...path, 'timeout', 'atMost'], message };
  }
  if (share && share.atMost === undefined && share.atLeast === undefined) {
    return { path: [...path, 'share'], message: 'has neither atMost nor atLeast; add one of them, in percent' };
  }
  if (share && (share.atLeast ?? 0) > (share.atMost ?? 100)) {
    return { path: [...path, 'share'], message: `has atLeast ${share.atLeast}, which is above atMost ${share.atMost}; swap them` };
  }
  return (reach && targetProblem(reach, [...path, 'reach'])) ?? (share && targetProblem(share.to, [...path, 'share', 'to']));
}

function listProblem<T>(items: readonly T[], path: Path, of: (item: T, path: Path) => ValueProblem | undefined): ValueProblem | undefined {
  for (const [i, item] of items.entries()) {
    const problem = of(item, [...path, i]);
    if (problem) return problem;
  }
  return undefined;
}

function callerProblem({ namespace, labels, serviceAccount, gateway }: CallerFields, path: Path): ValueProblem | undefined {
  const stated = Object.entries({ namespace, serviceAccount, gateway }).filter(([, value]) => value !== undefined).map(([field]) => field);
  if (stated.length !== 1) {
    return { path, message: `has ${stated.join(' and ') || 'no caller'}; use one of namespace, serviceAccount, gateway` };
  }
  if (labels && namespace === undefined) {
    return { path: [...path, 'labels'], message: `are allowed only with namespace, not with ${stated[0]}; remove them` };
  }
  if (gateway !== undefined && !parseGateway(gateway)) return gatewayProblem(gateway, [...path, 'gateway']);
  if (serviceAccount !== undefined && !parseServiceAccount(serviceAccount)) {
    return { path: [...path, 'serviceAccount'], message: `is '${serviceAccount}'; write NAMESPACE/NAME, such as shop/webapp` };
  }
  return undefined;
}

function gatewayProblem(gateway: string, path: Path): ValueProblem {
  return { path, message: `is '${gateway}'; write NAMESPACE/KEY=VALUE, such as istio-system/istio=ingressgateway` };
}

function targetProblem({ host, namespace, subset, port }: TargetFields, path: Path): ValueProblem | undefined {
  if (host !== undefined && namespace !== undefined) {
    return { path, message: `has host '${host}' and namespace '${namespace}'; use one of them` };
  }
  if (host === undefined && namespace === undefined) return { path, message: 'has no destination; add host or namespace' };
  if (host !== undefined) return undefined;
  const needless = subset === undefined ? (port === undefined ? undefined : 'port') : 'subset';
  return needless === undefined ? undefined : { path: [...path, needless], message: 'is allowed only with host, not with namespace; remove it' };
}

function requestsProblem({ match = [] }: RequestsFields, path: Path): ValueProblem | undefined {
  for (const [i, one] of match.entries()) {
    const at = [...path, 'match', i];
    for (const field of ['uri', 'method', 'scheme', 'authority'] as const) {
      const condition = one[field];
      const problem = condition && stringMatchProblem(condition, [...at, field], false);
      if (problem) return problem;
    }
    for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
      for (const [name, condition] of Object.entries(one[field] ?? {})) {
        const own = [...at, field, name];
        const problem = stringMatchProblem(condition, own, true);
        if (problem) return problem;
      }
    }
  }
  return undefined;
}

function stringMatchProblem(condition: object, path: Path, mayBeEmpty: boolean): ValueProblem | undefined {
  const stated = Object.entries(condition) as [string, string][];
  if (stated.length > 1) {
    return { path, message: `has ${stated.map(([field]) => field).join(' and ')}; use one of exact, prefix, regex` };
  }
  if (stated.length === 0) return mayBeEmpty ? undefined : { path, message: 'has no condition; use one of exact, prefix, regex' };
  const [[field, value]] = stated;
  const wrong = field === 'regex' ? re2Problem('regex', value) : undefined;
  return wrong === undefined ? undefined : { path: [...path, field], message: `is not a regex of RE2: ${wrong}` };
}
