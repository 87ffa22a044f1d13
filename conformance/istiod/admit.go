package main

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"

	"github.com/hashicorp/go-multierror"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
)

type admitCase struct {
	ID        string `json:"id"`
	Document  string `json:"document"`
	Namespace string `json:"namespace"`
}

type verdict struct {
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings,omitempty"`
}

// crdValidator reads Istio's CRDs; the file is named by the runner.
var crdValidator = sync.OnceValues(func() (*crd.Validator, error) {
	file := os.Getenv("ISTIO_CRDS")
	if file == "" {
		return nil, errors.New("ISTIO_CRDS names no CRD file")
	}
	return crd.NewValidatorFromFiles(file)
})

func admit(line []byte) (any, error) {
	var c admitCase
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	var head struct {
		typeMeta
		Metadata struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := yaml.Unmarshal([]byte(c.Document), &head); err != nil {
		return nil, err
	}
	answer := map[string]any{"id": c.ID, "kind": head.Kind, "name": head.Metadata.Name}
	if !strings.Contains(head.APIVersion, "istio.io/") {
		answer["admission"], answer["crd"] = verdict{Errors: []string{}}, verdict{Errors: []string{}}
		return answer, nil
	}
	answer["admission"] = admission(c)
	validator, err := crdValidator()
	if err != nil {
		return nil, err
	}
	answer["crd"] = verdict{Errors: split(validator.ValidateCustomResourceYAML(c.Document, nil))}
	return answer, nil
}

// admission is what istiod's validating webhook says.
func admission(c admitCase) verdict {
	result := verdict{Errors: []string{}}
	m, err := parseManifests(c.Document, c.Namespace)
	if err != nil {
		return verdict{Errors: []string{err.Error()}}
	}
	for _, config := range m.configs {
		schema, found := collections.Istio.FindByGroupVersionAliasesKind(config.GroupVersionKind)
		if !found {
			result.Errors = append(result.Errors, "unknown kind "+config.GroupVersionKind.String())
			continue
		}
		warnings, err := schema.ValidateConfig(config)
		result.Errors = append(result.Errors, split(err)...)
		result.Warnings = append(result.Warnings, split(warnings)...)
	}
	return result
}

func split(err error) []string {
	texts := []string{}
	if err == nil {
		return texts
	}
	var many *multierror.Error
	if errors.As(err, &many) {
		for _, one := range many.Errors {
			texts = append(texts, split(one)...)
		}
		return texts
	}
	return append(texts, err.Error())
}
