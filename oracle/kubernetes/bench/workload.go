package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	v1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"everynode.dev/oracle/kubernetes/cluster"
)

const (
	// apps is the number of applications; a constraint is a matter of the application, so that bound pods have it too.
	apps         = 60
	labelApp     = "app.kubernetes.io/name"
	storageClass = "gp3"
	csiDriver    = "ebs.csi.aws.com"
)

// workload is a cluster with room, and pods of its applications that are
// pending. Every one of them fits where it is tried after the one before.
type workload struct {
	size
	content cluster.Objects
	pending []*v1.Pod
}

func newWorkload(s size) *workload {
	w := &workload{size: s}
	for i := range 10 {
		w.content.Namespaces = append(w.content.Namespaces, &v1.Namespace{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
			ObjectMeta: metav1.ObjectMeta{Name: namespace(i), Labels: map[string]string{v1.LabelMetadataName: namespace(i)}},
		})
	}
	mode := storagev1.VolumeBindingWaitForFirstConsumer
	w.content.StorageClasses = []*storagev1.StorageClass{{
		TypeMeta:   metav1.TypeMeta{APIVersion: "storage.k8s.io/v1", Kind: "StorageClass"},
		ObjectMeta: metav1.ObjectMeta{Name: storageClass}, Provisioner: csiDriver, VolumeBindingMode: &mode,
	}}
	for i := range apps {
		if hasService(i) {
			w.content.Services = append(w.content.Services, &v1.Service{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
				ObjectMeta: metav1.ObjectMeta{Name: app(i), Namespace: namespace(i)},
				Spec:       v1.ServiceSpec{Selector: map[string]string{labelApp: app(i)}},
			})
		}
	}
	for i := range s.Nodes {
		r := rand.New(rand.NewPCG(s.Seed, uint64(i)))
		node := newNode(r, i, s.PodsPerNode)
		if s.Distinct {
			setApart(node, i)
		}
		w.content.Nodes = append(w.content.Nodes, node)
		w.content.CSINodes = append(w.content.CSINodes, newCSINode(node))
		w.bind(r, node)
	}
	for i := range s.Pending {
		r := rand.New(rand.NewPCG(s.Seed, 1<<62+uint64(i)))
		kind := r.IntN(apps)
		pod := w.newPod(r, kind, fmt.Sprintf("%s-new-%d", app(kind), i), pick(r, "a", "b", "c"),
			container(app(kind), pick(r, int64(50), 100, 100, 250, 500), pick(r, int64(64), 128, 256, 512)))
		pod.Status.Phase = v1.PodPending
		w.pending = append(w.pending, pod)
	}
	return w
}

func app(i int) string { return "app-" + strconv.Itoa(i) }

// hasService is true of 35 % of the applications: the defaults spread their pods.
func hasService(i int) bool { return i%20 < 7 }

// bind puts pods on the node that request 30 to 70 % of its cpu and memory.
func (w *workload) bind(r *rand.Rand, node *v1.Node) {
	cpus := split(r, node.Status.Allocatable.Cpu().MilliValue()*int64(30+r.IntN(41))/100, w.PodsPerNode)
	memories := split(r, node.Status.Allocatable.Memory().Value()/mi*int64(30+r.IntN(41))/100, w.PodsPerNode)
	zone := node.Labels[v1.LabelTopologyZone]
	for i := range w.PodsPerNode {
		kind := r.IntN(apps)
		name := fmt.Sprintf("%s-%s-%d", app(kind), node.Name, i)
		pod := w.newPod(r, kind, name, zone[len(zone)-1:], container(app(kind), cpus[i], memories[i]))
		pod.Spec.NodeName = node.Name
		pod.Status = v1.PodStatus{Phase: v1.PodRunning, StartTime: &pod.CreationTimestamp}
		w.content.Pods = append(w.content.Pods, pod)
		image := pod.Spec.Containers[0].Image
		node.Status.Images = append(node.Status.Images, v1.ContainerImage{Names: []string{image}, SizeBytes: int64(30+kind*10) * mi})
	}
}

