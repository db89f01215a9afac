package cluster

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"

	"everynode.dev/oracle/kubernetes/version"
)

// Decider makes whole decisions with the default profile, without recorders,
// queue and binding: an assumed pod counts for the next one.
type Decider struct {
	ctx      context.Context
	cluster  *Cluster
	profile  framework.Framework
	snapshot *internalcache.Snapshot
	assumed  []*v1.Pod
}

// Decider starts from the cluster as it is.
func (c *Cluster) Decider() *Decider {
	profile := c.scheduler.Profiles[v1.DefaultSchedulerName].(*recordingFramework).Framework
	c.cycle = &Cycle{}
	return &Decider{ctx: c.ctx, cluster: c, profile: profile, snapshot: profile.SnapshotSharedLister().(*internalcache.Snapshot)}
}

// Prepare is what the queue does with a pod when it comes.
func (d *Decider) Prepare(pod *v1.Pod) (*framework.PodInfo, error) {
	complete(pod)
	return framework.NewPodInfo(pod)
}

// Decide updates the snapshot, schedules the pod and assumes it on the node
// that it returns. No plugin reserves anything.
func (d *Decider) Decide(info *framework.PodInfo) (string, error) {
	scheduler := d.cluster.scheduler
	if err := scheduler.Cache.UpdateSnapshot(klog.Background(), d.snapshot); err != nil {
		return "", err
	}
	host, err := version.SchedulePod(d.ctx, scheduler, d.profile, framework.NewCycleState(), info)
	if err != nil {
		return "", err
	}
	pod := info.Pod.DeepCopy()
	pod.Spec.NodeName = host
	d.assumed = append(d.assumed, pod)
	return host, scheduler.Cache.AssumePod(klog.Background(), pod)
}

// Forget takes all assumed pods back.
func (d *Decider) Forget() error {
	for _, pod := range d.assumed {
		if err := d.cluster.scheduler.Cache.ForgetPod(klog.Background(), pod); err != nil {
			return err
		}
	}
	d.assumed = nil
	return nil
}
