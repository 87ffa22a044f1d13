import { isIP } from 'node:net';
import type { Objection } from './verdict';
import { endsInNumber } from '../../traffic/name';

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LABEL_LENGTH = 63;
const HOST_LENGTH = 255;
/** The names that istiod makes for clusters behind an AUTO_PASSTHROUGH gateway begin so. */
const GENERATED = 'outbound_';

/** A DNS label, in which Istio takes capital letters too. */
export function isDnsLabel(text: string): boolean {
  return text.length <= LABEL_LENGTH && LABEL.test(text);
}

export function isAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/** What is wrong with the labels of a host. The last may be empty, as in `istio.io.`. */
function labelsProblem(host: string): Objection {
  const labels = host.split('.');
  const last = labels[labels.length - 1];
  if (endsInNumber(host)) return [`ends with the number '${last}', as no host name does`, 'correct the host'];
  const wrong = labels.find((label, i) => !isDnsLabel(label) && !(label === '' && i === labels.length - 1));
  return wrong === undefined ? undefined : [`has '${wrong}', which is not a valid DNS label`,
    'use letters, digits and \'-\', without scheme, port or path'];
}

function lengthProblem(host: string): Objection {
  if (host === '') return ['is empty', 'name the host'];
  return Buffer.byteLength(host) > HOST_LENGTH ? [`has ${host.length} characters`, `use at most ${HOST_LENGTH}`] : undefined;
}

function prefixed(host: string, objection: Objection): Objection {
  return objection && [`'${host}' ${objection[0]}`, objection[1]];
}

/** What is wrong with a host name in full, without a wildcard. */
export function fqdnProblem(host: string): Objection {
  return prefixed(host, lengthProblem(host) ?? labelsProblem(host));
}

/** What is wrong with the hosts that were asked for: the destinations of a VirtualService mostly name one host. */
const judged = new Map<string, Objection>();
const MOST_JUDGED = 10_000;

/** What is wrong with a host name whose first label may be or begin with a wildcard. */
export function wildcardHostProblem(host: string): Objection {
  if (judged.has(host)) return judged.get(host);
  if (judged.size >= MOST_JUDGED) judged.clear();
  const problem = findWildcardHostProblem(host);
  judged.set(host, problem);
  return problem;
}

function findWildcardHostProblem(host: string): Objection {
  const [first, ...rest] = host.split('.');
  const problem = lengthProblem(host);
  if (problem) return prefixed(host, problem);
  if (first.length > LABEL_LENGTH || !WILDCARD_LABEL.test(first)) {
    return prefixed(host, [`has '${first}', which is not a valid DNS label`,
      'use letters, digits and \'-\', without scheme, port or path, and \'*\' only at the beginning']);
  }
  return rest.length === 0 ? undefined : prefixed(host, labelsProblem(rest.join('.')));
}

/** What is wrong with a host of a VirtualService at a gateway, where TLS routes may name what istiod made. */
export function gatewayHostProblem(host: string, sni: boolean): Objection {
  if (!sni || !host.startsWith(GENERATED)) return wildcardHostProblem(host);
  const problem = lengthProblem(host);
  if (problem) return prefixed(host, problem);
  const parts = host.split('_');
  const well = parts.length >= 4 && /\d/.test(parts[1]) && /[a-zA-Z]/.test(parts[3]);
  return well ? undefined : [`'${host}' does not have the form outbound_.<port>_._.<host>`, 'correct it'];
}

/** What is wrong with a wildcard inside a label, which Istio's gateways and sidecars do not know. */
export function partialWildcardProblem(host: string): Objection {
  return host.includes('*') && host.length !== 1 && !host.startsWith('*.')
    ? [`'${host}' has a wildcard inside a label`, 'make the wildcard the whole first label, as in *.example.com']
    : undefined;
}

/** What is wrong with `namespace/host`, as gateways and sidecars have it; gateways take a host alone too. */
export function scopedHostProblems(text: string, at: 'gateway' | 'sidecar'): Objection[] {
  const slash = text.indexOf('/');
  if (slash < 0) {
    return at === 'gateway' ? hostPartProblems(text,
      at) : [[`'${text}' has no namespace`, 'write namespace/host, with \'*\' for every namespace or \'.\' for the object\'s own']];
  }
  const [namespace, host] = [text.slice(0, slash), text.slice(slash + 1)];
  if (namespace === '' || host === '') {
    return [[`'${text}' has an empty namespace or host`, 'write namespace/host'], ...hostPartProblems(host, at)];
  }
  const name = at === 'sidecar' ? namespace.replace(/^~/, '') : namespace;
  const known = name === '*' || name === '.' || (at === 'sidecar' && name === '') || isDnsLabel(name);
  return [known ? undefined : [`'${namespace}' is not a valid namespace name`,
    'name a namespace, or write \'*\' for all or \'.\' for the object\'s own'], ...hostPartProblems(host, at)];
}

function hostPartProblems(host: string, at: 'gateway' | 'sidecar'): Objection[] {
  return [
    host !== '*' && !host.includes('.') ? [`'${host}' is a short name`, 'write the host in full'] : undefined,
    at === 'gateway' && isAddress(host) ? undefined : wildcardHostProblem(host),
    partialWildcardProblem(host),
  ];
}
