import { credentialsOf } from '../../facts/gateway-credentials';
import { secretsToCome } from '../../facts/secrets-to-come';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-gateway-credential',
  codes: ['IST0101'],
  severity: 'error',
  subjects: ['Gateway'],
  needs: ['Secret', 'Workload'],
  title: 'A Gateway names a Secret that does not exist in the namespace of its pods',
  effect: 'The listener waits for its certificate: TLS handshakes fail.',
  check(object, report, index) {
    for (const { name, key, namespace, path, secret } of credentialsOf(object, index)) {
      if (secret || index.memo(secretsToCome).has(key)) continue;
      const elsewhere = index.of('Secret').find(({ metadata }) => metadata.name === name);
      report(path, `Secret '${name}' does not exist in '${namespace}', where the gateway's pods run, so TLS connections fail`,
        elsewhere ? `move Secret ${index.nameOf(elsewhere)} to '${namespace}'` : `add the Secret to '${namespace}' (not to the namespace `
          + 'of the Gateway object)', { absent: { kind: 'Secret', key } });
    }
  },
});
