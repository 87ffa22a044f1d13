import { isDnsLabel, isAddress } from './hosts';
import type { Objection, Verdict } from './verdict';
import { isInWhole, parseDuration } from '../../manifest/duration';
import type { StringMatch } from '../../manifest/istio-specs.generated';
import type { Labels } from '../../manifest/labels';
import { regexObjection } from '../../traffic/re2';

const MILLISECOND = 1e6;

/** What is wrong with a duration: it must be at least one whole millisecond. An unset one is not judged. */
export function durationProblem(value: string | undefined): Objection {
  if (value === undefined) return undefined;
  const nanoseconds = parseDuration(value);
  if (nanoseconds === undefined) return [`is '${value}', which is not a valid duration`, 'write a duration, such as 500ms, 5s or 1m30s'];
  if (nanoseconds < MILLISECOND) return [`is '${value}', which is less than a millisecond`, 'set at least 1ms, or remove it'];
  return isInWhole(MILLISECOND, value) ? undefined : [`is '${value}', which is not in whole milliseconds`, 'set whole milliseconds'];
}

export function portProblem(port: number | undefined): Objection {
  return Number.isInteger(port) && port! >= 1 && port! <= 65535
    ? undefined
    : [`is ${port ?? 0}, which is not a valid port`, 'use a port from 1 to 65535'];
}

/** What is wrong with the port of a match, for which 0 is none. */
export function optionalPortProblem(port: number | undefined): Objection {
  return port ? portProblem(port) : undefined;
}

/** What is wrong with a percentage; an unset one is not judged. */
export function percentageProblem(percent = 0): Objection {
  return percent < 0 || percent > 100 ? [`is ${percent}`, 'use a percentage from 0 to 100'] : undefined;
}

export function nonNegativeProblem(value = 0): Objection {
  return value < 0 ? [`is ${value}`, 'use 0 or more'] : undefined;
}

const LABEL_PREFIX = /^[a-z\d](?:[-a-z\d]*[a-z\d])?(?:\.[a-z\d](?:[-a-z\d]*[a-z\d])?)*\/$/i;
const LABEL_NAME = /^(?:[a-z\d][-\w.]*)?[a-z\d]$/i;
const LABEL_VALUE = /^((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LONGEST_PREFIX = 254;
const LONGEST_NAME = 63;

function isLabelKey(key: string): boolean {
  const at = key.indexOf('/') + 1;
  const [prefix, name] = [key.slice(0, at), key.slice(at)];
  const hasValidPrefix = prefix === '' || (prefix.length <= LONGEST_PREFIX && LABEL_PREFIX.test(prefix));
  return hasValidPrefix && name.length <= LONGEST_NAME && LABEL_NAME.test(name);
}

export function labelsProblems(labels: Labels = {}): Objection[] {
  return Object.entries(labels).flatMap(([key, value]): Objection[] => {
    return [
      isLabelKey(key) ? undefined : [`has the key '${key}', which is not a valid label key`,
        'use letters, digits, \'-\', \'_\' and \'.\', after an optional DNS name and \'/\''],
      LABEL_VALUE.test(value) ? undefined : [`has the value '${value}' for '${key}', which is not a valid label value`,
        'use letters, digits, \'-\', \'_\' and \'.\''],
    ];
  });
}

/** A selector of workloads: kinds have its labels in one field or the other. */
interface Selector {
  readonly labels?: Labels;
  readonly matchLabels?: Labels;
}

/** Checks a selector: it has no empty keys and no wildcards. */
export function checkSelector(verdict: Verdict, selector: Selector | undefined, path: string, field: keyof Selector): void {
  if (selector === undefined) return;
  const labels = selector[field] ?? {};
  for (const [key, value] of Object.entries(labels)) {
    if (key === '') verdict.error(`${path}.${field}`, ['has an empty key', 'name the label']);
    if (key.includes('*') || value.includes('*')) {
      verdict.error(`${path}.${field}`, [`has '${key}=${value}'`, 'write the whole label; selectors have no wildcards']);
    }
  }
  if (Object.keys(labels).length === 0) {
    verdict.warn(path, ['is empty, so it selects every workload of the namespace', 'set labels, or remove the selector']);
  }
}

/** Where an object is exported to. */
interface Exported {
  readonly exportTo?: readonly string[];
}

/**
 * Checks to which namespaces an object is exported. Only a ServiceEntry may have `~`, for no namespace. An object with a selector is for
 * its own namespace.
 */
export function checkExportTo(verdict: Verdict, { exportTo = [] }: Exported, namespace: string,
  { mayHide = false, selects = false } = {}): void {
  if (exportTo.length === 0) return;
  const seen = new Set<string>();
  exportTo.forEach((entry, i) => {
    const key = entry === '.' ? namespace : entry;
    if (seen.has(key)) {
      verdict.error(`spec.exportTo[${i}]`, [`repeats '${entry}'`, 'name each namespace once; \'.\' is the object\'s own']);
    } else if ((entry === '~' && mayHide) || key === '*' || isDnsLabel(key)) {
      seen.add(key);
    } else {
      verdict.error(`spec.exportTo[${i}]`, [`is '${entry}', which is not a valid namespace name`,
        'name a namespace, or write \'*\' for all or \'.\' for the object\'s own']);
    }
  });
  if (selects && seen.size > 0 && !(seen.size === 1 && seen.has(namespace))) {
    verdict.error('spec.exportTo', ['exports a DestinationRule with a workloadSelector',
      'remove exportTo: with a workloadSelector the DestinationRule is for its own namespace alone']);
  }
  if (seen.has('*') && exportTo.length > 1) {
    verdict.error('spec.exportTo', ['has \'*\' and other entries', 'remove the others; \'*\' is every namespace']);
  }
  if (seen.has('~') && exportTo.length > 1) {
    verdict.error('spec.exportTo', ['has \'~\' and other entries', 'write \'~\' alone, for no namespace, or remove it']);
  }
}

/** What is wrong with a StringMatch. Whether an empty prefix is allowed depends on the field. */
export function stringMatchProblem({ regex, prefix }: StringMatch, options: { readonly emptyPrefix?: boolean } = {}): Objection {
  if (regex !== undefined) return regexObjection(regex);
  return prefix === '' && !options.emptyPrefix ? ['is an empty prefix', 'remove it, or write {} for presence'] : undefined;
}

export function subnetProblem(subnet: string): Objection {
  const [address, bits, ...rest] = subnet.split('/');
  const most = address.includes(':') ? 128 : 32;
  const isSubnet = isAddress(address) && rest.length === 0
    && (bits === undefined || (/^(0|[1-9]\d*)$/.test(bits) && Number(bits) <= most && !address.includes('%')));
  return isSubnet ? undefined : [`'${subnet}' is neither an IP address nor a CIDR block`, 'write one, such as 10.0.0.1 or 10.0.0.0/24'];
}

/** What is wrong with the path of a socket, after `unix://`. */
export function socketProblem(path: string): Objection {
  if (path === '') return ['names no socket', 'write an absolute path'];
  return path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))
    ? undefined
    : [`'${path}' is not an absolute path`, 'write an absolute path'];
}
