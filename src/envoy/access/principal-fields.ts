import type { PrincipalField, RuleContext } from './rule-field';
import { anyStringMatcher, cidrRange, headerMatcher, peerMatcher, quoted, regex } from './value-matchers';
import type { StringMatcher, ValueMatcher } from '../xds/matcher';
import type { Principal } from '../xds/rbac';

/** The filter that verifies tokens, and the key under which it keeps their claims. */
const [JWT_FILTER, PAYLOAD] = ['envoy.filters.http.jwt_authn', 'payload'];
const PRESENT = regex('.+');

/** The identity of a caller: of its certificate, or what a waypoint's tunnel kept of it. */
function peer(name: StringMatcher, { isTunneled }: RuleContext): Principal {
  return isTunneled ? { filterState: { key: 'io.istio.peer_principal', stringMatch: name } } : { authenticated: { principalName: name } };
}

export const SOURCE_IP: PrincipalField = {
  one: value => {
    const directRemoteIp = cidrRange(value);
    return directRemoteIp && { directRemoteIp };
  },
};

export const REMOTE_IP: PrincipalField = {
  one: value => {
    const remoteIp = cidrRange(value);
    return remoteIp && { remoteIp };
  },
};

export const NAMESPACE: PrincipalField = {
  one: (value, context) => peer(regex(`.*/ns/${value.split('*').map(quoted).join('.*')}/.*`), context),
};

/** An account of the policy's namespace, or `NAMESPACE/ACCOUNT`. */
export const SERVICE_ACCOUNT: PrincipalField = {
  one: (value, context) => {
    const slash = value.indexOf('/');
    const [namespace, account] = slash < 0 ? [context.namespace, value] : [value.slice(0, slash), value.slice(slash + 1)];
    return peer(regex(`spiffe://.+/ns/${quoted(namespace)}/(.+/|)sa/${quoted(account)}(/.+)?`), context);
  },
};

export const TRUST_DOMAIN: PrincipalField = {
  one: (value, context) => {
    if (value === '*') return peer({ prefix: 'spiffe://' }, context);
    const star = value.indexOf('*');
    if (star < 0) return peer({ prefix: `spiffe://${value}/` }, context);
    return peer(regex(`spiffe://${quoted(value.slice(0, star))}[^/]*${quoted(value.slice(star + 1))}/.*`), context);
  },
};

export const PRINCIPAL: PrincipalField = { one: (value, context) => peer(peerMatcher(value), context) };

/** The issuer and the subject of a token, `ISSUER/SUBJECT`. */
export const REQUEST_PRINCIPAL: PrincipalField = {
  all: (values, { isTcp }) => {
    if (isTcp) return undefined;
    const ids = values.map(value => {
      const [issuer, subject] = issuerAndSubject(value);
      return { andIds: { ids: [claimOf('iss', issuer), claimOf('sub', subject)] } };
    });
    return ids.length === 1 ? ids[0] : { orIds: { ids } };
  },
};

function issuerAndSubject(value: string): readonly [StringMatcher, StringMatcher] {
  const slash = value.lastIndexOf('/');
  const [issuer, subject] = slash < 0 ? [value, ''] : [value.slice(0, slash), value.slice(slash + 1)];
  if (value === '*') return [PRESENT, PRESENT];
  if (value.startsWith('*')) {
    if (slash < 0) return [PRESENT, { suffix: value.slice(1) }];
    return [issuer === '*' ? PRESENT : { suffix: issuer.slice(1) }, { exact: subject }];
  }
  if (value.endsWith('*')) {
    if (slash < 0) return [{ prefix: value.slice(0, -1) }, PRESENT];
    return [{ exact: issuer }, subject === '*' ? PRESENT : { prefix: subject.slice(0, -1) }];
  }
  return [{ exact: issuer }, { exact: subject }];
}

function claimOf(name: string, stringMatch: StringMatcher): Principal {
  return { metadata: { filter: JWT_FILTER, path: [{ key: PAYLOAD }, { key: name }], value: { stringMatch } } };
}

export const AUDIENCE = claimField(() => ['aud']);
export const PRESENTER = claimField(() => ['azp']);
export const CLAIM = claimField(key => nestedNames(key.slice('request.auth.claims'.length)));

/** A claim of a token that is one of the values, or a list with one of them. */
function claimField(namesOf: (key: string) => readonly string[] | undefined): PrincipalField {
  return {
    all: (values, { isTcp }, key) => {
      const names = namesOf(key);
      if (isTcp || names === undefined) return undefined;
      const one = anyStringMatcher(values);
      const value: ValueMatcher = { orMatch: { valueMatchers: [{ listMatch: { oneOf: one } }, one] } };
      return { metadata: { filter: JWT_FILTER, path: [PAYLOAD, ...names].map(name => ({ key: name })), value } };
    },
  };
}

export const REQUEST_HEADER: PrincipalField = {
  one: (value, { isTcp }, key) => {
    const name = bracketed(key.slice('request.headers'.length));
    return isTcp || name === undefined ? undefined : { header: headerMatcher(name, value) };
  },
};

function bracketed(text: string): string | undefined {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : undefined;
}

/** The names in `[a][b]`; brackets that are no such list are one name. */
function nestedNames(text: string): readonly string[] | undefined {
  if (/^(?:\[[^[\]]*\])*$/.test(text)) return [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, name]) => name);
  const name = bracketed(text);
  return name === undefined ? undefined : [name];
}
