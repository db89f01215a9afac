package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	awsv1 "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"github.com/aws/karpenter-provider-aws/pkg/operator/options"
	"github.com/aws/karpenter-provider-aws/pkg/providers/instancetype"
	"k8s.io/apimachinery/pkg/api/resource"
)

// settingsLine is one instance type under one EC2NodeClass.
type settingsLine struct {
	ID     string        `json:"id"`
	Op     string        `json:"op"`
	Oracle string        `json:"oracle"`
	Input  settingsInput `json:"input"`
	Expect family        `json:"expect"`
}

type settingsInput struct {
	Name      string          `json:"name"`
	NodeClass nodeClass       `json:"nodeClass"`
	Options   settingsOptions `json:"options"`
}

// nodeClass is an EC2NodeClass with the fields that capacity and overhead depend on.
type nodeClass struct {
	Spec nodeClassSpec `json:"spec"`
}

type nodeClassSpec struct {
	AMIFamily           *string                     `json:"amiFamily,omitempty"`
	AMISelectorTerms    []map[string]string         `json:"amiSelectorTerms,omitempty"`
	Kubelet             *awsv1.KubeletConfiguration `json:"kubelet,omitempty"`
	BlockDeviceMappings []*awsv1.BlockDeviceMapping `json:"blockDeviceMappings,omitempty"`
	InstanceStorePolicy *awsv1.InstanceStorePolicy  `json:"instanceStorePolicy,omitempty"`
	NetworkInterfaces   []*awsv1.NetworkInterface   `json:"networkInterfaces,omitempty"`
}

type settingsOptions struct {
	VMMemoryOverheadPercent float64 `json:"vmMemoryOverheadPercent"`
	ReservedENIs            int     `json:"reservedEnis"`
}

