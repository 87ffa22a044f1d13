import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import { hostAndWildcards, wildcardsOver } from '../host-lookup';
import type { StatedPolicy } from '../stated-policies';
import { partsOf, statedPolicies, subsetNamesOf } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** The namespaces of the services that a host stands for. */
function homesOf(index: TrafficIndex, host: string): ReadonlySet<string> {
  const whole = /^\*\.([^.]+)\.svc\./.exec(host);
  return new Set(whole ? [whole[1]] : index.registry.named(host).map(({ namespace }) => namespace));
}

/** A wildcard is known if it holds a host that is. */
function isKnown(index: TrafficIndex, held: ReadonlySet<string>, host: string, scopes: readonly string[]): boolean {
  return index.isApiServer(host) || (isWildcard(host) && held.has(host)) || index.registry.find(host, scopes) !== undefined;
}

const unknownDestinationRuleHost: TrafficRule = {
  id: 'unknown-destination-rule-host',
  codes: ['IST0174', 'KIA0202'],
  severity: 'warning',
  needs: ['Service'],
  title: 'A DestinationRule is for a host that no Service or ServiceEntry has',
  check(index, report) {
    const policies = statedPolicies(index);
    const held = new Set(policies.some(({ host }) => isWildcard(host)) ? index.registry.hosts.flatMap(({ host }) => wildcardsOver(host)) : []);
    for (const { object, host, namespace } of policies) {
      if (isKnown(index, held, host, index.scopesOf(object))) continue;
      const written = String(object.spec.host);
      const [name, other] = written.split('.');
      const meant = other === undefined ? undefined : index.registry.named(index.fullHost(name, other))[0];
      report(object, 'spec.host', `no Service or ServiceEntry has the host '${host}', so that this DestinationRule has no effect`,
        meant ? `write the whole name, '${meant.host}': Istio completes only names without a dot`
          : `correct the name${written.includes('.') ? '' : ` (a short name is looked up in the DestinationRule's own namespace, '${namespace}')`}, or add what has the host`);
    }
  },
};

const thirdNamespace: TrafficRule = {
  id: 'destination-rule-in-third-namespace',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'A DestinationRule stands where the clients that it is meant for never look',
  check(index, report) {
    const { rootNamespace } = index.meshConfig;
    for (const { object, host, namespace, exportTo } of statedPolicies(index)) {
      const homes = homesOf(index, host);
      if (homes.size === 0 || homes.has(namespace) || namespace === rootNamespace) continue;
      const forOthers = exportTo.some(scope => scope !== '.' && scope !== namespace);
      const hasClients = index.workloads.all.length === 0 || index.workloads.in(namespace).length > 0;
      if (!forOthers && (exportTo.length > 0 || hasClients)) continue;
      const [home] = homes;
      report(object, forOthers ? 'spec.exportTo' : 'metadata.namespace',
        `clients look for DestinationRules in their own namespace, in '${home}' where the service is, and in '${rootNamespace}'; this one in '${namespace}' is seen by ${hasClients ? `clients in '${namespace}' alone, whatever exportTo says` : 'nobody, as no workload runs there'}`,
        `move it to namespace '${home}'`);
    }
  },
};

/** What clients lose where one DestinationRule stands before another. */
function lossOf(nearer: StatedPolicy, farther: StatedPolicy): string[] {
  const stated = new Set(partsOf(nearer.policy));
  const parts = partsOf(farther.policy).filter(part => !stated.has(part));
  const named = new Set(subsetNamesOf(nearer));
  const subsets = isWildcard(farther.host) ? [] : subsetNamesOf(farther).filter(name => !named.has(name)).map(name => `subset '${name}'`);
  return [...parts, ...subsets];
}

/** Those of which the clients that use one DestinationRule would use another, if the first were not there. */
function hiddenBy(index: TrafficIndex, all: readonly StatedPolicy[]): (nearer: StatedPolicy) => StatedPolicy[] {
  const { rootNamespace } = index.meshConfig;
  const byHost = groupBy(all.filter(({ hasSelector }) => !hasSelector), ({ host }) => host);
  // Only what lies inside a wildcard that is there is ever asked for.
  const hasWildcards = [...byHost.keys()].some(isWildcard);
  const held = hasWildcards ? [...byHost.values()].flat().flatMap(stated => wildcardsOver(stated.host).map(wildcard => ({ wildcard, stated }))) : [];
  const within = groupBy(held, ({ wildcard }) => wildcard);
  return nearer => {
    const { host, namespace } = nearer;
    const homes = homesOf(index, host);
    const rank = (stated: StatedPolicy) => {
      if (stated.namespace === namespace) return 0;
      if (homesOf(index, isWildcard(host) ? stated.host : host).has(stated.namespace)) return 1;
      return stated.namespace === rootNamespace ? 2 : 3;
    };
    const inside = isWildcard(host) ? within.get(host) ?? [] : [];
    const candidates = [...hostAndWildcards(host).flatMap(name => byHost.get(name) ?? []), ...inside.map(({ stated }) => stated)];
    return candidates.filter(other => {
      if (other.object === nearer.object) return false;
      if (other.namespace === namespace) return isWildcard(other.host) && (isWildcard(host) ? other.host.length < host.length : true);
      if (namespace === rootNamespace || rank(other) === 3) return false;
      // A namespace's own are tried before the service's, and those of the service before the mesh's.
      const visible = index.visibilityOf(other.object);
      return (homes.has(namespace) ? rank(other) === 2 : true) && (visible === 'all' || visible.has(namespace));
    });
  };
}

const hiddenDestinationRule: TrafficRule = {
  id: 'hidden-destination-rule',
  codes: ['KIA0201', 'KIA0204'],
  severity: 'warning',
  title: 'A nearer or more specific DestinationRule hides another one with settings that it lacks',
  check(index, report) {
    const all = statedPolicies(index);
    const hidden = hiddenBy(index, all);
    for (const nearer of all) {
      const usable = index.visibilityOf(nearer.object);
      if (nearer.hasSelector || (usable !== 'all' && usable.size === 0)) continue;
      const losses = hidden(nearer).map(farther => ({ farther, loss: lossOf(nearer, farther) })).filter(({ loss }) => loss.length > 0);
      if (losses.length === 0) continue;
      const text = losses.slice(0, 3).map(({ farther, loss }) => `${loss.join(', ')} of ${index.nameOf(farther.object)} ('${farther.host}')`).join('; ');
      report(nearer.object, 'spec', `its clients use this DestinationRule alone, and so without ${text}${losses.length > 3 ? ` and ${losses.length - 3} more` : ''}: nothing is inherited from one DestinationRule to another`,
        'state here too what has to hold, or remove this DestinationRule');
    }
  },
};

const unexportedHidesWildcard: TrafficRule = {
  id: 'unexported-destination-rule-hides-wildcard',
  codes: [],
  severity: 'warning',
  title: 'A DestinationRule that is exported to some namespaces keeps a wildcard\'s one from all others',
  check(index, report) {
    const all = statedPolicies(index).filter(({ hasSelector }) => !hasSelector);
    const byPlace = groupBy(all, ({ namespace, host }) => `${namespace}/${host}`);
    for (const { object, host, namespace, exportTo } of all) {
      if (exportTo.includes('*') || !exportTo.some(scope => scope !== '.' && scope !== namespace)) continue;
      const wildcards = wildcardsOver(host).flatMap(name => byPlace.get(`${namespace}/${name}`) ?? []);
      const wildcard = wildcards.find(other => index.visibilityOf(other.object) === 'all');
      if (!wildcard) continue;
      report(object, 'spec.exportTo', `for '${host}' clients in namespaces beyond ${exportTo.map(scope => `'${scope}'`).join(', ')} get neither this DestinationRule nor ${index.nameOf(wildcard.object)} for '${wildcard.host}': the most specific host is chosen before exportTo is looked at`,
        'export this one to all namespaces that call the host');
    }
  },
};

/** Rules about whose clients a DestinationRule reaches. */
export const DESTINATION_RULE_REACH_RULES: readonly TrafficRule[] = [
  unknownDestinationRuleHost, thirdNamespace, hiddenDestinationRule, unexportedHidesWildcard,
];
