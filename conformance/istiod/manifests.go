package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/test/util/yml"
)

// manifests is what a case holds, by what istiod does with it.
type manifests struct {
	configs     []config.Config
	services    []*corev1.Service
	deployments []*appsv1.Deployment
	namespaces  []*corev1.Namespace
	// managed are the Services that istiod makes for Gateways.
	managed []*corev1.Service
	// stored are the objects that istiod's gateway controller reads, as documents of an API server.
	stored []string
	// usesGatewayAPI is whether they include objects of the Gateway API.
	usesGatewayAPI bool
}

// appliedAt is the one creation time of all that states none: as after one `kubectl apply`, ties are broken by name.
var appliedAt = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type typeMeta struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

func parseManifests(text, defaultNamespace string) (*manifests, error) {
	result := &manifests{}
	for i, document := range yml.SplitString(text) {
		var meta typeMeta
		if err := yaml.Unmarshal([]byte(document), &meta); err != nil {
			return nil, fmt.Errorf("document %d: %v", i+1, err)
		}
		if err := result.add(meta, document, defaultNamespace); err != nil {
			return nil, fmt.Errorf("document %d (%s): %v", i+1, meta.Kind, err)
		}
	}
	for _, made := range result.managed {
		isSame := func(service *corev1.Service) bool {
			return service.Name == made.Name && service.Namespace == made.Namespace
		}
		if !slices.ContainsFunc(result.services, isSame) {
			result.services = append(result.services, made)
		}
	}
	return result, nil
}

func (m *manifests) add(meta typeMeta, document, defaultNamespace string) error {
	orDefault := func(namespace *string) {
		if *namespace == "" {
			*namespace = defaultNamespace
		}
	}
	isGatewayAPI := strings.HasPrefix(meta.APIVersion, gatewayAPI)
	if isGatewayAPI || meta.Kind == "ServiceEntry" || meta.Kind == "WorkloadEntry" || meta.APIVersion == "v1" && (meta.Kind == "Secret" || meta.Kind == "ConfigMap") {
		stored, err := asStored(meta, document, defaultNamespace)
		if err != nil {
			return err
		}
		if meta.Kind == "Gateway" && isGatewayAPI {
			var service *corev1.Service
			if stored, service, err = asRunning(stored); err != nil {
				return err
			}
			if service != nil {
				m.managed = append(m.managed, service)
			}
		}
		m.stored = append(m.stored, stored)
		m.usesGatewayAPI = m.usesGatewayAPI || isGatewayAPI
	}
	switch {
	case strings.Contains(meta.APIVersion, "istio.io/"):
		configs, unknown, err := crd.ParseInputs(document)
		if err != nil {
			return err
		}
		if len(unknown) > 0 {
			return fmt.Errorf("istiod does not know %s %s", meta.APIVersion, meta.Kind)
		}
		for _, c := range configs {
			orDefault(&c.Namespace)
			c.Domain = "cluster.local"
			if c.CreationTimestamp.IsZero() {
				c.CreationTimestamp = appliedAt
			}
			m.configs = append(m.configs, c)
		}
	case meta.Kind == "Service" && meta.APIVersion == "v1":
		service := &corev1.Service{}
		if err := yaml.Unmarshal([]byte(document), service); err != nil {
			return err
		}
		orDefault(&service.Namespace)
		m.services = append(m.services, service)
	case meta.Kind == "Deployment":
		deployment := &appsv1.Deployment{}
		if err := yaml.Unmarshal([]byte(document), deployment); err != nil {
			return err
		}
		orDefault(&deployment.Namespace)
		m.deployments = append(m.deployments, deployment)
	case meta.Kind == "Namespace":
		namespace := &corev1.Namespace{}
		if err := yaml.Unmarshal([]byte(document), namespace); err != nil {
			return err
		}
		// Kubernetes writes this label.
		if namespace.Labels == nil {
			namespace.Labels = map[string]string{}
		}
		namespace.Labels["kubernetes.io/metadata.name"] = namespace.Name
		m.namespaces = append(m.namespaces, namespace)
	}
	return nil
}
