import { movingPodsOf } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-plaintext-not-enforced',
  codes: [],
  severity: 'info',
  step: 'idle',
  subjects: ['PeerAuthentication'],
  title: 'A PeerAuthentication turns mutual TLS off',
  effect: 'ztunnel takes DISABLE for PERMISSIVE: it accepts plaintext, and mutual TLS of callers in ambient mode too.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `convertPeerAuthentication`',
  check(object, report, index) {
    const { mtls, portLevelMtls = {} } = object.spec ?? {};
    const port = Object.keys(portLevelMtls).find(each => portLevelMtls[each]?.mode === 'DISABLE');
    const path = mtls?.mode === 'DISABLE' ? 'spec.mtls.mode' : port === undefined ? undefined : `spec.portLevelMtls.${port}.mode`;
    const moving = path === undefined ? undefined : movingPodsOf(object, index);
    if (path === undefined || !moving) return;
    report(path, `ztunnel takes DISABLE for PERMISSIVE at pods in '${moving.where}'`, 'write PERMISSIVE', { absent: moving.absent });
  },
});
