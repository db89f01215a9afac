package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	v1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	"k8s.io/kubernetes/plugin/pkg/admission/defaulttolerationseconds"
	"k8s.io/kubernetes/plugin/pkg/admission/extendedresourcetoleration"
	"k8s.io/kubernetes/plugin/pkg/admission/podnodeselector"
	"k8s.io/kubernetes/plugin/pkg/admission/podtolerationrestriction"
	"k8s.io/kubernetes/plugin/pkg/admission/runtimeclass"
)

// orderedPlugins are those that change or read tolerations and node selectors, in the order of
// AllOrderedPlugins (pkg/kubeapiserver/options/plugins.go); the bool says if it is on by default.
var orderedPlugins = []struct {
	name      string
	register  func(*admission.Plugins)
	byDefault bool
}{
	{podnodeselector.PluginName, podnodeselector.Register, false},
	{defaulttolerationseconds.PluginName, defaulttolerationseconds.Register, true},
	{podtolerationrestriction.PluginName, podtolerationrestriction.Register, false},
	{extendedresourcetoleration.PluginName, extendedresourcetoleration.Register, false},
	{runtimeclass.PluginName, runtimeclass.Register, true},
}

// nameEnd stands for the random end of a generated name.
const nameEnd = "xxxxx"

type admissionPluginsInput struct {
	// Plugins are those that are on beside those that are on by default.
	Plugins   []string `json:"plugins,omitempty"`
	Namespace struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations,omitempty"`
	} `json:"namespace"`
	// PodNodeSelector is podNodeSelectorPluginConfig of the plugin's configuration.
	PodNodeSelector map[string]string `json:"podNodeSelector,omitempty"`
	// PodTolerationRestriction is the plugin's configuration.
	PodTolerationRestriction *struct {
		Default   []v1.Toleration `json:"default,omitempty"`
		Whitelist []v1.Toleration `json:"whitelist,omitempty"`
	} `json:"podTolerationRestriction,omitempty"`
	RuntimeClasses []nodev1.RuntimeClass `json:"runtimeClasses,omitempty"`
	Pod            v1.Pod                `json:"pod"`
}

// admissionPluginsAnswer is what is stored, or the status that the server answers with.
type admissionPluginsAnswer struct {
	NodeSelector map[string]string `json:"nodeSelector,omitempty"`
	Tolerations  []v1.Toleration   `json:"tolerations,omitempty"`
	Error        string            `json:"error,omitempty"`
	Code         int32             `json:"code,omitempty"`
}

func admissionPlugins(in admissionPluginsInput) (admissionPluginsAnswer, error) {
	pod := in.Pod.DeepCopy()
	pod.Namespace = in.Namespace.Name
	legacyscheme.Scheme.Default(pod)
	object := &core.Pod{}
	if err := legacyscheme.Scheme.Convert(pod, object, nil); err != nil {
		return admissionPluginsAnswer{}, err
	}
	chain, err := chainOf(in)
	if err != nil {
		return admissionPluginsAnswer{}, err
	}
	if err := admit(chain, object); err != nil {
		return refusal(err), nil
	}
	stored := &v1.Pod{}
	if err := legacyscheme.Scheme.Convert(object, stored, nil); err != nil {
		return admissionPluginsAnswer{}, err
	}
	return admissionPluginsAnswer{NodeSelector: stored.Spec.NodeSelector, Tolerations: stored.Spec.Tolerations}, nil
}

// admit does what a create does: plugins that change, the name, validation, plugins that validate.
func admit(chain admission.Interface, pod *core.Pod) error {
	ctx := context.Background()
	attributes := func() admission.Attributes {
		return admission.NewAttributesRecord(pod, nil, core.SchemeGroupVersion.WithKind("Pod"), pod.Namespace, pod.Name,
			core.SchemeGroupVersion.WithResource("pods"), "", admission.Create, &metav1.CreateOptions{}, false, nil)
	}
	if err := chain.(admission.MutationInterface).Admit(ctx, attributes(), nil); err != nil {
		return err
	}
	if pod.Name == "" {
		pod.Name = pod.GenerateName + nameEnd
	}
	pod.Status = core.PodStatus{}
	options := podutil.GetValidationOptionsFromPodSpecAndMeta(&pod.Spec, nil, &pod.ObjectMeta, nil)
	if errs := validation.ValidatePodCreate(pod, options); len(errs) > 0 {
		return apierrors.NewInvalid(core.Kind("Pod"), pod.Name, errs)
	}
	return chain.(admission.ValidationInterface).Validate(ctx, attributes(), nil)
}

