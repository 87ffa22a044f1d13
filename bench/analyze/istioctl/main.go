// Command istioctl has the two commands that the bench compares: analyze and validate.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"istio.io/istio/istioctl/pkg/analyze"
	"istio.io/istio/istioctl/pkg/cli"
	"istio.io/istio/istioctl/pkg/validate"
)

func main() {
	root := &cobra.Command{Use: "istioctl", SilenceUsage: true}
	root.SetArgs(os.Args[1:])
	options := cli.AddRootFlags(root.PersistentFlags())
	ctx := cli.NewCLIContext(options)
	root.AddCommand(analyze.Analyze(ctx))
	root.AddCommand(validate.NewValidateCommand(ctx))
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
