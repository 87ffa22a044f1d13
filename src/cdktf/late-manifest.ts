/**
 * A value that the Terraform CDK resolves at synth. cdktf and cdktn both recognize it by its methods, so neither must be imported.
 */
export class LateManifest {
  public readonly creationStack: string[] = [];

  constructor(private readonly produce: () => unknown) {}

  public resolve(): unknown {
    return this.produce();
  }

  public toString(): string {
    return 'a Kubernetes manifest, rendered at synth';
  }

  public toJSON(): unknown {
    return this.produce();
  }
}
