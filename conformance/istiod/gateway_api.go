package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/schema/gatewayapi"
	"istio.io/istio/pkg/config/schema/gvr"
	kubelib "istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/test"
)

// gatewayAPI is the group of the kinds that istiod's gateway controller converts.
const gatewayAPI = "gateway.networking.k8s.io/"

func init() {
	// The fake API server states no version of its CRDs, and istiod ignores kinds whose CRD is too old.
	clear(gatewayapi.MinimumCRDVersions)
}

// gatewaySchemas are the schemas of the Gateway API's CRDs by kind; the folder is named by the runner.
var gatewaySchemas = sync.OnceValues(func() (map[string]*structuralschema.Structural, error) {
	folder := os.Getenv("GATEWAY_API_CRDS")
	if folder == "" {
		return nil, errors.New("GATEWAY_API_CRDS names no folder of CRDs")
	}
	files, err := filepath.Glob(filepath.Join(folder, "gateway.networking.k8s.io_*.yaml"))
	if err != nil {
		return nil, err
	}
	schemas := map[string]*structuralschema.Structural{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		crd := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(text, crd); err != nil {
			return nil, err
		}
		for _, version := range crd.Spec.Versions {
			if version.Schema == nil {
				continue
			}
			internal := &apiextensions.JSONSchemaProps{}
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, internal, nil); err != nil {
				return nil, err
			}
			schema, err := structuralschema.NewStructural(internal)
			if err != nil {
				return nil, err
			}
			schemas[version.Name+"/"+crd.Spec.Names.Kind] = schema
		}
	}
	return schemas, nil
})

// asStored is a document as an API server stores it: in a namespace, with a creation time and, for the Gateway API, with the CRD's defaults.
func asStored(meta typeMeta, document, defaultNamespace string) (string, error) {
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		return "", err
	}
	metadata, found := object["metadata"].(map[string]any)
	if !found {
		return "", fmt.Errorf("%s has no metadata", meta.Kind)
	}
	if metadata["namespace"] == nil && meta.Kind != "GatewayClass" && meta.Kind != "Namespace" {
		metadata["namespace"] = defaultNamespace
	}
	if metadata["creationTimestamp"] == nil {
		metadata["creationTimestamp"] = appliedAt.Format("2006-01-02T15:04:05Z")
	}
	if version, isGatewayAPI := strings.CutPrefix(meta.APIVersion, gatewayAPI); isGatewayAPI {
		schemas, err := gatewaySchemas()
		if err != nil {
			return "", err
		}
		schema, found := schemas[version+"/"+meta.Kind]
		if !found {
			return "", fmt.Errorf("no CRD of %s %s", meta.APIVersion, meta.Kind)
		}
		defaulting.PruneNonNullableNullsWithoutDefaults(object, schema)
		defaulting.Default(object, schema)
	}
	stored, err := json.Marshal(object)
	return string(stored), err
}

// withGatewayCRDs adds the CRDs of the Gateway API that istiod's fake API server lacks.
func withGatewayCRDs(t test.Failer) func(c kubelib.Client) {
	return func(c kubelib.Client) {
		clienttest.MakeCRD(t, c, gvr.BackendTLSPolicy)
		clienttest.MakeCRD(t, c, gvr.ListenerSet)
		clienttest.MakeCRD(t, c, gvr.WorkloadEntry)
	}
}
