import { OF_GATEWAYS } from './gateway-labels';
import type { NotJudged } from './not-judged';
import type { Lacks } from './outside-input';
import { OutsideInput } from './outside-input';
import type { PodSet, Population } from './population';
import type { Reach } from './reach';
import type { UnreadItem } from './unread-item';
import type { Proxy } from '../envoy/proxy';
import { groupBy } from '../manifest/group-by';
import { hostsOverlap } from '../manifest/host-name';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';

/** What an answer is about. */
export interface Question {
  /** The hosts that are asked for, as the caller writes them. @default every host */
  readonly asked?: readonly string[];
  /** The hosts, in full, of the services that get the request. @default every service */
  readonly taking?: readonly string[];
  /** What the answer lacks. @default nothing */
  readonly lacks?: Lacks;
  /** The port that is asked for. @default every port */
  readonly port?: number;
  /** Whether nothing that is read answers the request. @default false */
  readonly isUnanswered?: boolean;
  /** Whether the answer takes into account what the pods themselves accept, as far as their labels are known. @default false */
  readonly readsInbound?: boolean;
  /** Whether the request is sent by automatic mutual TLS: encrypted where the endpoint has a sidecar, else not. @default false */
  readonly hasAutomaticTls?: boolean;
}

/** What the input is known to have all of. */
export interface InputExtent {
  /** Whether nothing exists beside it. */
  readonly isComplete: boolean;
  /** Whether it has every pod. */
  readonly hasAllPods: boolean;
}

/** What of all that is not read reaches one caller, and which of its answers that may change. */
export class CallerEdge {
  private readonly own: PodSet;
  /** Items with the reaches that hold for this caller, whatever it asks. */
  private readonly sending: readonly UnreadItem[];
  private readonly taking: readonly UnreadItem[];
  private readonly voids: readonly UnreadItem[];

  public constructor(
    private readonly caller: Proxy, items: readonly UnreadItem[],
    private readonly population: Population, private readonly clusterDomain: string, private readonly input: InputExtent,
  ) {
    this.own = population.of(caller.namespace, caller.labels ?? {});
    this.sending = withReaches(items, reach => reach.side === 'sending' && this.isOwn(reach));
    this.taking = withReaches(items, reach => reach.side === 'taking' && !(reach.isReadByWaypoint && caller.type === 'waypoint'));
    this.voids = withReaches(this.sending, ({ decides, answersOthers }) => decides === true || answersOthers === true);
  }

  /** What may change an answer; first what makes it void. */
  public notJudged({
    asked,
    taking,
    lacks,
    hasAutomaticTls = false,
    readsInbound = false,
    ...about
  }: Question = {}): readonly NotJudged[] {
    const names = asked && this.inFull(asked);
    const { port } = about;
    const voids = this.voidsOf(names, about);
    // Where nothing is decided, the services of the names that are asked for may get the request.
    const served = names && voids.length > 0 ? names.filter(host => this.population.knows(host)) : taking;
    const takers = served?.flatMap(host => this.population.serving(host));
    const isVoid = new Set(voids.map(({ name, what }) => `${what} ${name}`));
    const items = [
      ...withReaches(this.sending, reach => isAsked(reach, names, port)),
      ...withReaches(this.taking, reach => !(reach.withoutAutomaticTls && hasAutomaticTls) && this.isTaking(reach, served, takers))
        .filter(item => !(readsInbound && item.isReadInbound && takers && this.isDecided(item, takers))),
    ].filter(({ name, what }) => !isVoid.has(`${what} ${name}`));
    const deciding = grouped(voids).map((entry): NotJudged => ({ ...entry, decides: true }));
    return [...deciding, ...grouped(items), ...this.outside(lacks, asked, port)];
  }

  /** What may change an answer about the connections that the pods themselves take. */
  public inbound(): readonly NotJudged[] {
    return grouped(
      withReaches(this.taking, reach => reach.hosts === undefined && this.isOwn(reach)).filter(({ isReadInbound }) => !isReadInbound),
    );
  }

  /** What an answer lacks and may lie outside the input. */
  private outside(lacks: Lacks | undefined, asked: readonly string[] = [], port: number | undefined): readonly NotJudged[] {
    if (lacks === undefined) return [];
    const { isComplete, hasAllPods } = this.input;
    return new OutsideInput(this.population, isComplete, hasAllPods).of(lacks, { hosts: this.inFull(asked), port }, this.caller.type);
  }

  /** Whether a host certainly has no pod: the input has every pod, and the selectors of the host's services take none, or idle ones. */
  public isWithoutPods(host: string): boolean {
    if (this.population.hasEmptyEntries(host)) return true;
    const serving = this.input.hasAllPods && this.population.knows(host) ? this.population.serving(host) : [];
    const hasNone = ({ labels, pods }: PodSet) => Object.keys(labels).length > 0 && pods.every(pod => this.population.isIdle(pod));
    return serving.length > 0 && serving.every(hasNone) && !this.population.mayServe(host, {});
  }

  /** Whether a running cluster may have endpoints of a host with some labels, where the manifests have none. */
  public mayServe(host: string, labels: Labels): boolean {
    return this.population.mayServe(host, labels);
  }

