import { changesInUpgrade } from '../../facts/version-changes';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'default-retries-by-version',
  codes: [],
  severity: 'info',
  subjects: ['VirtualService'],
  title: 'The default retries depend on the version of Istio',
  effect: 'Envoy retries a response of 503 or not, depending on the version of istiod.',
  example: { upgradesFrom: '1.23', words: 'with `upgradesFrom: \'1.23\'`' },
  check(object, report, index) {
    if (!changesInUpgrade(index, 'retries') || index.meshConfig.defaultHttpRetryPolicy) return;
    const first = (object.spec?.http ?? []).findIndex(({ retries, route = [] }) => retries === undefined && route.length > 0);
    if (first < 0) return;
    report(`spec.http[${first}]`, `without \`retries\`, Istio ${index.upgradesFrom} retries a call that was answered with 503; Istio 1.24 `
      + 'and later do not',
    'if you want these retries, set retries with retryOn, such as connect-failure,refused-stream,503');
  },
});