// refusal is the status that ErrorToAPIStatus (apiserver, pkg/endpoints/handlers/responsewriters/status.go) makes of an error.
func refusal(err error) admissionPluginsAnswer {
	if status, ok := err.(apierrors.APIStatus); ok {
		return admissionPluginsAnswer{Error: status.Status().Message, Code: status.Status().Code}
	}
	return admissionPluginsAnswer{Error: err.Error(), Code: 500}
}

func chainOf(in admissionPluginsInput) (admission.Interface, error) {
	on := map[string]bool{}
	for _, name := range in.Plugins {
		on[name] = true
	}
	plugins := admission.NewPlugins()
	names := []string{}
	for _, plugin := range orderedPlugins {
		plugin.register(plugins)
		if plugin.byDefault || on[plugin.name] {
			names = append(names, plugin.name)
		}
		delete(on, plugin.name)
	}
	for name := range on {
		return nil, fmt.Errorf("unknown plugin %q", name)
	}
	lists, err := listsOf(in)
	if err != nil {
		return nil, err
	}
	return plugins.NewFromPlugins(names, configurations(in.configurations()), lists, nil)
}

// configurations are the texts of the plugins' configuration files.
type configurations map[string]any

func (in admissionPluginsInput) configurations() map[string]any {
	files := map[string]any{}
	if in.PodNodeSelector != nil {
		files[podnodeselector.PluginName] = map[string]any{"podNodeSelectorPluginConfig": in.PodNodeSelector}
	}
	if config := in.PodTolerationRestriction; config != nil {
		files[podtolerationrestriction.PluginName] = map[string]any{
			"apiVersion": "podtolerationrestriction.admission.k8s.io/v1alpha1", "kind": "Configuration",
			"default": config.Default, "whitelist": config.Whitelist,
		}
	}
	return files
}

func (c configurations) ConfigFor(name string) (io.Reader, error) {
	file, ok := c[name]
	if !ok {
		return nil, nil
	}
	text, err := json.Marshal(file)
	return bytes.NewReader(text), err
}

// lists hands informers to plugins that hold the input already and need no watch.
type lists struct {
	informers.SharedInformerFactory
	client kubernetes.Interface
}

func listsOf(in admissionPluginsInput) (lists, error) {
	client := fake.NewSimpleClientset()
	factory := informers.NewSharedInformerFactory(client, 0)
	namespace := &v1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: in.Namespace.Name, Annotations: in.Namespace.Annotations}}
	if err := factory.Core().V1().Namespaces().Informer().GetStore().Add(namespace); err != nil {
		return lists{}, err
	}
	for i := range in.RuntimeClasses {
		legacyscheme.Scheme.Default(&in.RuntimeClasses[i])
		if err := factory.Node().V1().RuntimeClasses().Informer().GetStore().Add(&in.RuntimeClasses[i]); err != nil {
			return lists{}, err
		}
	}
	return lists{factory, client}, nil
}

func (l lists) Initialize(plugin admission.Interface) {
	if wants, ok := plugin.(initializer.WantsExternalKubeClientSet); ok {
		wants.SetExternalKubeClientSet(l.client)
	}
	if wants, ok := plugin.(initializer.WantsExternalKubeInformerFactory); ok {
		wants.SetExternalKubeInformerFactory(l.SharedInformerFactory)
	}
	if wants, ok := plugin.(initializer.WantsFeatures); ok {
		wants.InspectFeatureGates(feature.DefaultFeatureGate)
	}
	if wants, ok := plugin.(interface{ SetReadyFunc(admission.ReadyFunc) }); ok {
		wants.SetReadyFunc(func() bool { return true })
	}
}
