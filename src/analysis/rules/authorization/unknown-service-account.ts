import { serviceAccountOf } from '../../../manifest/pod-template';
import { attributesOf } from '../../facts/access-values';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'unknown-service-account',
  codes: ['KIA0106'],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'A rule names a service account that no pod has',
  effect: 'No caller has this identity: ALLOW lets no call in by it, and DENY denies none.',
  check(object, report, index) {
    const own = index.namespaceOf(object);
    for (const { key, values, notValues, path, notPath } of attributesOf(object)) {
      const read = READERS[key];
      if (!read) continue;
      const check = (value: string, place: string) => {
        const account = read(value, own);
        if (account === undefined || isInUse(account, index)) return;
        report(place, `no pod in '${account.namespace}' has the service account '${account.name}', so no caller is '${value}'`,
          `use an account of the callers' pods, or set serviceAccountName: ${account.name} in the pod template of the callers`,
          { absent: { kind: 'service account', ...account } });
      };
      values.forEach((value, i) => check(value, `${path}[${i}]`));
      notValues.forEach((value, i) => check(value, `${notPath}[${i}]`));
    }
  },
});

interface Account {
  readonly namespace: string;
  readonly name: string;
}

type Reader = (value: string, own: string) => Account | undefined;

/** An account in full, `TRUST_DOMAIN/ns/NAMESPACE/sa/NAME`. */
const ofPrincipal: Reader = value => {
  const [, namespace, name] = /^(?:\*|[^*/]+)\/ns\/([^*/]+)\/sa\/([^*/]+)$/.exec(value) ?? [];
  return namespace === undefined ? undefined : { namespace, name };
};

/** An account of the policy's own namespace, or `NAMESPACE/NAME`. */
const ofAccount: Reader = (value, own) => {
  const [namespace, name] = value.includes('/') ? value.split('/') : [own, value];
  return namespace && name ? { namespace, name } : undefined;
};

const READERS: { readonly [key: string]: Reader | undefined } = {
  'principals': ofPrincipal, 'source.principal': ofPrincipal, 'serviceAccounts': ofAccount, 'source.serviceAccount': ofAccount,
};

/** Whether pods have an account, or may have it: one for which the input has a ServiceAccount, or of pods of which only facts tell. */
function isInUse({ namespace, name }: Account, index: TrafficIndex): boolean {
  const { accounts, open } = index.memo(accountsInUse);
  return accounts.has(`${namespace}/${name}`) || open.has(namespace);
}

function accountsInUse(index: TrafficIndex) {
  const { all } = index.workloads;
  const stated = index.manifests.filter(({ kind }) => kind === 'ServiceAccount').map(object => index.nameOf(object));
  return {
    accounts: new Set([...stated, ...all.map(({ namespace, spec }) => `${namespace}/${serviceAccountOf(spec)}`)]),
    open: new Set(all.filter(({ object }) => index.isFact(object)).map(({ namespace }) => namespace)),
  };
}
