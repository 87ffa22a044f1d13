import { isIpAddress } from './ip-address';
import type { Problem } from './problem';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** The problem of a value that must be a string. JavaScript callers may pass anything. */
export function stringProblem(what: string, value: unknown): Problem {
  return typeof value === 'string' ? undefined : `${what} is ${String(value)}; use a string`;
}

/** The problem of a DNS-1123 label, such as the name of a subset, namespace or Service. */
export function dnsLabelProblem(what: string, value: string): Problem {
  return stringProblem(what, value) ?? (LABEL.test(value) ? undefined
    : `${what} '${value}' is not a DNS label; use at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit`);
}

/** Whether the last label of a host is a number, which Istio rejects because no top-level domain is one. */
export function endsInNumber(host: string): boolean {
  return /^[-+]?\d+$/.test(host.slice(host.lastIndexOf('.') + 1));
}

/** The problem of a Gateway's name. Istio reads the name of a Gateway in the namespace of a VirtualService as a host. */
export function gatewayNameProblem(what: string, value: string): Problem {
  return dnsLabelProblem(what, value) ?? (endsInNumber(value)
    ? `${what} '${value}' is a number, which Istio rejects as the name of a Gateway; use a name with a letter` : undefined);
}

/** The problem of an object's name: DNS labels joined by dots. */
export function objectNameProblem(what: string, value: string): Problem {
  return stringProblem(what, value) ?? (value.length <= 253 && value.split('.').every(label => LABEL.test(label)) ? undefined
    : `${what} '${value}' is not a valid Kubernetes name; use at most 253 lower-case letters, digits, '-' and '.'`);
}

/** The problem of a host: DNS labels, optionally with a leading wildcard label. */
export function hostProblem(what: string, value: string, options: { wildcard: boolean }): Problem {
  const problem = stringProblem(what, value);
  if (problem) return problem;
  if (value === '*') return options.wildcard ? undefined : `${what} '*' matches every host, which is not allowed here; use one host`;
  const labels = value.split('.');
  if (labels[0] === '*') {
    if (!options.wildcard) return `${what} '${value}' is a wildcard, which is not allowed here; use one host`;
    labels.shift();
  }
  if (value.length <= 255 && labels.length > 0 && labels.every(label => LABEL.test(label)) && !endsInNumber(value)) {
    return undefined;
  }
  return `${what} '${value}' is not a host name; use DNS labels joined by dots, without scheme, port or path, such as 'shop.example.com'`;
}

/** The problem of a fully qualified host: at least two labels. */
export function fqdnProblem(what: string, value: string, options: { wildcard: boolean }): Problem {
  return hostProblem(what, value, options) ?? (value === '*' || value.includes('.') ? undefined
    : `${what} '${value}' has no dot, so Istio would append a namespace; use the full host name`);
}

/** The problem of a fully qualified host or IP address. */
export function addressProblem(what: string, value: string): Problem {
  return isIpAddress(value) ? undefined : fqdnProblem(what, value, { wildcard: false });
}

/** The problem of a prefix for Envoy's statistic names. */
export function statPrefixProblem(what: string, value: string): Problem {
  return stringProblem(what, value) ?? (/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(value) ? undefined
    : `${what} '${value}' is not valid in the name of a statistic; use letters, digits, '_' and '-', in parts joined by dots`);
}

export function headerNameProblem(what: string, value: string): Problem {
  if (value === '__proto__') return `${what} '${value}' is not possible as a key of a JavaScript object; use another name`;
  if (HEADER.test(value)) return undefined;
  return value.startsWith(':')
    ? `${what} '${value}' is a pseudo-header; use a header name`
    : `${what} '${value}' is not an HTTP header name; use letters, digits and '-'`;
}

export function cookieNameProblem(what: string, name: string): Problem {
  return HEADER.test(name) && name !== '__proto__' ? undefined : `${what} '${name}' is not a cookie name; use letters, digits and '-'`;
}

export function labelsProblem(what: string, labels: { readonly [key: string]: string }): Problem {
  if (Object.keys(labels).length === 0) return `${what} is empty; add at least one label`;
  for (const key of Object.keys(labels)) {
    if (!LABEL_KEY.test(key)) {
      return `${what} has the key '${key}', which is not a Kubernetes label key; use at most 63 letters, digits, '-', '_' and '.', after an optional DNS name and '/'`;
    }
    if (!LABEL_VALUE.test(labels[key])) {
      return `${what} has the value '${labels[key]}' for '${key}', which is not a Kubernetes label value; use at most 63 letters, digits, '-', '_' and '.'`;
    }
  }
  return undefined;
}

/** A construct id as an object name: kebab-case, with only the characters that Kubernetes allows. */
export function kebab(id: string): string {
  if (/^[A-Z]?[a-z0-9]+$/.test(id)) return id.toLowerCase();
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2').toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
}
