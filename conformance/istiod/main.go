// Command istiod answers what Istio's own code makes of manifests: JSON lines in, JSON lines out.
//
//	istiod translate [-harness light|full] [-o FILE]   what istiod would send a proxy
//	istiod admit [-o FILE]                             the verdict of the admission webhook and of the CRDs
//	istiod analyze [-o FILE]                           the messages of `istioctl analyze`
//	istiod yaml [-o FILE]                              how Kubernetes reads YAML
//	istiod read [-o FILE]                              the objects that Kubernetes reads in a stream of documents
//	istiod bench [-o FILE]                             how long istiod takes for a proxy, warm
//	istiod messages [-o FILE]                          the messages of Envoy's API that istiod knows, with their fields
//
// Istio logs to standard output, hence -o.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"istio.io/istio/pkg/log"
)

// answerer makes one answer of one line; an error goes into the answer of its own line.
type answerer func(line []byte) (any, error)

func main() {
	if len(os.Args) < 2 {
		fatal("usage: istiod translate|admit|analyze|yaml|read|bench|messages [-harness light|full] [-o FILE] < cases.jsonl")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	harness := flags.String("harness", "light", "light or full (FakeDiscoveryServer)")
	out := flags.String("o", "", "write the answers to this file")
	_ = flags.Parse(os.Args[2:])

	quiet()
	var answer answerer
	switch os.Args[1] {
	case "translate":
		answer = func(line []byte) (any, error) { return translate(line, *harness) }
	case "admit":
		answer = admit
	case "analyze":
		answer = analyze
	case "yaml":
		answer = readYAML
	case "read":
		answer = readStream
	case "bench":
		answer = bench
	case "messages":
		answer = func([]byte) (any, error) { return map[string]any{"id": "messages", "messages": messages()}, nil }
	default:
		fatal("unknown mode " + os.Args[1] + "; use translate, admit, analyze, yaml, read, bench or messages")
	}
	var sink io.Writer = os.Stdout
	if *out != "" {
		file, err := os.Create(*out)
		if err != nil {
			fatal(err.Error())
		}
		defer file.Close()
		sink = file
	}
	if err := answerAll(os.Stdin, sink, answer); err != nil {
		fatal(err.Error())
	}
}

func answerAll(in io.Reader, out io.Writer, answer answerer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriter(out)
	defer writer.Flush()
	encoder := json.NewEncoder(writer)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			if e := encoder.Encode(guarded(line, answer)); e != nil {
				return e
			}
			if e := writer.Flush(); e != nil {
				return e
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// guarded turns errors and panics into the answer of their line, so that one bad case never costs the others.
func guarded(line []byte, answer answerer) (result any) {
	var head struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(line, &head)
	defer func() {
		if r := recover(); r != nil {
			result = map[string]any{"id": head.ID, "error": fmt.Sprint(r)}
		}
	}()
	result, err := answer(line)
	if err != nil {
		return map[string]any{"id": head.ID, "error": err.Error()}
	}
	return result
}

func quiet() {
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	options.SetDefaultOutputLevel(log.DefaultScopeName, log.NoneLevel)
	_ = log.Configure(options)
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
}

func fatal(message string) {
	fmt.Fprintln(os.Stderr, "istiod: "+message)
	os.Exit(2)
}