// writeSettings answers count cases of random types and settings. Each depends on the seed and its own number only.
func writeSettings(types []facts, seed uint64, count int) error {
	var known []facts
	for _, f := range types {
		if f.ENI != nil {
			known = append(known, f)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for i := range count {
		g := generator{rand.New(rand.NewPCG(seed, uint64(i)))}
		f := known[g.IntN(len(known))]
		amiFamily, input := g.settings(f.Name)
		line := settingsLine{
			ID: fmt.Sprintf("aws-node-class-%d-%d", seed, i), Op: "aws-node-class", Oracle: "karpenter-provider-aws v1.14.1",
			Input: input, Expect: resolveSettings(f, amiFamily, input),
		}
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func resolveSettings(f facts, amiFamily string, input settingsInput) family {
	ctx := options.ToContext(context.Background(), &options.Options{
		VMMemoryOverheadPercent: input.Options.VMMemoryOverheadPercent, ReservedENIs: input.Options.ReservedENIs,
	})
	spec := input.NodeClass.Spec
	kc := spec.Kubelet
	if kc == nil {
		kc = &awsv1.KubeletConfiguration{}
	}
	facts := info(f)
	if size, err := strconv.ParseInt(f.Labels["karpenter.k8s.aws/instance-local-nvme"], 10, 64); err == nil {
		facts.InstanceStorageInfo = &ec2types.InstanceStorageInfo{NvmeSupport: ec2types.EphemeralNvmeSupportRequired, TotalSizeInGB: aws.Int64(size)}
	}
	it := instancetype.NewInstanceType(ctx, facts, "region", nil, nil, spec.BlockDeviceMappings, spec.InstanceStorePolicy, spec.NetworkInterfaces,
		kc.MaxPods, kc.PodsPerCore, kc.KubeReserved, kc.SystemReserved, kc.EvictionHard, kc.EvictionSoft, amiFamily, nil)
	return family{Capacity: quantities(it.Capacity), Allocatable: quantities(it.Allocatable())}
}

// generator builds one case.
type generator struct{ *rand.Rand }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g generator, values ...T) T { return values[g.IntN(len(values))] }

// settings makes an EC2NodeClass and says which AMI family it means.
func (g generator) settings(name string) (string, settingsInput) {
	families := []string{awsv1.AMIFamilyAL2, awsv1.AMIFamilyAL2023, awsv1.AMIFamilyBottlerocket, awsv1.AMIFamilyCustom,
		awsv1.AMIFamilyWindows2019, awsv1.AMIFamilyWindows2022, awsv1.AMIFamilyWindows2025}
	amiFamily := pick(g, families...)
	input := settingsInput{Name: name, Options: settingsOptions{
		VMMemoryOverheadPercent: pick(g, 0.075, 0.075, 0, 0.05, 0.1, 0.0333, 0.2), ReservedENIs: pick(g, 0, 0, 0, 1, 2, 5, 100),
	}}
	spec := &input.NodeClass.Spec
	if amiFamily != awsv1.AMIFamilyCustom && g.chance(50) {
		spec.AMISelectorTerms = []map[string]string{{"alias": aliases[amiFamily] + "@latest"}}
	} else {
		spec.AMIFamily = aws.String(amiFamily)
	}
	if g.chance(80) {
		spec.Kubelet = g.kubelet()
	}
	for range g.IntN(4) {
		spec.BlockDeviceMappings = append(spec.BlockDeviceMappings, g.blockDevice())
	}
	if g.chance(25) {
		policy := awsv1.InstanceStorePolicyRAID0
		spec.InstanceStorePolicy = &policy
	}
	if g.chance(20) {
		for range 1 + g.IntN(4) {
			kind := pick(g, awsv1.InterfaceTypeEFAOnly, awsv1.InterfaceTypeInterface)
			spec.NetworkInterfaces = append(spec.NetworkInterfaces, &awsv1.NetworkInterface{NetworkCardIndex: int32(g.IntN(2)), InterfaceType: kind})
		}
	}
	return amiFamily, input
}

var aliases = map[string]string{
	awsv1.AMIFamilyAL2: "al2", awsv1.AMIFamilyAL2023: "al2023", awsv1.AMIFamilyBottlerocket: "bottlerocket",
	awsv1.AMIFamilyWindows2019: "windows2019", awsv1.AMIFamilyWindows2022: "windows2022", awsv1.AMIFamilyWindows2025: "windows2025",
}

func (g generator) kubelet() *awsv1.KubeletConfiguration {
	kc := &awsv1.KubeletConfiguration{}
	if g.chance(40) {
		kc.MaxPods = aws.Int32(pick[int32](g, 0, 8, 20, 58, 110, 250))
	}
	if g.chance(30) {
		kc.PodsPerCore = aws.Int32(pick[int32](g, 0, 1, 4, 10))
	}
	reserved := func() map[string]string {
		list := map[string]string{}
		if g.chance(60) {
			list["cpu"] = pick(g, "100m", "1", "0.25", "1500m")
		}
		if g.chance(60) {
			list["memory"] = pick(g, "100Mi", "1Gi", "0.5Gi", "200M", "1500000k")
		}
		if g.chance(40) {
			list["ephemeral-storage"] = pick(g, "1Gi", "2G", "500Mi")
		}
		if g.chance(10) {
			list["pid"] = "1000"
		}
		return list
	}
	signals := func() map[string]string {
		list := map[string]string{}
		if g.chance(70) {
			list["memory.available"] = pick(g, "5%", "10%", "0%", "100%", "7.5%", "33.3%", "500Mi", "1Gi", "100M")
		}
		if g.chance(60) {
			list["nodefs.available"] = pick(g, "10%", "15%", "100%", "2.5%", "1Gi", "3G")
		}
		if g.chance(20) {
			list["imagefs.available"] = "15%"
		}
		return list
	}
	if g.chance(50) {
		kc.KubeReserved = reserved()
	}
	if g.chance(50) {
		kc.SystemReserved = reserved()
	}
	if g.chance(60) {
		kc.EvictionHard = signals()
	}
	if g.chance(30) {
		kc.EvictionSoft = signals()
	}
	return kc
}

func (g generator) blockDevice() *awsv1.BlockDeviceMapping {
	mapping := &awsv1.BlockDeviceMapping{
		DeviceName: aws.String(pick(g, "/dev/xvda", "/dev/xvdb", "/dev/sda1", "/dev/sdf")), RootVolume: g.chance(15), EBS: &awsv1.BlockDevice{},
	}
	if g.chance(80) {
		size := resource.MustParse(pick(g, "4Gi", "20Gi", "100Gi", "100G", "1Ti", "59G"))
		mapping.EBS.VolumeSize = &size
	}
	return mapping
}
