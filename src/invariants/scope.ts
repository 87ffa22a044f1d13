import { parseGateway } from './gateway-name';
import type { CallerFields, CallersFields } from './invariant';
import { namedNamespaces } from './named-namespaces';
import { callerClasses } from '../diff/caller-classes';
import type { Caller } from '../diff/callers';
import { callersOf, describeCaller } from '../diff/callers';
import { selects } from '../manifest/labels';
import { parsePrincipal, parseServiceAccount, peerOf } from '../simulator/access/caller';
import type { ServiceAccount } from '../simulator/access/caller';
import type { Peer } from '../simulator/access/facts';
import type { MeshParts } from '../simulator/mesh-parts';

/** A service account of a caller. */
export interface Account {
  readonly peer: Peer;
  /** The account with which requests are sent. Undefined for the account of the pods, if the input does not have it. */
  readonly as?: Required<ServiceAccount>;
}

/** One caller with the accounts that it may have. */
export interface Member {
  readonly caller: Caller;
  readonly accounts: readonly Account[];
}

/** Callers that istiod sends the same configuration. */
export interface CallerGroup {
  readonly representative: Caller;
  readonly members: readonly Member[];
}

/** The namespace that stands for all of those that the input neither has nor names. */
const ELSEWHERE = 'elsewhere';

/** The callers of an invariant. */
export class Scope {
  /** Whether an identity is left out. */
  public readonly isExcepted: (identity: string) => boolean;
  private readonly known: readonly Caller[];
  private readonly members: readonly Member[];
  private readonly except: readonly CallerFields[];

  constructor(private readonly parts: MeshParts, { from, except = [] }: CallersFields) {
    this.except = except;
    this.known = callersOf(parts.objects, parts.defaultNamespace);
    const outside = excepted(except);
    this.isExcepted = identity => {
      const account = parsePrincipal(identity);
      return account !== undefined && outside.accounts.has(`${account.namespace}/${account.serviceAccount}`);
    };
    this.members = (from === undefined ? this.everyone() : from.flatMap(fields => this.callersOf(fields)))
      .filter(({ caller }) => !outside.has(caller))
      .map(member => ({ ...member, accounts: member.accounts.filter(({ peer }) => !this.isLeftOut(peer)) }))
      .filter(({ accounts }) => accounts.length > 0);
  }

  /** The callers, in groups of those with the same configuration. */
  public get groups(): readonly CallerGroup[] {
    const byName = new Map<string, Member[]>();
    for (const member of this.members) {
      const name = describeCaller(member.caller);
      byName.set(name, [...byName.get(name) ?? [], member]);
    }
    const callers = [...byName.values()].map(([{ caller }]) => caller);
    return callerClasses(callers, this.parts.objects, [this.parts.meshConfig]).map(({ representative, members }) => ({
      representative, members: members.flatMap(caller => byName.get(describeCaller(caller))!),
    }));
  }

  private isLeftOut(peer: Peer): boolean {
    return typeof peer === 'object' && !peer.isOpen && this.isExcepted(peer.id);
  }

  /** All callers. Unless the input is complete, those of namespaces that it does not have are among them. */
  private everyone(): Member[] {
    const known = new Set(this.known.map(({ namespace }) => namespace));
    const namespaces = this.parts.edge.isComplete ? [] : [...namedNamespaces(this.parts.objects), ELSEWHERE];
    const others = namespaces.filter(namespace => !known.has(namespace)).map((namespace): Caller => ({ type: 'sidecar', namespace }));
    return [...this.known, ...others].flatMap(caller => this.separate(caller)).map(caller => this.member(caller));
  }

  /** A caller; in a namespace of which some pods are left out by their labels, its pods one by one. */
  private separate(caller: Caller): readonly Caller[] {
    const isSplit = caller.type === 'sidecar' && this.except.some(({ namespace, labels }) => labels && namespace === caller.namespace);
    return isSplit ? this.parts.translator.sidecarsOf(caller).map(({ labels }) => ({ ...caller, labels })) : [caller];
  }

  private callersOf({ namespace, labels, serviceAccount, gateway }: CallerFields): Member[] {
    if (gateway !== undefined) return [this.member(parseGateway(gateway)!)];
    if (serviceAccount !== undefined) return this.ofAccount(parseServiceAccount(serviceAccount)!);
    const own: Caller = { type: 'sidecar', namespace: namespace!, ...(labels && { labels }) };
    if (labels) return this.parts.translator.sidecarsOf(own).map(({ labels: all }) => this.member({ ...own, labels: all }));
    const known = this.known.filter(caller => caller.type === 'sidecar' && caller.namespace === namespace);
    return (known.length > 0 ? known : [own]).flatMap(caller => this.separate(caller)).map(caller => this.member(caller));
  }

  private ofAccount(account: Required<ServiceAccount>): Member[] {
    const identity = this.identityOf(account);
    const known = this.known.filter(caller => caller.namespace === account.namespace
      && this.parts.translator.identitiesOf(caller).includes(identity));
    const callers: readonly Caller[] = known.length > 0 ? known : [{ type: 'sidecar', namespace: account.namespace }];
    return callers.map(caller => ({ caller, accounts: [{ peer: { id: identity }, as: account }] }));
  }

  private identityOf({ namespace, serviceAccount }: Required<ServiceAccount>): string {
    return `spiffe://${this.parts.translator.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }

  /** A caller with the accounts of its pods; where the input has none of them, with any account of its namespace. */
  private member(caller: Caller): Member {
    const { translator } = this.parts;
    const identities = translator.identitiesOf(caller);
    const accounts = identities.map((id): Account => ({ peer: { id }, as: parsePrincipal(id) }));
    return { caller, accounts: accounts.length > 0 ? accounts : [{ peer: peerOf({}, caller.namespace, [], translator.trustDomain) }] };
  }
}

/** Callers that are left out: sidecars and gateways as a whole, and single accounts. */
function excepted(fields: readonly CallerFields[]): { readonly has: (caller: Caller) => boolean; readonly accounts: ReadonlySet<string> } {
  const accounts = new Set(fields.flatMap(({ serviceAccount }) => serviceAccount ?? []));
  const has = (caller: Caller) => fields.some(({ namespace, labels = {}, gateway }) => {
    if (gateway !== undefined) return isGateway(caller, parseGateway(gateway)!);
    return namespace !== undefined && caller.type === 'sidecar' && caller.namespace === namespace && selects(labels, caller.labels ?? {});
  });
  return { has, accounts };
}

/** Whether a caller is a gateway. */
export function isGateway(caller: Caller, gateway: Caller): boolean {
  return caller.type === 'gateway' && caller.namespace === gateway.namespace && selects(caller.labels ?? {}, gateway.labels ?? {});
}
