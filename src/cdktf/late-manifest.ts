/**
 * A value that the Terraform CDK asks for when it synthesizes. Both cdktf and cdktn know such a value by its methods, so that neither has to be imported.
 */
export class LateManifest {
  public readonly creationStack: string[] = [];

  constructor(private readonly produce: () => unknown) {}

  public resolve(): unknown {
    return this.produce();
  }

  public toString(): string {
    return 'a manifest of Kubernetes, rendered at synth';
  }

  public toJSON(): unknown {
    return this.produce();
  }
}
