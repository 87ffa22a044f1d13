import { originatesTls, tlsSettingsOf } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'sni-without-subject-alt-names',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'TLS with `sni` but without `subjectAltNames` does not check the name in the certificate',
  effect: 'Envoy checks who signed the certificate, but not for which name: it accepts any certificate of a trusted authority.',
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    for (const { tls, path } of stated ? tlsSettingsOf(stated) : []) {
      const { sni, subjectAltNames = [], insecureSkipVerify } = tls;
      if (!originatesTls(tls) || insecureSkipVerify === true || !sni || subjectAltNames.length > 0) continue;
      report(`${path}.sni`, 'because sni is set, Envoy does not compare the name in the certificate with the host: it accepts any '
        + `certificate of a trusted authority for '${sni}'`,
      `add subjectAltNames: ['${sni}'], or remove sni, so that both follow the request's host`);
    }
  },
});
