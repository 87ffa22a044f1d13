import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App } from 'cdk8s';
import { LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { steps } from '../coolstore/steps';
import { TerraformManifests } from 'cdk8s-istio/cdktf';

/** The composed step of the walk-through, deployed by Terraform. */
export class CoolstoreStack extends TerraformStack {
  public readonly manifests: TerraformManifests;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new LocalBackend(this, { path: `terraform.${id}.tfstate` });
    new KubernetesProvider(this, 'kubernetes', { configPath: '~/.kube/config' });
    // The constructs are in an App of cdk8s. The objects that it would write into files become resources.
    const coolstore = new App();
    steps.find(({ name }) => name === '20-composed')!.build(coolstore);
    this.manifests = new TerraformManifests(this, 'Coolstore', {
      source: coolstore,
      fieldManager: { name: 'coolstore' },
      optionsFor: ({ kind }) => (kind === 'Deployment' ? { wait: { rollout: true } } : undefined),
    });
  }
}
