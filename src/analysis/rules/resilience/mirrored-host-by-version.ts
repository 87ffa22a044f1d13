import { changesInUpgrade } from '../../facts/version-changes';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'mirrored-host-by-version',
  codes: [],
  severity: 'info',
  subjects: ['VirtualService'],
  title: 'The Host of mirrored requests depends on the version of Istio',
  effect: 'The mirror sees `-shadow` at the end of the Host or not, depending on the version of istiod.',
  example: { upgradesFrom: '1.24', words: 'with `upgradesFrom: \'1.24\'`' },
  check(object, report, index) {
    if (!changesInUpgrade(index, 'keepsShadowHost')) return;
    object.spec?.http?.forEach(({ mirror, mirrors = [] }, r) => {
      const field = mirror ? 'mirror' : mirrors.length > 0 ? 'mirrors' : undefined;
      if (field === undefined) return;
      report(`spec.http[${r}].${field}`, `Istio ${index.upgradesFrom} appends '-shadow' to the Host of mirrored requests; Istio 1.28 and `
        + 'later do not',
      'let the mirror recognize its traffic by something else, or run istiod with DISABLE_SHADOW_HOST_SUFFIX=false');
    });
  },
});