  /** Whether nothing of an answer about some hosts is known to hold. */
  public isVoid({ asked = [], ...about }: Question): boolean {
    return this.voidsOf(this.inFull(asked), about).length > 0;
  }

  /** Whether some answer is void. */
  public get canVoid(): boolean {
    return this.voids.length > 0;
  }

  /** What makes an answer void: what may answer in its place, else what decides. Together, that covers all pods that the caller may be. */
  private voidsOf(names: readonly string[] | undefined, { port, isUnanswered }: Question): readonly UnreadItem[] {
    if (this.voids.length === 0) return [];
    const isForAll = ({ hosts, port: only }: Reach) => hosts === undefined && only === undefined;
    const found = withReaches(this.voids, reach => (names ? isAsked(reach, names, port) : isForAll(reach)));
    const others = isUnanswered ? withReaches(found, ({ answersOthers }) => answersOthers === true) : [];
    if (others.length > 0) return others;
    const items = withReaches(found, ({ decides }) => decides === true);
    const { pods, labels } = this.own;
    const isCovered = (pod: Labels) => items.some(({ reaches }) => (
      reaches.some(({ selector = {}, except }) => selects(selector, pod) && !hasAny(pod, except))));
    // A caller without labels may be a pod without a manifest.
    const callers = pods.length > 0 && Object.keys(labels).length > 0 ? pods : [labels, ...pods];
    return items.length > 0 && callers.every(isCovered) ? items : [];
  }

  /** The names that a caller's host may stand for. */
  private inFull(hosts: readonly string[]): readonly string[] {
    const domains = [`${this.caller.namespace}.svc.${this.clusterDomain}`, `svc.${this.clusterDomain}`, this.clusterDomain];
    return hosts.map(host => (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase())
      .flatMap(host => [host, ...domains.map(domain => `${host}.${domain}`)]);
  }

  /** Whether the labels that are known decide which of some pods an object selects; of a gateway, also whether it selects the caller. */
  private isDecided({ reaches }: UnreadItem, takers: readonly PodSet[]): boolean {
    const asked = this.caller.type === 'gateway' ? [...takers, { ...this.own, pods: [] }] : takers;
    return reaches.every(reach => asked.every(pods => isDecided(pods, reach)));
  }

  private isTaking(reach: Reach, hosts: readonly string[] | undefined, takers: readonly PodSet[] | undefined): boolean {
    if (this.caller.type === 'gateway' && reach.hosts === undefined && this.isOwn(reach)) return true;
    if (hosts === undefined || takers === undefined) return true;
    if (reach.hosts !== undefined) return haveCommon(reach.hosts, hosts);
    return takers.some(pods => isWithin(pods, reach));
  }

  private isOwn(reach: Reach): boolean {
    return (reach.proxies === undefined || reach.proxies === this.caller.type) && isWithin(this.own, reach, this.caller.type === 'gateway');
  }
}

/** Items as entries of an answer, one for all that is of one kind. */
export function grouped(items: readonly UnreadItem[]): readonly NotJudged[] {
  const groups = groupBy(items, ({ what, changes }) => `${what}: ${changes}`);
  return [...groups.values()].map(group => {
    const [{ what, changes }] = group;
    return { what, changes, objects: [...new Set(group.map(({ name }) => name))] };
  });
}

/** The items with those of their reaches that hold; none without any. */
function withReaches(items: readonly UnreadItem[], holds: (reach: Reach) => boolean): readonly UnreadItem[] {
  return items.flatMap(item => {
    const reaches = item.reaches.filter(holds);
    return reaches.length === 0 ? [] : [reaches.length === item.reaches.length ? item : { ...item, reaches }];
  });
}

/**
 * Whether a reach may hold for some of the pods. For pods without a manifest it may unless a label that is known contradicts it, or
 * it selects gateways and the pods are none.
 */
function isWithin({ namespace, pods, labels }: PodSet, { namespace: stated, selector = {}, except }: Reach, areGateways = false): boolean {
  if (stated !== undefined && stated !== namespace) return false;
  if (pods.length > 0) return pods.some(pod => selects(selector, pod) && !hasAny(pod, except));
  const mayHave = (key: string) => areGateways || !OF_GATEWAYS.has(key);
  return !hasAny(labels, except)
    && Object.entries(selector).every(([key, value]) => (Object.hasOwn(labels, key) ? labels[key] === value : mayHave(key)));
}

/** Whether the labels that are known decide whether a reach holds for pods. */
function isDecided({ namespace, pods, labels }: PodSet, { namespace: stated, selector = {} }: Reach): boolean {
  if (pods.length > 0 || (stated !== undefined && stated !== namespace)) return true;
  const terms = Object.entries(selector);
  return (
    terms.every(([key]) => Object.hasOwn(labels, key)) || terms.some(([key, value]) => Object.hasOwn(labels, key) && labels[key] !== value)
  );
}

function hasAny(labels: Labels, except: Labels = {}): boolean {
  return Object.entries(except).some(([key, value]) => labels[key] === value);
}

function isAsked({ hosts, port }: Reach, names: readonly string[] | undefined, asked: number | undefined): boolean {
  return haveCommon(hosts, names) && (port === undefined || asked === undefined || port === asked);
}

function haveCommon(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  return some === undefined || others === undefined || some.some(a => others.some(b => hostsOverlap(a, b)));
}
