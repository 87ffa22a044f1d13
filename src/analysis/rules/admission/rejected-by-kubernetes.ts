import { readManifests } from '../../../manifest/manifest';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rejected-by-kubernetes',
  codes: [],
  severity: 'error',
  subjects: [
    'Service',
    'Pod',
    'Deployment',
    'StatefulSet',
    'ReplicaSet',
    'ReplicationController',
    'DaemonSet',
    'Job',
    'CronJob',
    'Namespace',
    'Secret',
  ],
  title: 'The API server rejects an object of Kubernetes',
  effect: 'The cluster never gets the object: the API server rejects it when you apply it, and the previous version stays.',
  check(object, report, index) {
    for (const { path, cause, repair } of readManifests([index.sourceOf(object)]).refused) {
      report(path, `${path} ${cause.split('; ')[0]}`, repair);
    }
  },
});
