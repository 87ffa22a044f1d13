import { isDnsLabel, isAddress } from './hosts';
import type { Objection, Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import { re2Problem } from '../../traffic/re2';
import type { Fields } from '../fields';
import { entries, items } from '../fields';

const MILLISECOND = 1e6;

/** A duration of whole milliseconds, at least one. An unset one is none of this check's business. */
export function durationProblem(value: Fields): Objection {
  if (value === undefined || value === null) return undefined;
  const nanoseconds = parseDuration(value);
  if (nanoseconds === undefined) return [`is '${String(value)}', which is no duration`, 'write one, such as 500ms, 5s or 1m30s'];
  if (nanoseconds < MILLISECOND) return [`is '${value}', less than a millisecond`, 'state at least 1ms, or leave it out'];
  return nanoseconds % MILLISECOND === 0 ? undefined : [`is '${value}', which is not in whole milliseconds`, 'state whole milliseconds'];
}

export function portProblem(port: Fields): Objection {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? undefined : [`is ${String(port ?? 0)}, which is no port`, 'use a port from 1 to 65535'];
}

/** A port of a match, for which 0 is none. */
export function optionalPortProblem(port: Fields): Objection {
  return port ? portProblem(port) : undefined;
}

export function percentProblem(percent: Fields): Objection {
  return percent !== undefined && percent !== null && (percent < 0 || percent > 100) ? [`is ${percent}`, 'use a percentage from 0 to 100'] : undefined;
}

export function nonNegativeProblem(value: Fields): Objection {
  return value < 0 ? [`is ${value}`, 'use 0 or more'] : undefined;
}

const LABEL_KEY = /^([a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*\/)?((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;
const LABEL_VALUE = /^((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export function labelsProblems(labels: Fields): Objection[] {
  return entries(labels).flatMap(([key, value]): Objection[] => {
    const parts = LABEL_KEY.exec(key);
    const good = parts && (parts[1] ?? '').length <= 254 && parts[2].length <= 63;
    return [
      good ? undefined : [`has the key '${key}', which is no label's`, 'use letters, digits, \'-\', \'_\' and \'.\', behind an optional DNS name and \'/\''],
      LABEL_VALUE.test(value) ? undefined : [`has the value '${value}' for '${key}', which is no label's`, 'use letters, digits, \'-\', \'_\' and \'.\''],
    ];
  });
}

/** A selector of workloads: no empty names, no wildcards. */
export function checkSelector(verdict: Verdict, selector: Fields, path: string, field: 'labels' | 'matchLabels'): void {
  if (selector === undefined) return;
  const labels = entries(selector[field]);
  for (const [key, value] of labels) {
    if (key === '') verdict.error(`${path}.${field}`, ['has an empty key', 'name the label']);
    if (key.includes('*') || value.includes('*')) verdict.error(`${path}.${field}`, [`has '${key}=${value}'`, 'name the whole label; selectors know no wildcards']);
  }
  if (labels.length === 0) verdict.warn(path, ['selects nothing in particular, and so every workload of the namespace', 'state labels, or leave the selector out']);
}

/** To which namespaces an object is exported. */
export function checkExportTo(verdict: Verdict, spec: Fields, namespace: string, kind: 'ServiceEntry' | 'other', selected = false): void {
  const stated: string[] = items(spec.exportTo) as string[];
  if (stated.length === 0) return;
  const seen = new Set<string>();
  stated.forEach((entry, i) => {
    const key = entry === '.' ? namespace : entry;
    if (seen.has(key)) {
      verdict.error(`spec.exportTo[${i}]`, [`repeats '${entry}'`, 'state each namespace once; \'.\' is its own']);
    } else if ((entry === '~' && kind === 'ServiceEntry') || key === '*' || isDnsLabel(key)) {
      seen.add(key);
    } else {
      verdict.error(`spec.exportTo[${i}]`, [`is '${entry}', which is no namespace`, 'name one, or write \'*\' for all or \'.\' for its own']);
    }
  });
  if (selected && seen.size > 0 && !(seen.size === 1 && seen.has(namespace))) {
    verdict.error('spec.exportTo', ['exports a DestinationRule for selected workloads', 'leave exportTo out: with a workloadSelector it concerns its own namespace alone']);
  }
  if (seen.has('*') && stated.length > 1) verdict.error('spec.exportTo', ['names \'*\' and others', 'leave the others out; \'*\' is every namespace']);
  if (seen.has('~') && stated.length > 1) verdict.error('spec.exportTo', ['names \'~\' and others', 'write \'~\' alone, which is nobody, or leave it out']);
}

/** A regex as Envoy's RE2 takes it. */
export function regexProblem(regex: string): Objection {
  if (regex === '') return ['is an empty regex', 'state the regex that the whole value has to match'];
  if (Buffer.byteLength(regex) > 1024) return [`is a regex of ${regex.length} characters`, 'use at most 1024'];
  const problem = re2Problem('it', regex);
  return problem === undefined ? undefined : [`'${regex}' is not a valid RE2 regex`, 'correct it; RE2 supports neither look-around nor back-references'];
}

/** A match of a text. Whether an empty prefix is allowed depends on the field. */
export function stringMatchProblem(match: Fields, options: { readonly emptyPrefix?: boolean } = {}): Objection {
  if (match === undefined || match === null) return undefined;
  if (match.regex !== undefined) return regexProblem(match.regex);
  return match.prefix === '' && !options.emptyPrefix ? ['is an empty prefix', 'leave it out, or state {} for presence'] : undefined;
}

export function subnetProblem(subnet: string): Objection {
  const [address, bits, ...rest] = subnet.split('/');
  const most = address.includes(':') ? 128 : 32;
  const good = isAddress(address) && rest.length === 0
    && (bits === undefined || (/^(0|[1-9]\d*)$/.test(bits) && Number(bits) <= most && !address.includes('%')));
  return good ? undefined : [`'${subnet}' is neither an address nor a block of them`, 'use such as 10.0.0.1 or 10.0.0.0/24'];
}

/** A socket, behind `unix://`. */
export function socketProblem(path: string): Objection {
  if (path === '') return ['names no socket', 'write an absolute path'];
  return path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/')) ? undefined : [`'${path}' is no absolute path of a file`, 'write one'];
}