// newPod is a pod of an application: 35 % of them are spread by their Service, 15 % have no constraint at all, 15 % are spread evenly
// over zones, 10 % keep apart and 10 % prefer to, 5 % each want the zone of another application, a kind of node, a volume.
func (w *workload) newPod(r *rand.Rand, i int, name, zone string, main v1.Container) *v1.Pod {
	labels := map[string]string{labelApp: app(i), "pod-template-hash": "5d4f8c7b9"}
	pod := boundPod(r, app(i), &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: "none.eu-west-3.compute.internal"}}, r.IntN(1000))
	pod.ObjectMeta.Name, pod.ObjectMeta.Namespace, pod.ObjectMeta.Labels = name, namespace(i), labels
	pod.Spec.NodeName, pod.Status = "", v1.PodStatus{}
	pod.Spec.Containers = []v1.Container{main}
	own := &metav1.LabelSelector{MatchLabels: map[string]string{labelApp: app(i)}}
	apart := v1.PodAffinityTerm{TopologyKey: v1.LabelHostname, LabelSelector: own}
	switch i % 20 {
	case 10, 11, 12:
		pod.Spec.TopologySpreadConstraints = []v1.TopologySpreadConstraint{
			{MaxSkew: 1, TopologyKey: v1.LabelTopologyZone, WhenUnsatisfiable: v1.DoNotSchedule, LabelSelector: own},
			{MaxSkew: 1, TopologyKey: v1.LabelHostname, WhenUnsatisfiable: v1.ScheduleAnyway, LabelSelector: own},
		}
	case 13, 14:
		pod.Spec.Affinity = &v1.Affinity{PodAntiAffinity: &v1.PodAntiAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: []v1.PodAffinityTerm{apart},
		}}
	case 15, 16:
		pod.Spec.Affinity = &v1.Affinity{PodAntiAffinity: &v1.PodAntiAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []v1.WeightedPodAffinityTerm{{Weight: 100, PodAffinityTerm: apart}},
		}}
	case 17:
		other := &metav1.LabelSelector{MatchLabels: map[string]string{labelApp: app(i - 10)}}
		pod.Spec.Affinity = &v1.Affinity{PodAffinity: &v1.PodAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: []v1.PodAffinityTerm{{
				TopologyKey: v1.LabelTopologyZone, LabelSelector: other, NamespaceSelector: &metav1.LabelSelector{},
			}},
		}}
	case 18:
		pod.Spec.NodeSelector = map[string]string{v1.LabelArchStable: "amd64"}
		pod.Spec.Affinity = &v1.Affinity{NodeAffinity: &v1.NodeAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []v1.PreferredSchedulingTerm{{Weight: 50, Preference: in("karpenter.sh/capacity-type", "on-demand")}},
		}}
		pod.Spec.Tolerations = []v1.Toleration{{Key: taintStable, Operator: v1.TolerationOpExists}}
	case 19:
		w.claim(pod, zone)
	}
	return pod
}

// claim gives the pod a volume of its own that is in the zone.
func (w *workload) claim(pod *v1.Pod, zone string) {
	name, class := "data-"+pod.Name, storageClass
	pod.Spec.Volumes = []v1.Volume{{Name: "data", VolumeSource: v1.VolumeSource{
		PersistentVolumeClaim: &v1.PersistentVolumeClaimVolumeSource{ClaimName: name},
	}}}
	modes := []v1.PersistentVolumeAccessMode{v1.ReadWriteOnce}
	capacity := v1.ResourceList{v1.ResourceStorage: resource.MustParse("10Gi")}
	w.content.PersistentVolumeClaims = append(w.content.PersistentVolumeClaims, &v1.PersistentVolumeClaim{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: pod.Namespace, UID: uid("claim/" + name),
			Annotations: map[string]string{"pv.kubernetes.io/bind-completed": "yes"}},
		Spec: v1.PersistentVolumeClaimSpec{StorageClassName: &class, AccessModes: modes, VolumeName: "volume-" + name,
			Resources: v1.VolumeResourceRequirements{Requests: capacity}},
		Status: v1.PersistentVolumeClaimStatus{Phase: v1.ClaimBound},
	})
	w.content.PersistentVolumes = append(w.content.PersistentVolumes, &v1.PersistentVolume{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolume"},
		ObjectMeta: metav1.ObjectMeta{Name: "volume-" + name},
		Spec: v1.PersistentVolumeSpec{
			Capacity: capacity, AccessModes: modes, StorageClassName: class,
			ClaimRef: &v1.ObjectReference{Namespace: pod.Namespace, Name: name, UID: uid("claim/" + name)},
			PersistentVolumeSource: v1.PersistentVolumeSource{CSI: &v1.CSIPersistentVolumeSource{
				Driver: csiDriver, VolumeHandle: "vol-" + name,
			}},
			NodeAffinity: &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{
				NodeSelectorTerms: []v1.NodeSelectorTerm{in(v1.LabelTopologyZone, "eu-west-3"+zone)},
			}},
		},
		Status: v1.PersistentVolumeStatus{Phase: v1.VolumeBound},
	})
}

func in(key, value string) v1.NodeSelectorTerm {
	return v1.NodeSelectorTerm{MatchExpressions: []v1.NodeSelectorRequirement{{
		Key: key, Operator: v1.NodeSelectorOpIn, Values: []string{value},
	}}}
}

func newCSINode(node *v1.Node) *storagev1.CSINode {
	count := int32(25)
	return &storagev1.CSINode{
		TypeMeta:   metav1.TypeMeta{APIVersion: "storage.k8s.io/v1", Kind: "CSINode"},
		ObjectMeta: metav1.ObjectMeta{Name: node.Name},
		Spec: storagev1.CSINodeSpec{Drivers: []storagev1.CSINodeDriver{{
			Name: csiDriver, NodeID: node.Name, TopologyKeys: []string{v1.LabelTopologyZone},
			Allocatable: &storagev1.VolumeNodeResources{Count: &count},
		}}},
	}
}
