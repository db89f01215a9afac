package bench

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/scheduler/framework"

	"everynode.dev/oracle/kubernetes/cluster"
	"everynode.dev/oracle/kubernetes/ops"
)

// decisions are the nodes of the pending pods, in the order in which they are scheduled.
type decisions struct {
	Oracle string `json:"oracle"`
	size
	Schedule []decision `json:"schedule"`
}

type decision struct {
	Pod  string `json:"pod"`
	Node string `json:"node"`
}

func (w *workload) objects() cluster.Objects { return w.content }

// each passes on all objects, the pending pods last.
func (w *workload) each(emit func(runtime.Object) error) error {
	if err := w.content.Each(emit); err != nil {
		return err
	}
	for _, pod := range w.pending {
		if err := emit(pod); err != nil {
			return err
		}
	}
	return nil
}

func (w *workload) dump(c *cluster.Cluster, file string) error {
	answers := decisions{Oracle: ops.Version, size: w.size}
	decider := c.Decider()
	pods, err := w.prepare(decider)
	if err != nil {
		return err
	}
	for _, pod := range pods {
		node, err := decider.Decide(pod)
		if err != nil {
			return fmt.Errorf("pod %s is to fit: %w", pod.Pod.Name, err)
		}
		answers.Schedule = append(answers.Schedule, decision{pod.Pod.Namespace + "/" + pod.Pod.Name, node})
	}
	if err := decider.Forget(); err != nil {
		return err
	}
	return writeAnswers(file, w.each, answers)
}

func (w *workload) prepare(decider *cluster.Decider) ([]*framework.PodInfo, error) {
	var infos []*framework.PodInfo
	for _, pod := range w.pending {
		info, err := decider.Prepare(pod.DeepCopy())
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// measure lets the pending pods be scheduled one after the other, and takes
// them back when all are on nodes, which is not timed.
func (w *workload) measure(c *cluster.Cluster, length time.Duration) ([]rate, error) {
	decider := c.Decider()
	pods, err := w.prepare(decider)
	if err != nil {
		return nil, err
	}
	at := 0
	result, err := steady("schedule", length, func(watch *stopwatch) error {
		if at == len(pods) {
			at = 0
			if err := decider.Forget(); err != nil {
				return err
			}
		}
		part := pods[at:min(at+100, len(pods))]
		at += len(part)
		return watch.time(len(part), func() error {
			for _, pod := range part {
				if _, err := decider.Decide(pod); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return []rate{result}, err
}
