import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client';

const WAIT_MS = 20_000;

/** A VirtualService that only the webhook refuses: its weights are all zero. */
const REFUSED = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'refused', namespace: 'default' },
  spec: { hosts: ['catalog'], http: [{ route: [{ destination: { host: 'a' }, weight: 0 }, { destination: { host: 'b' }, weight: 0 }] }] },
};

/** Registers istiod's webhook as the chart of its installation does, except for the address, and waits until the API server asks it. */
export async function registerWebhook(api: ApiClient, url: string, certificate: string): Promise<void> {
  await api.mustApply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'istio-validator-istio-system' },
    webhooks: [{
      name: 'rev.validation.istio.io',
      clientConfig: { url, caBundle: Buffer.from(certificate).toString('base64') },
      rules: [{
        operations: ['CREATE', 'UPDATE'],
        apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
        apiVersions: ['*'],
        resources: ['*'],
      }],
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    }],
  });
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const { status, body } = await api.apply(REFUSED, { dryRun: true });
    if (status >= 400 && /admission webhook "rev\.validation\.istio\.io" denied/.test(body.message)) return;
    if (performance.now() > deadline) throw new Error(`the API server does not ask the webhook: ${status} ${JSON.stringify(body).slice(0, 500)}`);
    await sleep(100);
  }
}
