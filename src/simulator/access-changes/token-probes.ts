import type { NamedCondition } from './named-values';
import { NamedValues } from './named-values';
import { StringProbes } from './string-probes';
import type { JwtProvider } from '../../envoy/xds/jwt-authn';
import type { MetadataMatcher, ValueMatcher } from '../../envoy/xds/matcher';
import type { Claims, Token } from '../token';

/** A token that a call has, in words. */
export interface ProbedToken {
  readonly words: string;
  readonly token: Token;
}

/** The maximum number of tokens with each combination of claims. */
const MOST = 24;
const JWT = 'envoy.filters.http.jwt_authn';

/** The tokens that rules tell apart: none, one that is not valid, and valid ones by their claims. */
export class TokenProbes {
  private readonly issuers = new Set<string>();
  private readonly audiences = new Set<string>();
  private readonly claims = new Map<string, { readonly names: readonly string[]; readonly values: StringProbes }>();
  private readsOthers = false;

  /** Adds the rule of an issuer. */
  public addProvider({ issuer = 'any-issuer', audiences = [] }: JwtProvider): void {
    this.issuers.add(issuer);
    audiences.forEach(audience => this.audiences.add(audience));
  }

  /** Adds a condition on a claim. */
  public addClaim({ filter, path, value }: MetadataMatcher): void {
    const names = path.slice(1).map(({ key }) => key);
    if (filter !== JWT || names.length === 0) {
      this.readsOthers = true;
      return;
    }
    const key = JSON.stringify(names);
    const known = this.claims.get(key) ?? { names, values: new StringProbes() };
    this.claims.set(key, known);
    stringsOf(value).forEach(condition => known.values.add(condition));
  }

  /** Whether the tokens stand for all others. A claim may be a list, of which several values are named. */
  public get isWhole(): boolean {
    const ofOthers = [...this.claims.values()].filter(({ names }) => names[0] !== 'iss');
    return !this.readsOthers && this.count <= MOST && ofOthers.every(({ values }) => values.isWhole && values.size <= 1);
  }

  public get tokens(): NamedValues<ProbedToken> {
    return new NamedValues(this.values, [
      { words: 'without a token', takes: ({ token }) => token === 'none' },
      { words: 'with an invalid token', takes: ({ token }) => token === 'invalid' },
      ...this.issuers.size > 1 ? [{ words: 'with a token', takes: ({ token }: ProbedToken) => typeof token === 'object' }] : [],
      ...[...this.issuers].flatMap(issuer => this.conditionsOf(issuer)),
    ]);
  }

  /** The conditions on the tokens of an issuer. */
  private conditionsOf(issuer: string): readonly NamedCondition<ProbedToken>[] {
    const claimsOf = ({ token }: ProbedToken) => (typeof token === 'object' && token.iss === issuer ? token : undefined);
    const start = `with a token of ${issuer}`;
    const audiences = [...this.audiences].map(audience => ({ words: `aud "${audience}"`, takes: ({ aud }: Claims) => aud === audience }));
    const claims = [...this.claims.values()].filter(({ names }) => names[0] !== 'iss').flatMap(({ names, values }) => {
      const claimOf = (all: Claims) => names.reduce<unknown>(inside, all);
      const name = names.join('.');
      return [
        { words: name, takes: (all: Claims) => claimOf(all) !== undefined },
        ...values.conditions.map(({ words, takes }) => (
          { words: `${name} "${words}"`, takes: (all: Claims) => takesClaim(claimOf(all), takes) })),
      ];
    });
    return [
      { words: start, takes: token => claimsOf(token) !== undefined },
      ...[...audiences, ...claims].map(({ words, takes }): NamedCondition<ProbedToken> => ({
        words: `${start} and ${words}`,
        asException: `those with ${words}`,
        takes: token => {
          const all = claimsOf(token);
          return all !== undefined && takes(all);
        },
      })),
    ];
  }

  private get values(): readonly ProbedToken[] {
    const none: ProbedToken = { words: '', token: 'none' };
    if (this.issuers.size === 0) return [none];
    const valid = [...this.issuers].flatMap(iss => this.combinations().map(claims => {
      const stated = Object.entries(claims).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
      return { words: `with a token of ${[iss, ...stated].join(' and ')}`, token: { iss, ...claims } };
    }));
    return [none, { words: 'with an invalid token', token: 'invalid' }, ...valid];
  }

  private get dimensions(): readonly (readonly Claims[])[] {
    const audiences = [...this.audiences].map((aud): Claims => ({ aud }));
    const stated = [...this.claims.values()].filter(({ names }) => names[0] !== 'iss').map(({ names, values }) => (
      [...values.values().map(value => nested(names, value)), {}]));
    return [...(audiences.length > 0 ? [[...audiences, { aud: 'another-audience' }]] : []), ...stated];
  }

  private get count(): number {
    return this.dimensions.reduce((product, values) => product * values.length, 1);
  }

  /** Each combination of claims; where there are too many, one claim at a time. */
  private combinations(): readonly Claims[] {
    const { dimensions } = this;
    if (this.count <= MOST) {
      const none: readonly Claims[] = [{}];
      return dimensions.reduce((found, values) => found.flatMap(some => values.map(more => ({ ...some, ...more }))), none);
    }
    const first = Object.assign({}, ...dimensions.map(values => values[0])) as Claims;
    return [first, ...dimensions.flatMap(values => values.map(value => ({ ...first, ...value })))];
  }
}

function inside(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Claims)[name] : undefined;
}

function takesClaim(value: unknown, takes: (text: string) => boolean): boolean {
  return typeof value === 'string' && takes(value);
}

function nested(names: readonly string[], value: unknown): Claims {
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Claims;
}

function stringsOf({ stringMatch, listMatch, orMatch }: ValueMatcher): readonly NonNullable<ValueMatcher['stringMatch']>[] {
  return [
    ...(stringMatch ? [stringMatch] : []),
    ...(listMatch ? stringsOf(listMatch.oneOf) : []),
    ...(orMatch?.valueMatchers ?? []).flatMap(stringsOf),
  ];
}
