import { BUNDLE_VERSION, unreadKind } from '../../../gateway-api/crd-versions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'old-gateway-api-crd',
  codes: ['IST0176'],
  severity: 'warning',
  subjects: ['CustomResourceDefinition'],
  title: 'A CRD of the Gateway API is older than istiod requires',
  effect: 'istiod does not read the objects of the kind, and writes no status: routes of the kind do not exist for proxies.',
  check(object, report) {
    const unread = unreadKind(object);
    if (!unread) return;
    const { [BUNDLE_VERSION]: version } = object.metadata.annotations ?? {};
    report(version === undefined ? 'metadata' : 'metadata.annotations', `${version === undefined ? 'the CRD states no version'
      : `the CRD has version ${version}`}, and istiod requires ${unread.least} at least, so it does not read any ${unread.kind}`,
    'install the CRDs of a newer Gateway API');
  },
});
