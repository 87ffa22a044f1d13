import type { Condition } from '../plan/model/access';
import { accepted, acceptedArgument } from '../traffic/accepted';
import { whenProblem } from '../traffic/access-attributes';
import { accessStringProblem } from '../traffic/access-operation';
import { headerNameProblem } from '../traffic/name';
import { objectionProblem } from '../traffic/objection';
import type { Problem } from '../traffic/problem';
import type { StringMatch } from '../traffic/string-match';

/**
 * A condition of an access statement: an attribute of the request has one of some values.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/
 */
export class AccessCondition {
  /** A header of the request. `StringMatch.present()` also matches an empty header. Only for HTTP ports. */
  public static header(name: string, values: StringMatch[]): AccessCondition {
    [name, values] = accepted('AccessCondition.header', [name, values]);
    return matching('AccessCondition.header', `request.headers[${name}]`, values, headerNameProblem('AccessCondition.header', name));
  }

  /**
   * A claim of the token that a TokenAuthentication verified: a string, or one element of a list of strings. Numbers and booleans never
   * match. Only for HTTP ports.
   *
   * @param path the name of the claim, after the names of the objects that contain it.
   */
  public static claim(path: string[], values: StringMatch[]): AccessCondition {
    [path, values] = accepted('AccessCondition.claim', [path, values]);
    const bad = path.find(name => /^$|[[\]]/.test(name));
    const problem = path.length === 0 ? 'the path of AccessCondition.claim is an empty list; add the name of the claim'
      : bad === undefined ? undefined : `the path of AccessCondition.claim contains '${bad}'; use names without '[' and ']'`;
    return matching('AccessCondition.claim', `request.auth.claims${path.map(name => `[${name}]`).join('')}`, values, problem, true);
  }

  /** An audience of the token (`aud`). Only for HTTP ports. */
  public static audience(values: StringMatch[]): AccessCondition {
    values = acceptedArgument('AccessCondition.audience', values);
    return matching('AccessCondition.audience', 'request.auth.audiences', values, undefined, true);
  }

  /** The authorized presenter of the token (`azp`). Only for HTTP ports. */
  public static presenter(values: StringMatch[]): AccessCondition {
    values = acceptedArgument('AccessCondition.presenter', values);
    return matching('AccessCondition.presenter', 'request.auth.presenter', values, undefined, true);
  }

  /** The server name of the TLS handshake. Connections in plaintext have none. */
  public static serverName(values: StringMatch[]): AccessCondition {
    values = acceptedArgument('AccessCondition.serverName', values);
    return matching('AccessCondition.serverName', 'connection.sni', values, undefined, false, false);
  }

  /** The address of the called pod, as IP addresses or CIDR blocks. */
  public static destinationIp(blocks: string[]): AccessCondition {
    blocks = acceptedArgument('AccessCondition.destinationIp', blocks);
    const problem = blocks.length === 0 ? empty('AccessCondition.destinationIp')
      : objectionProblem('AccessCondition.destinationIp', whenProblem('destination.ip', blocks));
    return new AccessCondition({ key: 'destination.ip', values: sorted(blocks), isNegated: false }, problem, false, false);
  }

  /** @internal */
  public static _matching(
    what: string, key: string, values: readonly StringMatch[], problem: Problem, readsToken: boolean, readsRequest: boolean,
  ): AccessCondition {
    const wrong = problem ?? (values.length === 0 ? empty(what) : undefined)
      ?? values.map(value => accessStringProblem(what, value)).find(found => found !== undefined);
    const texts = wrong === undefined ? values.map(textOf) : [];
    const refused = wrong ?? objectionProblem(what, whenProblem(key, texts));
    return new AccessCondition({ key, values: sorted(texts), isNegated: false }, refused, readsToken, readsRequest);
  }

  private constructor(
    /** @internal */
    public readonly _condition: Condition,
    private readonly problem: Problem,
    /** @internal */
    public readonly _readsToken: boolean,
    /** @internal */
    public readonly _readsRequest: boolean,
  ) {}

  /** The opposite: the attribute has none of the values, or is missing. */
  public negated(): AccessCondition {
    const { _condition: condition } = this;
    return new AccessCondition({ ...condition, isNegated: !condition.isNegated }, this.problem, this._readsToken, this._readsRequest);
  }

  /** @internal */
  public _problem(): Problem {
    return this.problem;
  }
}

function matching(
  what: string, key: string, values: readonly StringMatch[], problem: Problem, readsToken = false, readsRequest = true,
): AccessCondition {
  return AccessCondition._matching(what, key, values, problem, readsToken, readsRequest);
}

function empty(what: string): string {
  return `${what} has an empty list of values, which nothing meets; add a value`;
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function textOf({ kind, value }: StringMatch): string {
  return kind === 'present' ? '*' : kind === 'prefix' ? `${value}*` : value;
}
