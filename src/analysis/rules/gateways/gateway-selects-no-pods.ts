import { selectorText } from '../../../manifest/labels';
import { selectorOf } from '../../facts/gateways';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'gateway-selects-no-pods',
  codes: ['IST0101', 'KIA0302'],
  severity: 'error',
  subjects: ['Gateway'],
  needs: ['Workload'],
  title: 'A Gateway\'s selector matches no pod',
  effect: 'No proxy has the listener.',
  example: { complete: true, words: 'in an input that is complete' },
  check(object, report, index) {
    if (index.workloads.mayHave(selectorOf(object))) return;
    report('spec.selector', `no pod has the labels ${selectorText(selectorOf(object)) || '(none)'}, so no proxy serves this Gateway`,
      'use the labels of the ingress gateway\'s pods, such as istio: ingressgateway, or add its Deployment', {
        absent: { kind: 'gateway pods' },
      });
  },
});
